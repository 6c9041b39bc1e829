/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Inside of one function. Files: engine.c (life, reset, clock), mmio.c
 * (registers), channel.c (operations and rings), access.c (one memory request:
 * translate, ask for the page, fly, land), atc.c, inval.c, pri.c,
 * log.c, state.c (save and restore), check.c (is a restored state a possible one).
 */
#ifndef HWDMA_INTERNAL_H
#define HWDMA_INTERNAL_H

#include <hwdma/engine.h>

#define PAGE_BYTES	4096u
#define PAGE_OFFSET	(PAGE_BYTES - 1u)
#define LAT_MAX		(1ull << 40)	/* longest wait a register can ask for, ns */
#define NONE		UINT32_MAX	/* end of a list of indexes */
#define PRI_SLOTS	32u		/* groups a function keeps track of */
#define PRI_PAGES_MAX	16u		/* pages a group */
#define ITAGS		32u
#define INV_PENDING_MAX	1024u		/* Invalidate Requests kept an ITag */
#define PRGI_MASK	0x1ffu		/* 9 bits, PCIe 10.4.1 */
#define PASID_MASK	0xfffffu

/* ---- ATC ---------------------------------------------------------------- */

/*
 * Who an entry was obtained for. Privileged requests keep entries of their
 * own: the permissions of an answer are those of the mode it was asked in.
 */
struct atc_key {
	uint32_t pasid;
	bool pasid_valid;
	bool priv;
};

struct atc_entry {
	struct atc_key key;
	uint64_t base;		/* untranslated, aligned to 2^shift */
	uint64_t addr;		/* translated, likewise */
	uint8_t shift;
	bool r, w, x, global, u, n;
	uint32_t chain;		/* next in hash bucket, or in the free list */
	uint32_t newer, older;	/* order of use */
};

struct atc {
	struct atc_entry *entries;	/* max of them */
	uint32_t *buckets;
	uint32_t bucket_mask;
	uint32_t max;
	uint32_t capacity;	/* as written: 0 = max */
	uint32_t used;
	uint32_t free;		/* list by chain */
	uint32_t newest, oldest;
	uint32_t by_shift[64];	/* entries of each size: what a lookup must try */
	uint64_t hits, misses, invs, removed, evicted;
};

bool atc_init(struct atc *atc, uint32_t max);
void atc_free(struct atc *atc);
void atc_clear(struct atc *atc);
void atc_set_capacity(struct atc *atc, uint32_t capacity);
/* The entry that covers @iova for @key, or NULL; @use: makes it the newest */
const struct atc_entry *atc_lookup(struct atc *atc, const struct atc_key *key,
				   uint64_t iova, bool use);
/* Takes the place of what it overlaps */
void atc_insert(struct atc *atc, const struct atc_entry *e);
/* Which entries an Invalidate Request means: last address inclusive */
struct inv_range {
	bool pasid_valid, global;
	uint32_t pasid;
	uint64_t first, last;
};
bool inv_hits(const struct inv_range *inv, const struct atc_key *key, bool entry_global,
	      uint64_t base, unsigned int shift);
void atc_invalidate(struct atc *atc, const struct inv_range *inv);

/* ---- Write log ------------------------------------------------------------ */

struct log_entry {
	uint64_t iova, len;
	uint32_t attr;
	uint8_t channel;
};

struct wlog {
	struct log_entry *entries;
	uint32_t capacity, first, count;
	bool enabled, overflow;
};

void log_write(struct wlog *log, uint8_t channel, uint32_t attr, uint64_t iova, uint64_t len);
void log_pop(struct wlog *log);

/* ---- Page requests -------------------------------------------------------- */

enum group_state {
	GROUP_FREE,
	GROUP_WAIT,	/* its channel waits for the response */
	GROUP_LOST,	/* timed out or aborted: a response is still owed */
	GROUP_STATES,
};

struct group {
	enum group_state state;
	uint16_t prgi;
	uint8_t pages;
	uint8_t channel;
	bool pasid_valid;
	uint32_t pasid;
};

struct pri {
	struct group groups[PRI_SLOTS];
	uint16_t next_prgi;
	uint32_t outstanding;	/* messages of all groups not free */
	bool failed;		/* Response Failure came: silent until enabled anew */
	bool rf, uprgi;		/* Page Request Status */
	uint32_t limit, retries, group_pages;
	uint64_t timeout;
	uint64_t requests, responses, unexpected;
};

/* ---- One memory request --------------------------------------------------- */

enum access_kind {
	ACC_READ,
	ACC_WRITE,
	ACC_ATOMIC,
	ACC_TOUCH,	/* zero-length read */
	ACC_XLATE,	/* translation only, read permission */
	ACC_XLATE_W,	/* translation only, write permission */
	ACC_KINDS,
};

enum access_sub {
	SUB_XLAT,	/* to be translated */
	SUB_ATS,	/* translation completion under way */
	SUB_CREDIT,	/* wants to send a page group, none may be outstanding more */
	SUB_PRI,	/* waits for a group response */
	SUB_FLIGHT,	/* memory request under way */
	SUB_HELD,	/* held on its way */
	SUB_STATES,
};

struct access {
	enum access_kind kind;
	enum access_sub sub;
	uint32_t attr;		/* HWDMA_ATTR_* */
	uint64_t iova;
	uint32_t len;
	uint64_t range;		/* bytes from iova on that the operation still wants */
	uint64_t addr;		/* what the request carries: iova, or translated */
	bool translated;
	bool from_atc;		/* addr is an answer of the ATC or the IOMMU */
	uint8_t shift;		/* size of the translation in use */
	bool entry_global;
	uint32_t tries;		/* groups sent for this page */
	uint32_t group;		/* slot, in SUB_PRI */
	uint8_t pri_err;	/* HWDMA_ERR_* the response or its absence means */
	bool pri_done;		/* response arrived */
	bool stale;		/* invalidated while the completion was under way */
	uint64_t tag;		/* in SUB_HELD */
	uint8_t held;		/* HELD_WAITS, or HELD_ACTION() of what is to be done */
	struct hwdma_ats_reply reply;
};

/* In SUB_HELD: what hwdma_resume() said, after what the values of enum hwdma_resume are */
#define HELD_WAITS	0u
#define HELD_ACTION(a)	(1u + (unsigned int)(a))

enum access_result {
	ACC_WAIT,	/* ch->wake says until when */
	ACC_DONE,
	ACC_FAIL,	/* ch->acc_err */
	ACC_GONE,	/* the channel was reset meanwhile: touch nothing */
};

/* ---- Channel -------------------------------------------------------------- */

enum phase {
	PH_IDLE,
	PH_FETCH,	/* descriptor */
	PH_START,
	PH_SRC,		/* read of src */
	PH_DST_READ,	/* read of dst, COMPARE */
	PH_DST,		/* write of dst, atomic */
	PH_XLATE,
	PH_STATUS,	/* status record */
	PHASES,
};

struct channel {
	/* registers */
	uint32_t ctrl;		/* RING, PAUSE, CONTINUE */
	uint32_t sticky;	/* RING_HALTED, OVERRUN, CPL_FAILED */
	uint32_t state, error;	/* HWDMA_STATE_*, HWDMA_ERR_* of the last operation */
	uint32_t seq;
	uint64_t ring_base;
	uint32_t ring_size, ring_attr, head, tail;
	uint32_t desc[HWDMA_DESC_SIZE / 4];
	struct hwdma_status res;

	/* operation under way */
	enum phase phase;
	bool from_ring;
	bool started;		/* LAT_START over */
	struct hwdma_desc cur;
	uint64_t done;
	uint64_t result;
	uint64_t fault;
	uint8_t err;		/* outcome, in PH_STATUS */
	uint32_t chunk;		/* bytes in buf */
	uint32_t crc;
	struct access acc;
	uint8_t acc_err;
	uint64_t wake;		/* 0: ready; HWDMA_NEVER: an event */
	uint64_t gen;		/* counts what invalidates a snapshot of the above */
	uint32_t holds;		/* ITags that wait for the request in flight */
	uint8_t index;
	uint8_t buf[PAGE_BYTES];
	uint8_t buf2[PAGE_BYTES];
};

struct hwdma {
	struct hwdma_config cfg;
	struct hwdma_ops ops;
	void *opaque;
	struct hwdma_enables en;

	uint32_t int_status;
	uint64_t lat_start, lat_req, lat_ats;
	uint32_t max_payload;
	uint32_t atc_ctrl;	/* HOLD, DEAF, CC */
	uint32_t atc_npages;
	uint64_t probe_iova;
	uint32_t probe_attr;
	uint32_t errors[HWDMA_ERR_MAX];

	struct atc atc;
	struct wlog log;
	struct pri pri;
	uint32_t inv_pending[ITAGS];	/* Invalidate Requests not completed, by ITag */
	uint32_t inv_mask;		/* the ITags of which there are any */
	bool running;		/* inside hwdma_run() */
	bool releasing;		/* inside inv_release() */
	unsigned int next_channel;
	unsigned int channels;
	struct channel *ch;
};

/* engine.c */
void engine_reset(struct hwdma *e, bool answer);
uint64_t latency(uint64_t now, uint64_t wait);

/* mmio.c: state that registers show, computed in one place */
uint32_t channel_status(const struct channel *ch);

/* channel.c */
bool channel_ready(const struct hwdma *e, const struct channel *ch, uint64_t now);
bool channel_ring_pending(const struct channel *ch);
void channel_step(struct hwdma *e, struct channel *ch, uint64_t now);
void channel_doorbell(struct hwdma *e, struct channel *ch);
void channel_abort(struct hwdma *e, struct channel *ch);	/* operation ends ABORTED */
void channel_reset(struct hwdma *e, struct channel *ch);	/* CH_CTRL.RESET */
bool attr_valid(uint32_t attr);
bool desc_valid(const struct hwdma *e, const struct hwdma_desc *d);
bool uses_src(uint32_t code);
bool uses_dst(uint32_t code);

/* access.c */
void access_begin(struct channel *ch, enum access_kind kind, uint32_t attr, uint64_t iova,
		  uint32_t len, uint64_t range);
enum access_result access_step(struct hwdma *e, struct channel *ch, uint64_t now, void *buf);
void access_end(struct hwdma *e, struct channel *ch);	/* nothing in flight any more */
struct hwdma_attrs access_attrs(const struct channel *ch, uint32_t attr, bool exec);

bool reply_well_formed(const struct hwdma_ats_reply *r);

/* check.c */
bool state_possible(const struct hwdma *e);	/* could running have led here? */

/* inval.c */
void inv_release(struct hwdma *e);	/* complete what nothing holds */
bool inv_due(const struct hwdma *e);	/* is there such a thing */

/* pri.c */
bool pri_send(struct hwdma *e, struct channel *ch, uint64_t now, bool read, bool write);
void pri_abandon(struct hwdma *e, struct channel *ch);
void pri_forget(struct hwdma *e, uint8_t err);	/* all groups; waiters end with err */
uint32_t pri_limit(const struct hwdma *e);

/* crc32.c */
uint32_t hwdma_crc32(uint32_t crc, const uint8_t *buf, size_t len);

#endif /* HWDMA_INTERNAL_H */
