/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A deliberately naive interpreter of Arm SMMUv3.2, Non-secure, AArch64 tables.
 *
 * It answers one question: given registers and memory, what does a unit that
 * caches nothing do with this transaction?  It is written to be read beside the
 * specification (IHI 0070, DDI 0487), not to be fast, and shares nothing with the
 * library it judges: no header, no constant, no helper.
 *
 * It never writes memory: updates of descriptors are part of an answer.
 */
#ifndef SMMU_ORACLE_H
#define SMMU_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct smmu_oracle_unit - registers as software wrote them, and memory
 * @read: the 8 bytes at an aligned address, little-endian; false: external abort
 */
struct smmu_oracle_unit {
	uint32_t idr0, idr1, idr3, idr5;
	bool smmuen, atschk;
	uint32_t gbpa;
	uint32_t cr2;
	uint64_t strtab_base;
	uint32_t strtab_base_cfg;
	bool (*read)(void *opaque, uint64_t addr, uint64_t *word);
	void *opaque;
};

enum smmu_oracle_access { SMMU_O_READ, SMMU_O_WRITE, SMMU_O_ATOMIC };

struct smmu_oracle_request {
	uint32_t sid;
	bool ssv;
	uint32_t ssid;
	uint64_t addr;
	enum smmu_oracle_access access;
	bool inst, priv;
};

enum smmu_oracle_end {
	SMMU_O_OK,
	SMMU_O_ABORT,
	SMMU_O_RAZ_WI,
	SMMU_O_STALL,
	SMMU_O_RETRY,	/* never given: an answer of this is a bug of the interpreter */
};

#define SMMU_O_UPDATES 16u

/**
 * struct smmu_oracle_answer - what must happen
 * @addr: output address, if @end is SMMU_O_OK
 * @code: event or fault code, 0 for none
 * @recorded: an event record is written: @ev, of which only the bits in @known
 *	are defined
 * @updates: descriptors that hardware sets bits in (AF, dirty), in order
 * @maybe: of the updates, those that may as well not happen
 * @either: the specification leaves it open what happens (CONSTRAINED
 *	UNPREDICTABLE): nothing else here counts
 */
struct smmu_oracle_answer {
	enum smmu_oracle_end end;
	uint64_t addr;
	uint8_t code;
	bool recorded;
	uint64_t ev[4], known[4];
	struct {
		uint64_t addr, from, to;
		bool maybe;
	} updates[SMMU_O_UPDATES];
	unsigned int n_updates;
	bool either;
};

void smmu_oracle(const struct smmu_oracle_unit *u, const struct smmu_oracle_request *q,
		 struct smmu_oracle_answer *a);

/**
 * struct smmu_oracle_completion - what must be answered to an ATS translation request
 * @r, @w, @x: rights of a Success
 * @addr: if there is a right
 * @a: code, record and updates; @end and @addr of it do not count
 */
struct smmu_oracle_completion {
	enum { SMMU_O_SUCCESS, SMMU_O_UR, SMMU_O_CA } status;
	bool r, w, x;
	uint64_t addr;
	struct smmu_oracle_answer a;
};

/* A translation request; @access and @inst of it do not count (smmu-oracle-ats.c). */
void smmu_oracle_ats(const struct smmu_oracle_unit *u, const struct smmu_oracle_request *q, bool nw,
		     bool exe, struct smmu_oracle_completion *c);
/* A transaction with a translated address, on a unit without IDR3.PASIDTT. */
void smmu_oracle_translated(const struct smmu_oracle_unit *u, const struct smmu_oracle_request *q,
			    struct smmu_oracle_answer *a);

#endif
