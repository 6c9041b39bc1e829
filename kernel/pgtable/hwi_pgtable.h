/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What hwi_pgtable.ko shows in debugfs, hwi_pgtable/case<N>: a page table that
 * Linux's own code built, and what that code says it maps.
 *
 * A file is a struct hwi_pgtable_case; then n_tables times a struct
 * hwi_pgtable_table with its contents behind it; then n_probes times a struct
 * hwi_pgtable_probe. Numbers are little-endian, as the tables are.
 */
#ifndef HWI_PGTABLE_H
#define HWI_PGTABLE_H

#include <linux/types.h>

#define HWI_PGTABLE_MAGIC 0x31544750u /* "PGT1" */

/**
 * struct hwi_pgtable_case - how the table is to be walked
 * @magic: HWI_PGTABLE_MAGIC
 * @stage: 1 or 2
 * @upper: stage 1: for the upper half of the address space (TTB1)
 * @granule: bytes
 * @tg, @tsz, @sl, @ps: as the driver would put them into CD.TGx, CD.TxSZ and
 *	CD.IPS, or STE.S2TG, S2T0SZ, S2SL0 and S2PS
 * @hd: stage 1 leaves use DBM (CD.HA and CD.HD are to be set)
 * @fwb: stage 2 attributes are those of S2FWB
 * @ttb: physical address of the first table
 * @ias, @oas: input and output bits that were asked for
 */
struct hwi_pgtable_case {
	__u32 magic;
	__u32 stage;
	__u32 upper;
	__u32 granule;
	__u32 tg, tsz, sl, ps;
	__u32 hd, fwb;
	__u64 ttb;
	__u32 ias, oas;
	__u32 n_tables, n_probes;
};

struct hwi_pgtable_table {
	__u64 phys;
	__u64 size;
};

#define HWI_PGTABLE_READ 1u
#define HWI_PGTABLE_WRITE 2u
#define HWI_PGTABLE_EXEC 4u
#define HWI_PGTABLE_PRIV 8u /* only for privileged accesses */

/**
 * struct hwi_pgtable_probe - what iova_to_phys() says
 * @iova: input
 * @phys: output; 0: nothing is mapped there
 * @prot: HWI_PGTABLE_x that the mapping was made with
 */
struct hwi_pgtable_probe {
	__u64 iova;
	__u64 phys;
	__u32 prot;
	__u32 pad;
};

#endif
