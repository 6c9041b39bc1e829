// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Registers, memory, answers of the IOMMU and incoming messages, all from the
 * fuzzer; callbacks that call back. Checked beside what the sanitizers see: the
 * shape of every request, the bound on the work of a run, that nothing is sent
 * with bus mastering off, and that a saved state restores to itself.
 */
#include <stdlib.h>
#include <string.h>

#include <hwdma/engine.h>

#define MEM	(16u * 4096u)

struct world {
	struct hwdma *e;
	struct hwdma_enables en;
	const uint8_t *in;
	size_t left;
	unsigned int depth;
	unsigned int bus;	/* memory requests since the run began */
	unsigned int translations, groups;
	bool quiet;		/* must send no request: outside hwdma_run() */
	uint16_t prgi;
	uint8_t mem[MEM];
};

static void require(bool ok)
{
	if (!ok)
		abort();
}

static uint8_t byte(struct world *w)
{
	if (!w->left)
		return 0;
	w->left--;
	return *w->in++;
}

static uint32_t word(struct world *w)
{
	uint32_t v = byte(w);

	v |= (uint32_t)byte(w) << 8;
	v |= (uint32_t)byte(w) << 16;
	return v | (uint32_t)byte(w) << 24;
}

/* Addresses that meet: few pages, now and then one far away. */
static uint64_t address(struct world *w)
{
	uint32_t v = word(w);

	if ((v & 0xf0000000) == 0xf0000000)
		return (uint64_t)v << 32 | word(w);
	return v % (MEM + 8192);
}

static void act(struct world *w);

static void maybe_act(struct world *w)
{
	if (w->depth < 3 && (byte(w) & 7) == 7)
		act(w);
}

static enum hwdma_bus bus_answer(struct world *w, const struct hwdma_attrs *a)
{
	uint8_t b = byte(w);

	if (b >= 24)
		return HWDMA_BUS_OK;
	require(a->tag != NULL);
	*a->tag = b & 1 ? UINT64_MAX : b >> 1 & 3;
	return (enum hwdma_bus)(b % 6);
}

static void seen(struct world *w, const struct hwdma_attrs *a, uint64_t iova, size_t len,
		 bool by_pasid)
{
	require(!w->quiet && w->en.bus_master);
	require(len <= 4096 && (!len || (iova & 4095) + len <= 4096));
	require(a->pasid <= 0xfffff && (a->pasid_valid || (!a->pasid && !a->exec && !a->priv)));
	require(!by_pasid || !a->pasid_valid || w->en.pasid);
	w->bus++;
}

static enum hwdma_bus cb_read(void *opaque, const struct hwdma_attrs *a, uint64_t iova, void *buf,
			      size_t len)
{
	struct world *w = opaque;

	seen(w, a, iova, len, true);
	maybe_act(w);
	if (len)
		memcpy(buf, w->mem + iova % (MEM - 4096), len);
	return bus_answer(w, a);
}

static enum hwdma_bus cb_write(void *opaque, const struct hwdma_attrs *a, uint64_t iova,
			       const void *buf, size_t len)
{
	struct world *w = opaque;

	seen(w, a, iova, len, true);
	maybe_act(w);
	memcpy(w->mem + iova % (MEM - 4096), buf, len);
	return bus_answer(w, a);
}

static enum hwdma_bus cb_atomic(void *opaque, const struct hwdma_attrs *a, uint64_t iova,
				enum hwdma_atomic op, size_t len, uint64_t op0, uint64_t op1,
				uint64_t *old)
{
	struct world *w = opaque;

	(void)op0;
	require((len == 4 || len == 8) && !(iova & (len - 1)) && op <= HWDMA_ATOMIC_CAS);
	seen(w, a, iova, len, true);
	maybe_act(w);
	*old = op1;
	return bus_answer(w, a);
}

static void cb_translate(void *opaque, const struct hwdma_attrs *a, uint64_t iova,
			 unsigned int npages, bool no_write, struct hwdma_ats_reply *reply)
{
	struct world *w = opaque;
	uint8_t b = byte(w);

	(void)no_write;
	require(!a->tag);
	require(!w->quiet && w->en.bus_master && w->en.ats && a->at == HWDMA_AT_UNTRANSLATED);
	require(npages >= 1 && npages <= HWDMA_ATS_MAX && !(iova & 4095));
	w->translations++;
	maybe_act(w);
	reply->status = b < 8 ? (enum hwdma_ats_status)(b & 3) : HWDMA_ATS_OK;
	reply->count = b & 0x80 ? byte(w) : 1;
	for (unsigned int i = 0; i < HWDMA_ATS_MAX && i < reply->count; i++) {
		struct hwdma_ats_xlat *x = &reply->xlat[i];
		uint8_t f = byte(w);

		x->shift = f & 0x80 ? byte(w) & 127 : 12;
		x->addr = f & 0x40 ? word(w) : 0;
		if (x->shift < 64 && x->shift)
			x->addr &= ~((1ull << x->shift) - (f & 0x20 ? 1 : 0));
		x->r = f & 1;
		x->w = f & 2;
		x->x = f & 4;
		x->global = f & 8;
		x->u = f & 16;
	}
}

static void cb_page_request(void *opaque, const struct hwdma_attrs *a, uint64_t iova, bool read,
			    bool write, bool last, uint16_t prgi)
{
	struct world *w = opaque;

	require(w->en.pri && prgi < 512 && !(iova & 4095) && a->pasid <= 0xfffff);
	w->prgi = prgi;
	if (read || write) {
		require(!w->quiet);
		w->groups += last;
		maybe_act(w);
	}
}

static void cb_msix(void *opaque, unsigned int vector)
{
	require(vector < 4);
	maybe_act(opaque);
}

static void cb_inv_complete(void *opaque, uint32_t itags, unsigned int count)
{
	require(itags && !(itags & (itags - 1)) && count < 8);
	maybe_act(opaque);
}

static void cb_kick(void *opaque)
{
	(void)opaque;
}

static const struct hwdma_ops ops = {
	cb_read, cb_write, cb_atomic, cb_translate, cb_page_request, cb_msix, cb_inv_complete, cb_kick,
};

static const struct hwdma_config config = {
	.channels = 2, .vectors = 4, .atc_max = 8, .log_entries = 4, .ring_log2 = 4,
	.pasid = true, .exec = true, .priv = true, .ats = true, .pri = true,
};

/* A register, mostly one that exists. */
static uint64_t offset(struct world *w)
{
	uint32_t v = word(w);

	switch (v & 3) {
	case 0:
		return (v >> 8) % 0x2b0;
	case 1:
		return HWDMA_CH((uint64_t)(v >> 2 & 1)) + (v >> 8) % 0xa0;
	case 2:
		return HWDMA_CH((uint64_t)(v >> 2 & 1)) + ((v >> 8) % 0xa0 & ~7u);
	default:
		return v >> 8;
	}
}

/* A descriptor that is likely to be a good one. */
static void operation(struct world *w)
{
	uint64_t ch = HWDMA_CH((uint64_t)(byte(w) & 1));
	uint64_t d = ch + HWDMA_CH_DESC;
	uint8_t attr = byte(w);
	uint32_t a = (uint32_t)(attr & 7) | (attr & 8 ? HWDMA_ATTR_PASID_VALID : 0) |
		     (attr & 16 ? HWDMA_ATTR_AT_ATC : 0) |
		     ((attr & 48) == 48 ? HWDMA_ATTR_PRI : 0) |
		     ((attr & 72) == 72 ? HWDMA_ATTR_PRIV : 0) |
		     ((attr & 136) == 136 ? HWDMA_ATTR_EXEC : 0);

	hwdma_mmio_write(w->e, d + HWDMA_DESC_OP, 4,
			 byte(w) % 14 | (uint32_t)(byte(w) & 7) << 8);
	hwdma_mmio_write(w->e, d + HWDMA_DESC_VECTOR, 4, byte(w) & 3);
	hwdma_mmio_write(w->e, d + HWDMA_DESC_SRC_ATTR, 4, a);
	hwdma_mmio_write(w->e, d + HWDMA_DESC_DST_ATTR, 4, a);
	hwdma_mmio_write(w->e, d + HWDMA_DESC_SRC, 8, address(w));
	hwdma_mmio_write(w->e, d + HWDMA_DESC_DST, 8, address(w));
	hwdma_mmio_write(w->e, d + HWDMA_DESC_LEN, 8, word(w) & 0x3fff);
	hwdma_mmio_write(w->e, d + HWDMA_DESC_STATUS, 8, address(w) & ~31ull);
	hwdma_mmio_write(w->e, ch + HWDMA_CH_DOORBELL, 4, 1);
}

static void act(struct world *w)
{
	static const unsigned int sizes[] = { 4, 8, 4, 8, 4, 8, 1, 3 };
	uint8_t b = byte(w);
	bool was = w->quiet;

	w->depth++;
	w->quiet = true;	/* nothing below issues a request by itself */
	switch (b & 7) {
	case 0:
	case 1:
		hwdma_mmio_write(w->e, offset(w), sizes[b >> 5], (uint64_t)word(w) << 32 | word(w));
		break;
	case 2:
		hwdma_mmio_read(w->e, offset(w), sizes[b >> 5]);
		break;
	case 3:
		hwdma_ats_invalidate(w->e, b & 8, byte(w) & 7, b & 16, address(w), b & 32, b >> 3);
		break;
	case 4:
		hwdma_prg_response(w->e, b & 8, byte(w) & 7, b & 16 ? word(w) & 0xffff : w->prgi,
				   b >> 5 < 5 ? 0 : byte(w));
		break;
	case 5:
	case 6:
		operation(w);
		break;
	default:
		if (b & 8) {
			w->en = (struct hwdma_enables){
				.bus_master = (b & 0x70) != 0, .pasid = b & 0x20,
				.exec = b & 0x40, .priv = b & 0x80, .ats = b & 0x30,
				.pri = b & 0x50, .pri_alloc = byte(w), .ats_stu = byte(w) & 1,
			};
			hwdma_set_enables(w->e, &w->en);
		} else if (b & 16) {
			hwdma_pri_reset(w->e);
			hwdma_pri_status_clear(w->e, byte(w));
		} else if (b & 32) {
			hwdma_reset(w->e);
		} else {
			uint64_t tag = b & 64 ? UINT64_MAX : byte(w) & 3;

			hwdma_resume(w->e, tag, (enum hwdma_resume)(byte(w) & 3));
		}
		break;
	}
	w->quiet = was;
	w->depth--;
}

static void save_and_restore(struct world *w)
{
	size_t n = hwdma_state_size(w->e), used;
	uint8_t *a = malloc(n), *b = malloc(n);

	require(a && b);
	require(hwdma_save(w->e, a, n, &used) == HWDMA_OK && used == n);
	require(hwdma_restore(w->e, a, n) == HWDMA_OK);
	require(hwdma_save(w->e, b, n, &used) == HWDMA_OK && used == n);
	require(!memcmp(a, b, n));
	free(a);
	free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world *w = calloc(1, sizeof(*w));
	uint64_t now = 0;

	require(w != NULL);
	w->in = data;
	w->left = size;
	require(hwdma_create(&w->e, &config, &ops, w) == HWDMA_OK);
	w->en = (struct hwdma_enables){ true, true, true, true, true, 0, true, 32 };
	hwdma_set_enables(w->e, &w->en);
	while (w->left) {
		unsigned int budget;
		uint64_t next;

		act(w);
		budget = byte(w) & 15;
		w->bus = 0;
		w->translations = 0;
		w->groups = 0;
		next = hwdma_run(w->e, now, budget);
		require(w->bus <= budget && w->translations <= budget && w->groups <= budget);
		require(next >= now);
		if (next != HWDMA_NEVER && next > now)
			now = byte(w) & 1 ? next : now + (next - now) / 2;
		if ((budget & 3) == 3)
			save_and_restore(w);
	}
	hwdma_destroy(w->e);
	free(w);
	return 0;
}
