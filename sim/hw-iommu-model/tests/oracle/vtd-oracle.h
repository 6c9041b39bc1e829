/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A deliberately naive interpreter of Intel VT-d, revision 5.10.
 *
 * It answers one question: given registers and memory, what may a remapping
 * unit that caches nothing do with this request?  It is written to be read
 * beside the specification, not to be fast, and shares nothing with the
 * library it judges: no header, no constant, no helper.
 *
 * The specification leaves some orders open (two violations in one entry, a
 * right lost at an upper level above a reserved bit in a lower one).  At each
 * such place the interpreter chooses, and the caller gets the answer of every
 * combination of choices: the set of answers a unit is allowed to give.
 *
 * It never writes memory.  Accessed and Dirty updates are part of an answer.
 */
#ifndef VTD_ORACLE_H
#define VTD_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * enum oracle_kind - the AT field of the request (values are the TLP's), or a
 * page request message; of the latter's answers only these are used: OK (it goes
 * on to the queue) and UR (automatic response Invalid Request, or dropped)
 */
enum oracle_kind {
	ORACLE_UNTRANSLATED = 0,
	ORACLE_TRANSLATION = 1,
	ORACLE_TRANSLATED = 2,
	ORACLE_PAGE_REQUEST = 3,
};

enum oracle_access { ORACLE_READ, ORACLE_WRITE, ORACLE_ATOMIC };

/**
 * struct oracle_memory - host memory as the unit sees it
 * @read: copy @len bytes (8, never across 8) at host address @addr; false is
 *	a bus error
 * @writable: whether a locked update of the 8 bytes at @addr would succeed
 * @opaque: first argument of both
 */
struct oracle_memory {
	bool (*read)(void *opaque, uint64_t addr, void *buf, size_t len);
	bool (*writable)(void *opaque, uint64_t addr);
	void *opaque;
};

/**
 * struct oracle_config - registers of the unit
 * @major: VER_REG.Max
 * @cap: CAP_REG
 * @ecap: ECAP_REG
 * @haw: host address width in bits
 * @rtaddr: RTADDR_REG as latched by the last SRTP
 * @tes: GSTS.TES
 * @irta: IRTA_REG as latched by the last SIRTP
 * @ires: GSTS.IRES
 * @cfis: GSTS.CFIS
 */
struct oracle_config {
	unsigned int major;
	uint64_t cap;
	uint64_t ecap;
	unsigned int haw;
	uint64_t rtaddr;
	bool tes;
	uint64_t irta;
	bool ires;
	bool cfis;
};

/**
 * struct oracle_request - one memory request inside one 4K page
 * @sid: requester id
 * @has_pasid: a PASID prefix is present; @pasid, @execute and @privileged
 *	come from it
 * @pasid: 20 bits
 * @addr: address in the request
 * @access: for a translation request always ORACLE_READ
 * @execute: execute-requested
 * @privileged: privileged-mode-requested
 * @kind: AT
 * @no_write: NW flag of a translation request
 * @zero_length: a read with no byte enabled
 * @dword: exactly one aligned DWORD (decides what a write to FEEx_xxxx is)
 */
struct oracle_request {
	uint16_t sid;
	bool has_pasid;
	uint32_t pasid;
	uint64_t addr;
	enum oracle_access access;
	bool execute;
	bool privileged;
	enum oracle_kind kind;
	bool no_write;
	bool zero_length;
	bool dword;
};

enum oracle_outcome {
	ORACLE_OK,		/* request goes on at @out */
	ORACLE_ATS,		/* translation completion, status Success */
	ORACLE_UR,		/* unsupported request (a write is dropped) */
	ORACLE_CA,		/* completer abort */
	ORACLE_INTERRUPT,	/* the write is an interrupt request */
};

/** struct oracle_update - bits of one 64-bit entry the unit sets */
struct oracle_update {
	uint64_t addr;
	uint64_t must;		/* set when the request is answered */
	uint64_t may;		/* may be set or left, speculation allowed */
};

#define ORACLE_MAX_UPDATES 64

/**
 * struct oracle_answer - one answer the specification allows
 * @outcome: what the requester sees
 * @out: output address (OK, and ATS with a right)
 * @region: log2 of the largest aligned block around @addr that translates
 *	linearly with the same rights; 64 = everything
 * @r, @w, @u, @priv, @n: the ATS completion. Meaningless when r=w=0, except
 *	@priv when @priv_exact
 * @priv_exact: @priv is prescribed though r=w=0
 * @snoop_forced: the page is snooped whatever the request's NS says
 * @code: fault reason found, 0 if none; set also for unrecorded ones
 * @recorded: a fault record is written
 * @meaningful: the record's type, AT and PASID fields mean something (DMA
 *	faults; false for interrupt faults)
 * @fi_valid: the record's FI is defined
 * @fi: FI in place (bits 63:12), above the unit's width not yet cut
 * @type: {T1,T2}
 * @at: AT field
 * @pp, @pv, @exe, @prv: PASID fields of the record
 * @updates, @n_updates: Accessed/Dirty bits
 */
struct oracle_answer {
	enum oracle_outcome outcome;
	uint64_t out;
	unsigned int region;
	bool r, w, u, priv, n;
	bool priv_exact;
	bool snoop_forced;
	uint8_t code;
	bool recorded;
	bool meaningful;
	bool fi_valid;
	uint64_t fi;
	unsigned int type;
	unsigned int at;
	bool pp;
	uint32_t pv;
	bool exe;
	bool prv;
	struct oracle_update updates[ORACLE_MAX_UPDATES];
	unsigned int n_updates;
};

/**
 * oracle_translate() - every answer allowed for a request
 * @config: registers
 * @memory: host memory
 * @request: the request
 * @answers: array of @max answers to fill
 * @max: size of the array
 *
 * Return: number of distinct answers (at least 1), or -1 if there are more
 * than @max: a caller must treat that as a failure of the test, not as
 * agreement.
 */
int oracle_translate(const struct oracle_config *config,
		     const struct oracle_memory *memory,
		     const struct oracle_request *request,
		     struct oracle_answer *answers, int max);

/** oracle_code_qualified() - whether FPD can silence fault reason @code */
bool oracle_code_qualified(uint8_t code);

enum oracle_irq_outcome {
	ORACLE_IRQ_PASS,	/* compatibility format, unchanged */
	ORACLE_IRQ_REMAPPED,	/* message built from the IRTE */
	ORACLE_IRQ_POSTED,	/* PID updated */
	ORACLE_IRQ_BLOCKED,	/* UR, fault @code */
};

/**
 * struct oracle_irq_answer - one answer allowed for an interrupt request
 * @outcome: what becomes of it
 * @dest: APIC id (8 bits unless EIME), of the message or the notification
 * @vector, @logical, @redirection, @level, @delivery: the message
 * @pid: address of the posted descriptor, @vv the bit set in PIR
 * @notify: ON goes 0 to 1 and @vector is sent to @dest
 * @code, @recorded: fault
 * @fi_valid, @fi: interrupt_index in 63:48 where defined
 */
struct oracle_irq_answer {
	enum oracle_irq_outcome outcome;
	uint32_t dest;
	uint8_t vector;
	bool logical, redirection, level;
	unsigned int delivery;
	uint64_t pid;
	uint8_t vv;
	bool notify;
	uint8_t code;
	bool recorded;
	bool fi_valid;
	uint64_t fi;
};

/**
 * oracle_interrupt() - every answer allowed for an interrupt request
 * @config: registers
 * @memory: host memory
 * @sid: requester id
 * @addr: FEEx_xxxx address
 * @data: the DWORD written
 * @answers: array of @max answers
 * @max: size of the array
 *
 * Return: as oracle_translate().
 */
int oracle_interrupt(const struct oracle_config *config,
		     const struct oracle_memory *memory, uint16_t sid,
		     uint32_t addr, uint32_t data,
		     struct oracle_irq_answer *answers, int max);

#endif
