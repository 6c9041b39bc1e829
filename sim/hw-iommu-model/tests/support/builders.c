/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "builders.h"

#include "hwiommu/bits.h"

static uint64_t root_entry(struct bench *b, uint8_t bus)
{
	if (!b->root)
		b->root = bench_alloc(b, 1);
	return b->root + (uint64_t)bus * VTD_ROOT_ENTRY_SIZE;
}

uint64_t build_root(struct bench *b, uint8_t bus)
{
	uint64_t at = root_entry(b, bus);

	if (!(bench_r64(b, at) & VTD_ROOT_Q0_P))
		bench_w64(b, at, bench_alloc(b, 1) | VTD_ROOT_Q0_P);
	return at;
}

uint64_t build_context_raw(struct bench *b, uint16_t sid, uint64_t lo, uint64_t hi)
{
	uint64_t table = bench_r64(b, build_root(b, (uint8_t)(sid >> 8))) & VTD_ROOT_Q0_CTP;
	uint64_t at = table + (sid & 0xffu) * VTD_CTX_ENTRY_SIZE;

	bench_w64(b, at, lo);
	bench_w64(b, at + 8, hi);
	return at;
}

uint64_t build_context(struct bench *b, uint16_t sid, unsigned int tt, unsigned int aw,
		       uint32_t did, uint64_t ssptptr)
{
	return build_context_raw(b, sid, VTD_CTX_L0_P | HWI_PUT(VTD_CTX_L0_TT, tt) | ssptptr,
				 HWI_PUT(VTD_CTX_L1_AW, aw) | HWI_PUT(VTD_CTX_L1_DID, did));
}

uint64_t build_sroot(struct bench *b, uint16_t sid)
{
	uint64_t at = root_entry(b, (uint8_t)(sid >> 8)) + (sid & VTD_SROOT_DEVFN_UPPER ? 8 : 0);

	if (!(bench_r64(b, at) & VTD_SROOT_P))
		bench_w64(b, at, bench_alloc(b, 1) | VTD_SROOT_P);
	return at;
}

static uint64_t scontext(struct bench *b, uint16_t sid)
{
	uint64_t table = bench_r64(b, build_sroot(b, sid)) & VTD_SROOT_CTP;

	return table + (sid & 0x7fu) * VTD_SCTX_ENTRY_SIZE;
}

uint64_t build_scontext(struct bench *b, uint16_t sid, uint64_t q0_bits, unsigned int pdts,
			uint64_t q1)
{
	uint64_t at = scontext(b, sid);
	uint64_t entries = UINT64_C(1) << (pdts + 7);
	uint64_t pages = (entries * VTD_PDE_ENTRY_SIZE + VTD_PAGE_SIZE - 1) / VTD_PAGE_SIZE;

	bench_w64(b, at,
		  VTD_SCTX_Q0_P | q0_bits | HWI_PUT(VTD_SCTX_Q0_PDTS, pdts) |
			  bench_alloc(b, (unsigned int)pages));
	bench_w64(b, at + 8, q1);
	return at;
}

uint64_t build_pasid_dir(struct bench *b, uint16_t sid, uint32_t pasid)
{
	uint64_t dir = bench_r64(b, scontext(b, sid)) & VTD_SCTX_Q0_PASIDDIRPTR;
	uint64_t at = dir + (uint64_t)VTD_PASID_DIR_INDEX(pasid) * VTD_PDE_ENTRY_SIZE;

	assert_int_not_equal(dir, 0);
	if (!(bench_r64(b, at) & VTD_PDE_P))
		bench_w64(b, at, bench_alloc(b, 1) | VTD_PDE_P);
	return at;
}

uint64_t build_pasid(struct bench *b, uint16_t sid, uint32_t pasid, const uint64_t pe[8])
{
	uint64_t table = bench_r64(b, build_pasid_dir(b, sid, pasid)) & VTD_PDE_SMPTBLPTR;
	uint64_t at = table + (uint64_t)VTD_PASID_TABLE_INDEX(pasid) * VTD_PE_ENTRY_SIZE;

	for (unsigned int i = 0; i < VTD_PE_QWORDS; i++)
		bench_w64(b, at + 8 * (uint64_t)i, pe[i]);
	return at;
}

/* Tables are snooped, so that accessed and dirty bits can be set in them. */
static struct build_pe pe(unsigned int pgtt, uint32_t did)
{
	return (struct build_pe){ .q = {
		VTD_PE_Q0_P | HWI_PUT(VTD_PE_Q0_PGTT, pgtt),
		HWI_PUT(VTD_PE_Q1_DID, did) | VTD_PE_Q1_PWSNP,
	} };
}

struct build_pe pe_second_stage(uint32_t did, unsigned int aw, uint64_t ssptptr)
{
	struct build_pe p = pe(VTD_PGTT_SS, did);

	p.q[0] |= HWI_PUT(VTD_PE_Q0_AW, aw) | ssptptr;
	return p;
}

struct build_pe pe_first_stage(uint32_t did, unsigned int fspm, uint64_t fsptptr)
{
	struct build_pe p = pe(VTD_PGTT_FS, did);

	p.q[2] |= HWI_PUT(VTD_PE_Q2_FSPM, fspm) | fsptptr;
	return p;
}

struct build_pe pe_nested(uint32_t did, unsigned int aw, uint64_t ssptptr, unsigned int fspm,
			  uint64_t fsptptr)
{
	struct build_pe p = pe(VTD_PGTT_NESTED, did);

	p.q[0] |= HWI_PUT(VTD_PE_Q0_AW, aw) | ssptptr;
	p.q[2] |= HWI_PUT(VTD_PE_Q2_FSPM, fspm) | fsptptr;
	return p;
}

struct build_pe pe_pass_through(uint32_t did)
{
	return pe(VTD_PGTT_PT, did);
}

static uint64_t slot(uint64_t table, uint64_t addr, unsigned int level)
{
	uint64_t index = (addr >> VTD_PT_LEVEL_SHIFT(level)) % VTD_PT_ENTRIES;

	return table + index * 8;
}

/* Both stages: @present is what a table entry on the way carries and is known by. */
static uint64_t build(struct bench *b, uint64_t root, unsigned int levels, uint64_t addr,
		      unsigned int leaf, uint64_t entry, uint64_t present, uint64_t offset)
{
	uint64_t table = root - offset;
	unsigned int level;

	for (level = levels; level > leaf; level--) {
		uint64_t at = slot(table, addr, level);

		if (!(bench_r64(b, at) & present))
			bench_w64(b, at, (bench_alloc(b, 1) + offset) | present);
		table = (bench_r64(b, at) & VTD_FS_ADDR) - offset;
	}
	bench_w64(b, slot(table, addr, leaf), entry);
	return slot(table, addr, leaf);
}

uint64_t build_ss(struct bench *b, uint64_t root, unsigned int levels, uint64_t addr,
		  uint64_t out, unsigned int leaf, uint64_t bits)
{
	return build(b, root, levels, addr, leaf, out | bits | (leaf > 1 ? VTD_SS_PS : 0),
		     VTD_SS_R | VTD_SS_W, 0);
}

uint64_t build_fs_guest(struct bench *b, uint64_t root_gpa, unsigned int levels, uint64_t addr,
			uint64_t out, unsigned int leaf, uint64_t bits, uint64_t offset)
{
	return build(b, root_gpa, levels, addr, leaf, out | bits | (leaf > 1 ? VTD_FS_PS : 0),
		     VTD_FS_P | VTD_FS_RW | VTD_FS_US, offset);
}

uint64_t build_fs(struct bench *b, uint64_t root, unsigned int levels, uint64_t addr,
		  uint64_t out, unsigned int leaf, uint64_t bits)
{
	return build_fs_guest(b, root, levels, addr, out, leaf, bits, 0);
}

uint64_t build_entry(struct bench *b, uint64_t root, unsigned int levels, uint64_t addr,
		     unsigned int level)
{
	uint64_t table = root;

	for (unsigned int l = levels; l > level; l--)
		table = bench_r64(b, slot(table, addr, l)) & VTD_FS_ADDR;
	return slot(table, addr, level);
}
