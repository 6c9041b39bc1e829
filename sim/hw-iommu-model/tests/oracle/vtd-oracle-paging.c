/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Walks of second-stage and first-stage tables (VT-d 5.10 sections 3.6, 3.7,
 * 3.8, 9.7, 9.8), as told by the specification's fault conditions.
 */
#include "vtd-oracle-internal.h"

/* ---- second-stage entries ---- */

#define SS_A (UINT64_C(1) << 8)
#define SS_D (UINT64_C(1) << 9)

static bool ss_read(const struct ss_tables *ss, uint64_t e)
{
	return ss->irw ? bit(e, 61) : bit(e, 0);
}

static bool ss_write(const struct ss_tables *ss, uint64_t e)
{
	return ss->irw ? bit(e, 62) : bit(e, 1);
}

/* Level 1 is the SS-PTE, 2 the SS-PDE, 3 the SS-PDPE; 4 and 5 never map */
static bool ss_is_leaf(unsigned int level, uint64_t e)
{
	return level == 1 || (level <= 3 && bit(e, 7));
}

static bool ss_reserved(const struct run *r, const struct ss_tables *ss,
			unsigned int level, uint64_t e)
{
	if (r->c->haw < 52 && bits(e, 51, r->c->haw))
		return true;
	if (!ss->irw && bit(e, 62))
		return true;
	if (level >= 4 && bit(e, 7))
		return true;
	if (!ss_is_leaf(level, e))
		return bit(e, 11);
	if (bit(e, 11) && !ecap_sc(r->c))
		return true;
	if (level == 3)
		return !cap_1g(r->c) || bits(e, 29, 12);
	if (level == 2)
		return !cap_2m(r->c) || bits(e, 20, 12);
	return false;
}

/* What a second-stage walk is made for */
enum ss_purpose {
	FOR_PAGE,		/* the request's own address */
	FOR_ROOT_TABLE,		/* first-stage entry in the table of FSPTPTR */
	FOR_LOWER_TABLE,	/* any other first-stage entry */
};

struct ss_result {
	uint64_t out;
	unsigned int shift;
	bool r, w, snp;
	uint64_t leaf_addr, leaf;
};

/* Fault reasons for the rights that @have lacks, none when it suffices */
static void ss_lacking(const struct run *r, const struct ss_tables *ss,
		       enum ss_purpose purpose, bool need_r, bool need_w,
		       bool have_r, bool have_w, struct codes *found)
{
	found->n = 0;

	if (!ss->legacy && !have_r && !have_w) {
		add_code(found, true, 0x79);			/* SSS.2 */
		return;
	}
	if (purpose != FOR_PAGE) {
		/* read; read+write when SSADE=1 (section 3.8.1) */
		if (have_r && (have_w || !ss->ad))
			return;
		add_code(found, true,
			 purpose == FOR_ROOT_TABLE ? 0x75 : 0x76);
		/* only one of two rights granted: text is silent which */
		add_code(found, true, 0x77);
		add_code(found, true, 0x79);
		return;
	}
	if (r->q->kind == ORACLE_TRANSLATION) {
		/* not a fault until nothing that was wanted is left */
		if ((need_r && have_r) || (need_w && have_w))
			return;
		add_code(found, true, ss->legacy ? 0x06 : 0x86);
		return;
	}
	if (need_r && !have_r && r->q->zero_length && cap_zlr(r->c))
		have_r = have_w;
	add_code(found, need_w && !have_w, ss->legacy ? 0x05 : 0x85);
	add_code(found, need_r && !have_r, ss->legacy ? 0x06 : 0x86);
}

/* An update of @entry is needed: what stands in its way */
static uint8_t ss_update_problem(struct run *r, const struct ss_tables *ss,
				 uint64_t entry)
{
	if (!ss->snooped)
		return 0x7c;					/* SSS.5 */
	if (!r->m->writable(r->m->opaque, entry))
		return 0x7d;					/* SSS.6 */
	return 0;
}

static uint8_t ss_walk(struct run *r, const struct ss_tables *ss, uint64_t in,
		       enum ss_purpose purpose, bool need_r, bool need_w,
		       struct ss_result *res)
{
	struct codes later = { .n = 0 }, found;
	uint64_t table = ss->ptr;
	bool have_r = true, have_w = true;

	for (unsigned int level = ss->levels; ; level--) {
		unsigned int low = 12 + 9 * (level - 1);
		uint64_t addr = table + 8 * bits(in, low + 8, low);
		uint64_t e;

		if (!load64(r, addr, &e)) {
			if (level == ss->levels)
				return ss->legacy ? 0x03 : 0x7b; /* LCT.4.3, SSS.4 */
			return ss->legacy ? 0x07 : 0x78;	/* LSS.1, SSS.1 */
		}

		have_r = have_r && ss_read(ss, e);
		have_w = have_w && ss_write(ss, e);
		ss_lacking(r, ss, purpose, need_r, need_w, have_r, have_w,
			   &found);

		/* not present: the rest of the entry means nothing */
		if (!ss_read(ss, e) && !ss_write(ss, e)) {
			for (unsigned int i = 0; i < later.n; i++)
				add_code(&found, ss->legacy, later.code[i]);
			return pick(r->ch, &found);
		}
		/*
		 * A right lost here may be reported here, or at the leaf if
		 * nothing worse turns up before.
		 */
		if (found.n && found.code[0] == 0x79)
			later.n = 0;
		if (report_now(r, &later, &found))
			return pick(r->ch, &found);

		if (ss_reserved(r, ss, level, e))
			return ss->legacy ? 0x0c : 0x7a;	/* LSS.2, SSS.3 */

		if (ss->ad && !(e & SS_A)) {
			found.n = 0;
			note_update(r, addr, SS_A, SS_A);
			add_code(&found, ss_update_problem(r, ss, addr),
				 ss_update_problem(r, ss, addr));
			if (report_now(r, &r->updates, &found))
				return pick(r->ch, &found);
		}

		if (ss_is_leaf(level, e)) {
			uint64_t frame = bits(e, 51, 12) << 12;
			uint64_t offset = bits(in, low - 1, 0);

			if (later.n)
				return pick(r->ch, &later);
			res->out = (frame & ~((UINT64_C(1) << low) - 1)) | offset;
			res->shift = low;
			res->r = have_r;
			res->w = have_w;
			res->snp = bit(e, 11);
			res->leaf_addr = addr;
			res->leaf = e;
			return 0;
		}
		table = bits(e, 51, 12) << 12;
	}
}

/* D in the second-stage leaf, once it is known that the write will happen */
static void ss_set_dirty(struct run *r, const struct ss_tables *ss,
			 const struct ss_result *res)
{
	uint8_t problem;

	if (!ss->ad || (res->leaf & SS_D))
		return;
	note_update(r, res->leaf_addr, SS_D, 0);
	problem = ss_update_problem(r, ss, res->leaf_addr);
	add_code(&r->updates, problem, problem);
}

uint8_t second_stage_only(struct run *r, const struct ss_tables *ss,
			  struct mapping *map)
{
	struct ss_result res;
	uint8_t code;

	code = ss_walk(r, ss, r->q->addr, FOR_PAGE, wants_read(r),
		       wants_write(r), &res);
	if (code)
		return code;
	map->out = res.out;
	map->shift = res.shift;
	map->r = res.r;
	map->w = res.w;
	map->snp = res.snp;
	if (wants_write(r) && res.w)
		ss_set_dirty(r, ss, &res);
	return 0;
}

/* ---- first-stage entries ---- */

#define FS_A (UINT64_C(1) << 5)
#define FS_D (UINT64_C(1) << 6)
#define FS_EA (UINT64_C(1) << 10)

static bool fs_is_leaf(unsigned int level, uint64_t e)
{
	return level == 1 || (level <= 3 && bit(e, 7));
}

static bool fs_reserved(const struct run *r, unsigned int level, uint64_t e)
{
	if (r->c->haw < 52 && bits(e, 51, r->c->haw))
		return true;
	if (level >= 4)
		return bit(e, 7);
	if (level == 3 && bit(e, 7))
		return !cap_fs1gp(r->c) || bits(e, 29, 13);
	if (level == 2 && bit(e, 7))
		return bits(e, 20, 13);
	return false;
}

static unsigned int ss_input_bits(const struct run *r,
				  const struct ss_tables *ss)
{
	unsigned int agaw = 12 + 9 * ss->levels;

	return mgaw(r->c) < agaw ? mgaw(r->c) : agaw;
}

static bool canonical(uint64_t addr, unsigned int n)
{
	uint64_t top = bits(addr, 63, n - 1);

	return top == 0 || top == bits(~UINT64_C(0), 63, n - 1);
}

uint8_t first_stage(struct run *r, const struct fs_tables *fs,
		    const struct ss_tables *nested, struct mapping *map)
{
	uint64_t in = r->q->addr, table = fs->ptr, entry_addr, e;
	bool user_ok = true, rw_ok = true, fs_w;
	struct ss_result table_page, page;
	struct codes found;
	unsigned int level, low;
	uint8_t code;

	if (!canonical(in, 12 + 9 * fs->levels))
		return 0x80;					/* SGN.1 */

	for (level = fs->levels; ; level--) {
		bool top = level == fs->levels;
		uint64_t need;

		low = 12 + 9 * (level - 1);
		entry_addr = table + 8 * bits(in, low + 8, low);

		if (nested) {
			code = ss_walk(r, nested, entry_addr,
				       top ? FOR_ROOT_TABLE : FOR_LOWER_TABLE,
				       true, nested->ad, &table_page);
			if (code)
				return code;
			entry_addr = table_page.out;
			/*
			 * The read counts as a write when SSADE=1; whether it
			 * also sets D by itself is open.
			 */
			if (nested->ad && !(table_page.leaf & SS_D)) {
				note_update(r, table_page.leaf_addr, 0, SS_D);
				code = ss_update_problem(r, nested,
							 table_page.leaf_addr);
				if (code && choose(r->ch, 2))
					return code;
			}
		}

		if (!load64(r, entry_addr, &e))
			return top ? 0x73 : 0x70;		/* SFS.4, SFS.1 */
		if (!bit(e, 0))
			return 0x71;				/* SFS.2 */

		found.n = 0;
		add_code(&found, fs_reserved(r, level, e), 0x72); /* SFS.3 */
		add_code(&found, nested && beyond(bits(e, 51, 12) << 12,
						  ss_input_bits(r, nested)),
			 0x74);					/* SFS.5 */
		if (found.n)
			return pick(r->ch, &found);

		user_ok = user_ok && bit(e, 2);
		rw_ok = rw_ok && bit(e, 1);
		fs_w = rw_ok || (r->privileged && !fs->wpe);

		found.n = 0;
		add_code(&found, !r->privileged && !user_ok, 0x81); /* SGN.2 */
		if (!found.n)
			add_code(&found, r->q->kind != ORACLE_TRANSLATION &&
				 wants_write(r) && !fs_w, 0x85);  /* SGN.6 */
		if (report_now(r, &r->fs_rights, &found))
			return pick(r->ch, &found);

		/* A, and EA, before the entry is used */
		need = FS_A | (fs->eafe ? FS_EA : 0);
		if ((e & need) != need) {
			note_update(r, entry_addr, need, need);
			found.n = 0;
			add_code(&found, !fs->snooped, 0x90);	/* SFS.9 */
			add_code(&found, nested && !table_page.w, 0x77);
			if (!found.n)
				add_code(&found,
					 !r->m->writable(r->m->opaque,
							 entry_addr),
					 0x91);			/* SFS.10 */
			if (report_now(r, &r->updates, &found))
				return pick(r->ch, &found);
			if (nested)
				ss_set_dirty(r, nested, &table_page);
		}

		if (fs_is_leaf(level, e))
			break;
		table = bits(e, 51, 12) << 12;
	}

	map->out = ((bits(e, 51, 12) << 12) & ~((UINT64_C(1) << low) - 1)) |
		   bits(in, low - 1, 0);
	map->shift = low;
	map->r = true;
	map->w = fs_w;
	map->snp = false;

	if (nested) {
		if (r->fs_rights.n && choose(r->ch, 2))
			return pick(r->ch, &r->fs_rights);
		code = ss_walk(r, nested, map->out, FOR_PAGE, wants_read(r),
			       wants_write(r) && (fs_w || r->q->kind !=
						  ORACLE_TRANSLATION), &page);
		/* an update that was owed before may be found out after this walk */
		if (code && r->updates.n && choose(r->ch, 2))
			return pick(r->ch, &r->updates);
		if (code)
			return code;
		map->out = page.out;
		if (page.shift < map->shift)
			map->shift = page.shift;
		map->r = page.r;
		map->w = fs_w && page.w;
		map->snp = page.snp;
	}
	if (r->fs_rights.n)
		return pick(r->ch, &r->fs_rights);

	if (wants_write(r) && map->w) {
		if (!(e & FS_D)) {
			note_update(r, entry_addr, FS_D, 0);
			add_code(&r->updates, !fs->snooped, 0x90);
			add_code(&r->updates, nested && !table_page.w, 0x77);
			if (fs->snooped && !(nested && !table_page.w))
				add_code(&r->updates,
					 !r->m->writable(r->m->opaque,
							 entry_addr), 0x91);
			if (nested)
				ss_set_dirty(r, nested, &table_page);
		}
		if (nested)
			ss_set_dirty(r, nested, &page);
	}
	return 0;
}
