// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>

#include "machine.h"

int machine_calloc_fails = -1;

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
	if (machine_calloc_fails >= 0 && !machine_calloc_fails--)
		return NULL;
	return __real_calloc(n, size);
}

/* ---- the table in place of an IOMMU --------------------------------------------- */

static struct map *find(struct machine *m, const struct hwdma_attrs *a, uint64_t iova)
{
	for (unsigned int i = m->nmaps; i-- > 0;) {
		struct map *map = &m->maps[i];

		if (map->pasid_valid == a->pasid_valid &&
		    (!map->pasid_valid || map->pasid == a->pasid) &&
		    iova >> map->shift == map->iova >> map->shift)
			return map;
	}
	return NULL;
}

static void add(struct machine *m, struct map map)
{
	struct hwdma_attrs a = { .pasid_valid = map.pasid_valid, .pasid = map.pasid };
	struct map *old = find(m, &a, map.iova);

	if (old && old->shift == map.shift) {
		*old = map;
		return;
	}
	assert_true(m->nmaps < MAX_MAPS);
	m->maps[m->nmaps++] = map;
}

void machine_map(struct machine *m, uint64_t iova, uint64_t phys, unsigned int perm)
{
	add(m, (struct map){ .iova = iova, .phys = phys, .perm = perm, .shift = 12 });
}

void machine_map_pasid(struct machine *m, uint32_t pasid, uint64_t iova, uint64_t phys,
		       unsigned int perm)
{
	add(m, (struct map){ .pasid_valid = true, .pasid = pasid, .iova = iova, .phys = phys,
			     .perm = perm, .shift = 12 });
}

void machine_unmap(struct machine *m, uint64_t iova)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < m->nmaps; i++)
		if (m->maps[i].iova != iova)
			m->maps[n++] = m->maps[i];
	m->nmaps = n;
}

void machine_map_all(struct machine *m)
{
	for (unsigned int i = 0; i < MEM_PAGES; i++)
		machine_map(m, IOVA(i), (uint64_t)i * PAGE, R | W);
}

/* ---- callbacks -------------------------------------------------------------------- */

static struct request *record(struct machine *m, char kind, const struct hwdma_attrs *a,
			      uint64_t iova, size_t len)
{
	struct request *rq = &m->req[m->nreq < MAX_RECORDS ? m->nreq++ : MAX_RECORDS - 1];

	memset(rq, 0, sizeof(*rq));
	rq->kind = kind;
	rq->attrs = *a;
	rq->iova = iova;
	rq->len = len;
	rq->when = m->now;
	return rq;
}

static void hook(struct machine *m, const struct request *rq)
{
	struct request copy = *rq;

	if (m->hook)
		m->hook(m, &copy);
}

static enum hwdma_bus missing(struct machine *m, const struct hwdma_attrs *a, enum hwdma_bus bus)
{
	if (!m->hold)
		return bus;
	*a->tag = m->tag;
	if (!m->same_tag)
		m->tag++;
	return HWDMA_BUS_HELD;
}

static enum hwdma_bus resolve(struct machine *m, const struct hwdma_attrs *a, uint64_t iova,
			      size_t len, unsigned int need, uint8_t **host)
{
	uint64_t phys = iova;

	assert_true(len <= PAGE);
	assert_true(!len || iova / PAGE == (iova + len - 1) / PAGE);
	if (m->bus != HWDMA_BUS_OK)
		return m->bus;
	if (a->at == HWDMA_AT_UNTRANSLATED) {
		struct map *map = find(m, a, iova);

		if (!map)
			return missing(m, a, HWDMA_BUS_UR);
		if ((map->perm & need) != need)
			return missing(m, a, HWDMA_BUS_UR_PERM);
		phys = map->phys + (iova & ((1ull << map->shift) - 1));
	} else if (m->block_translated) {
		return missing(m, a, HWDMA_BUS_UR);
	}
	if (phys > sizeof(m->mem) - len)
		return HWDMA_BUS_UR;
	*host = m->mem + phys;
	return HWDMA_BUS_OK;
}

static enum hwdma_bus cb_read(void *opaque, const struct hwdma_attrs *a, uint64_t iova, void *buf,
			      size_t len)
{
	struct machine *m = opaque;
	uint8_t *host = NULL;
	enum hwdma_bus bus;

	hook(m, record(m, 'r', a, iova, len));
	bus = resolve(m, a, iova, len, a->exec ? R | X : R, &host);
	if (bus == HWDMA_BUS_OK && len)
		memcpy(buf, host, len);
	return bus;
}

static enum hwdma_bus cb_write(void *opaque, const struct hwdma_attrs *a, uint64_t iova,
			       const void *buf, size_t len)
{
	struct machine *m = opaque;
	uint8_t *host = NULL;
	enum hwdma_bus bus;

	hook(m, record(m, 'w', a, iova, len));
	bus = resolve(m, a, iova, len, W, &host);
	if (bus == HWDMA_BUS_OK)
		memcpy(host, buf, len);
	return bus;
}

static enum hwdma_bus cb_atomic(void *opaque, const struct hwdma_attrs *a, uint64_t iova,
				enum hwdma_atomic op, size_t len, uint64_t op0, uint64_t op1,
				uint64_t *old)
{
	struct machine *m = opaque;
	uint8_t *host = NULL;
	enum hwdma_bus bus;
	uint64_t new;

	hook(m, record(m, 'a', a, iova, len));
	bus = resolve(m, a, iova, len, R | W, &host);
	if (bus != HWDMA_BUS_OK)
		return bus;
	*old = 0;
	memcpy(old, host, len);
	new = op == HWDMA_ATOMIC_FETCH_ADD ? *old + op0 : op == HWDMA_ATOMIC_SWAP ? op0 :
	      *old == op0 ? op1 : *old;
	memcpy(host, &new, len);
	return HWDMA_BUS_OK;
}

static void cb_translate(void *opaque, const struct hwdma_attrs *a, uint64_t iova,
			 unsigned int npages, bool no_write, struct hwdma_ats_reply *reply)
{
	struct machine *m = opaque;
	struct request *rq = record(m, 't', a, iova, 0);
	struct map *map = find(m, a, iova);
	unsigned int shift = map ? map->shift : 12;

	rq->npages = npages;
	rq->no_write = no_write;
	hook(m, rq);
	reply->status = m->ats_status;
	if (m->ats_status != HWDMA_ATS_OK)
		return;
	for (reply->count = 0; reply->count < npages; reply->count++) {
		struct hwdma_ats_xlat *x = &reply->xlat[reply->count];
		uint64_t at = iova + ((uint64_t)reply->count << shift);

		map = find(m, a, at);
		if (map && map->shift != shift)
			break;
		if (!map) {
			/* no translation: the rest is not to be looked at */
			x->addr = 0xdeadbeef;
			x->shift = 77;
			x->u = true;
			x->global = true;
			continue;
		}
		x->shift = (uint8_t)shift;
		x->addr = map->phys;
		x->r = map->perm & R;
		x->w = (map->perm & W) && !no_write;
		x->x = (map->perm & X) && a->exec;
		x->priv = a->priv;
		x->global = map->perm & GLOBAL;
		x->u = map->perm & UNTRANS;
	}
	if (m->ats_count)
		reply->count = m->ats_count < 0 ? 0 : (uint8_t)m->ats_count;
	if (m->ats_malformed)
		reply->xlat[0].addr |= 0x800;
}

static void cb_page_request(void *opaque, const struct hwdma_attrs *a, uint64_t iova, bool read,
			    bool write, bool last, uint16_t prgi)
{
	struct machine *m = opaque;
	struct request *rq = record(m, read || write ? 'p' : 's', a, iova, 0);

	rq->read = read;
	rq->write = write;
	rq->last = last;
	rq->prgi = prgi;
	hook(m, rq);
	if (rq->kind == 's' || m->answer < 0)
		return;
	if (m->answer == HWDMA_PRG_SUCCESS && m->grant)
		add(m, (struct map){ .pasid_valid = a->pasid_valid, .pasid = a->pasid,
				     .iova = iova, .phys = m->grant_phys, .perm = m->grant,
				     .shift = 12 });
	if (last)
		hwdma_prg_response(m->e, a->pasid_valid, a->pasid, prgi, (unsigned int)m->answer);
}

static void cb_msix(void *opaque, unsigned int vector)
{
	struct machine *m = opaque;
	struct request rq = { .kind = 'i', .iova = vector };

	if (m->nvectors < 64)
		m->vectors[m->nvectors++] = vector;
	hook(m, &rq);
}

static void cb_inv_complete(void *opaque, uint32_t itags, unsigned int count)
{
	struct machine *m = opaque;
	struct request rq = { .kind = 'c', .iova = itags };

	if (m->ndone < 64) {
		m->done_itags[m->ndone] = itags;
		m->done_counts[m->ndone++] = count;
	}
	hook(m, &rq);
}

static void cb_kick(void *opaque)
{
	struct machine *m = opaque;

	m->kicks++;
}

const struct hwdma_ops *machine_ops(void)
{
	static const struct hwdma_ops ops = {
		.read = cb_read,
		.write = cb_write,
		.atomic = cb_atomic,
		.ats_translate = cb_translate,
		.page_request = cb_page_request,
		.msix = cb_msix,
		.inv_complete = cb_inv_complete,
		.kick = cb_kick,
	};

	return &ops;
}

/* ---- life --------------------------------------------------------------------------- */

struct machine *machine_new(const struct hwdma_config *cfg)
{
	struct machine *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->cfg = *cfg;
	m->budget = 64;
	m->answer = -1;
	assert_int_equal(hwdma_create(&m->e, cfg, machine_ops(), m), HWDMA_OK);
	m->en = (struct hwdma_enables){
		.bus_master = true, .pasid = cfg->pasid, .exec = cfg->exec, .priv = cfg->priv,
		.ats = cfg->ats, .pri = cfg->pri, .pri_alloc = 32,
	};
	hwdma_set_enables(m->e, &m->en);
	return m;
}

void machine_free(struct machine *m)
{
	hwdma_destroy(m->e);
	free(m);
}

int machine_setup(void **state)
{
	struct hwdma_config cfg = {
		.channels = 4, .atc_max = 64, .log_entries = 16,
		.pasid = true, .exec = true, .priv = true, .ats = true, .pri = true,
	};

	*state = machine_new(&cfg);
	return 0;
}

int machine_teardown(void **state)
{
	machine_free(*state);
	return 0;
}

uint64_t machine_poll(struct machine *m)
{
	return hwdma_run(m->e, m->now, m->budget);
}

void machine_run(struct machine *m)
{
	for (unsigned int i = 0; i < 100000; i++) {
		uint64_t next = machine_poll(m);

		if (next == HWDMA_NEVER)
			return;
		assert_true(next >= m->now);
		m->now = next;
	}
	fail_msg("the function never comes to rest");
}

/* ---- registers ------------------------------------------------------------------------ */

uint32_t rd32(struct machine *m, uint64_t offset)
{
	return (uint32_t)hwdma_mmio_read(m->e, offset, 4);
}

uint64_t rd64(struct machine *m, uint64_t offset)
{
	return hwdma_mmio_read(m->e, offset, 8);
}

void wr32(struct machine *m, uint64_t offset, uint32_t value)
{
	hwdma_mmio_write(m->e, offset, 4, value);
}

void wr64(struct machine *m, uint64_t offset, uint64_t value)
{
	hwdma_mmio_write(m->e, offset, 8, value);
}

void machine_start(struct machine *m, unsigned int ch, const struct hwdma_desc *d)
{
	uint64_t at = HWDMA_CH((uint64_t)ch);
	uint64_t desc = at + HWDMA_CH_DESC;

	wr32(m, desc + HWDMA_DESC_OP, d->op);
	wr32(m, desc + HWDMA_DESC_VECTOR, d->vector);
	wr32(m, desc + HWDMA_DESC_SRC_ATTR, d->src_attr);
	wr32(m, desc + HWDMA_DESC_DST_ATTR, d->dst_attr);
	wr64(m, desc + HWDMA_DESC_SRC, d->src);
	wr64(m, desc + HWDMA_DESC_DST, d->dst);
	wr64(m, desc + HWDMA_DESC_LEN, d->len);
	wr64(m, desc + HWDMA_DESC_OPERAND0, d->operand0);
	wr64(m, desc + HWDMA_DESC_OPERAND1, d->operand1);
	wr64(m, desc + HWDMA_DESC_STATUS, d->status);
	wr32(m, at + HWDMA_CH_DOORBELL, 1);
}

unsigned int machine_do(struct machine *m, unsigned int ch, const struct hwdma_desc *d)
{
	machine_start(m, ch, d);
	machine_run(m);
	return machine_error(m, ch);
}

struct hwdma_status machine_result(struct machine *m, unsigned int ch)
{
	uint64_t at = HWDMA_CH((uint64_t)ch) + HWDMA_CH_RESULT;
	struct hwdma_status st = {
		.status = rd32(m, at + HWDMA_RES_STATUS),
		.seq = rd32(m, at + HWDMA_RES_SEQ),
		.bytes_done = rd64(m, at + HWDMA_RES_BYTES),
		.result = rd64(m, at + HWDMA_RES_RESULT),
		.fault_addr = rd64(m, at + HWDMA_RES_FAULT),
	};

	return st;
}

unsigned int machine_error(struct machine *m, unsigned int ch)
{
	return HWDMA_CH_ERROR(rd32(m, HWDMA_CH((uint64_t)ch) + HWDMA_CH_STATUS));
}

unsigned int machine_state(struct machine *m, unsigned int ch)
{
	return HWDMA_CH_STATE(rd32(m, HWDMA_CH((uint64_t)ch) + HWDMA_CH_STATUS));
}

unsigned int machine_count(const struct machine *m, char kind)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < m->nreq; i++)
		n += m->req[i].kind == kind;
	return n;
}

const struct request *machine_nth(const struct machine *m, char kind, unsigned int n)
{
	for (unsigned int i = 0; i < m->nreq; i++)
		if (m->req[i].kind == kind && !n--)
			return &m->req[i];
	fail_msg("no such request was sent");
	return NULL;
}

void machine_forget(struct machine *m)
{
	m->nreq = 0;
	m->nvectors = 0;
	m->ndone = 0;
}

void fill_random(uint8_t *p, size_t len, uint32_t seed)
{
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525u + 1013904223u;
		p[i] = (uint8_t)(seed >> 24);
	}
}
