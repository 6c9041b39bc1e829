/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A function whose requests translate, ready to be spoiled: root to page tables in
 * a bench, translation and queue on. A fault test changes one thing and asks
 * world_expect() whether every kind of request is answered and recorded as it must.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "builders.h"

#define WORLD_SID 0x0210u
#define WORLD_DID 5u
#define WORLD_PASID 7u

/* What is mapped, with all rights and A and D set, and where to. */
#define WORLD_IN UINT64_C(0x40001000)
#define WORLD_OUT UINT64_C(0x600000)
#define WORLD_IN_2M UINT64_C(0x80200000)
#define WORLD_OUT_2M UINT64_C(0x600000)
#define WORLD_IN_1G UINT64_C(0x140000000)
#define WORLD_OUT_1G UINT64_C(0x40000000)
/* Tables of 5 levels: to WORLD_OUT, by an entry of the root table that is not its first. */
#define WORLD_IN_HIGH (UINT64_C(5) << 48 | WORLD_IN)

/* Nested: where the first-stage tables, and the page of WORLD_IN, are for the guest. */
#define WORLD_GUEST UINT64_C(0x10000000)
#define WORLD_GPA (WORLD_OUT + WORLD_GUEST)

struct world {
	struct bench *b;
	unsigned int pgtt; /* 0: legacy mode, second stage */
	unsigned int levels; /* of the tables of either stage */
	uint64_t root_at;  /* entries, by address */
	uint64_t ctx;
	uint64_t dir[2];   /* of requests without and with PASID: the same one */
	uint64_t pe[2];
	uint64_t ss_root;
	uint64_t fs_root;  /* nested: host address */
};

/* Legacy mode with TT=01, or scalable mode with this PGTT; the unit as it is. */
void world_legacy(struct world *w, struct bench *b);
void world_scalable(struct world *w, struct bench *b, unsigned int pgtt);
/* The same with tables of 5 levels in both stages. */
void world_scalable_5(struct world *w, struct bench *b, unsigned int pgtt);

/* Address of the entry for @addr in the tables of a stage. */
uint64_t world_ss(const struct world *w, uint64_t addr, unsigned int level);
uint64_t world_fs(const struct world *w, uint64_t addr, unsigned int level);

/* Set, clear, or replace by, bits of an entry. */
void world_set(struct world *w, uint64_t at, uint64_t bits);
void world_clear(struct world *w, uint64_t at, uint64_t bits);

/* Both PASID entries: word @q. */
void world_pe_set(struct world *w, unsigned int q, uint64_t bits);
void world_pe_clear(struct world *w, unsigned int q, uint64_t bits);

/* Answers of the three kinds of request (VT-d 5.10 Table 30). */
enum world_answer {
	NA, /* not tried */
	UR,
	CA,
	S0,  /* success without rights, not recorded */
	S0R, /* the same, recorded */
};

/* Entries that were read when the fault was found: their FPD counts. */
#define MET_CTX 1u
#define MET_DIR 2u
#define MET_PE 4u

#define WITHOUT_PASID 1u
#define WITH_PASID 2u

struct world_fault {
	uint8_t reason;
	enum world_answer u, t, x;
	bool qualified;
	unsigned int met;    /* MET_* */
	unsigned int who;    /* 0: both (legacy mode: without) */
	uint64_t addr;	     /* 0: WORLD_IN */
	unsigned int access; /* of the untranslated request; 0: HWI_READ */
};

/*
 * Each kind of request, with and without PASID: answer; the record with all its
 * fields or none; and with FPD in each entry met, no record (unqualified: the
 * record all the same). From empty caches each time.
 */
void world_expect(struct world *w, const struct world_fault *f);

/* The two usual cases: a read of WORLD_IN, with and without PASID. */
void world_unqualified(struct world *w, uint8_t reason, enum world_answer u, enum world_answer t,
		       enum world_answer x);
void world_qualified(struct world *w, uint8_t reason, enum world_answer u, enum world_answer t,
		     enum world_answer x, unsigned int met);

/*
 * Only a read can be an instruction fetch: in other requests ER says nothing, they
 * pass, and a fault of theirs is recorded with EXE=0.
 */
void world_fetches_alone_ask_to_execute(struct world *w);

/* Every kind passes. */
void world_expect_pass(struct world *w);

#endif
