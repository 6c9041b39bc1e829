/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Builders of structures in a bench's memory. Each returns the address of the
 * entry that it wrote last, for the test to spoil; tables on the way are made when
 * they are not there, and left alone when they are.
 */
#ifndef TESTS_BUILDERS_H
#define TESTS_BUILDERS_H

#include "bench.h"

/* ---- legacy mode ---- */

/* Root entry of a bus, and the context table behind it. */
uint64_t build_root(struct bench *b, uint8_t bus);
/* Context entry, both words as they are. */
uint64_t build_context_raw(struct bench *b, uint16_t sid, uint64_t lo, uint64_t hi);
/* Context entry: translation type, address width, domain, second-stage root. */
uint64_t build_context(struct bench *b, uint16_t sid, unsigned int tt, unsigned int aw,
		       uint32_t did, uint64_t ssptptr);

/* ---- scalable mode ---- */

/* Root entry half for a source-id, and the context table behind it. */
uint64_t build_sroot(struct bench *b, uint16_t sid);
/*
 * Scalable context entry with a PASID directory of 2^(pdts + 7) entries: P, the
 * given bits of word 0 (DTE, PASIDE, PRE ..., not PDTS), and word 1.
 */
uint64_t build_scontext(struct bench *b, uint16_t sid, uint64_t q0_bits, unsigned int pdts,
			uint64_t q1);
/* The directory entry of a PASID of that function, and the table behind it. */
uint64_t build_pasid_dir(struct bench *b, uint16_t sid, uint32_t pasid);
/* PASID table entry; returns its address. */
uint64_t build_pasid(struct bench *b, uint16_t sid, uint32_t pasid, const uint64_t pe[8]);

/* PASID entries for build_pasid(): present, of a PGTT, nothing special. */
struct build_pe {
	uint64_t q[8];
};
struct build_pe pe_second_stage(uint32_t did, unsigned int aw, uint64_t ssptptr);
struct build_pe pe_first_stage(uint32_t did, unsigned int fspm, uint64_t fsptptr);
struct build_pe pe_nested(uint32_t did, unsigned int aw, uint64_t ssptptr, unsigned int fspm,
			  uint64_t fsptptr);
struct build_pe pe_pass_through(uint32_t did);

/* ---- paging structures ---- */

/*
 * Map @addr in a second-stage table of @levels levels rooted at @root to @out by an
 * entry at level @leaf (1: 4K, 2: 2M, 3: 1G); @bits are the entry's other bits (R, W
 * ...). Tables on the way are R|W. The address of the leaf.
 */
uint64_t build_ss(struct bench *b, uint64_t root, unsigned int levels, uint64_t addr,
		  uint64_t out, unsigned int leaf, uint64_t bits);
/* The same in a first-stage table; tables are P|RW|US. PS is set where it belongs. */
uint64_t build_fs(struct bench *b, uint64_t root, unsigned int levels, uint64_t addr,
		  uint64_t out, unsigned int leaf, uint64_t bits);
/*
 * First-stage table in guest physical memory (nested): guest address = host
 * address + @offset of everything; the pages must be mapped in the second stage by
 * the caller.
 */
uint64_t build_fs_guest(struct bench *b, uint64_t root_gpa, unsigned int levels, uint64_t addr,
			uint64_t out, unsigned int leaf, uint64_t bits, uint64_t offset);
/* Address of the entry for @addr at @level (levels = the root's); it must have been built. */
uint64_t build_entry(struct bench *b, uint64_t root, unsigned int levels, uint64_t addr,
		     unsigned int level);

#endif
