/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Arm SMMUv3: what the unit before the engines can do, its event records and commands. From Arm IHI 0070 alone, so that
 * the tour can disagree with the model and with the driver.
 */
#ifndef TOUR_SMMUV3_H
#define TOUR_SMMUV3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vfio.h"

/* ID registers as IOMMU_GET_HW_INFO gives them (§6.3.1 - §6.3.8) */
struct smmuv3 {
	uint32_t idr[6], iidr, aidr;
	bool cmdqv;		/* the machine was asked for Tegra241's command queues (hwi.cmdqv=on) */
};

extern struct smmuv3 smmuv3;

#define IDR0_S2P(r)		((r) & 1)
#define IDR0_S1P(r)		(((r) >> 1) & 1)
#define IDR0_TTF(r)		(((r) >> 2) & 3)
#define IDR0_COHACC(r)		(((r) >> 4) & 1)
#define IDR0_HTTU(r)		(((r) >> 6) & 3)
#define IDR0_ATS(r)		(((r) >> 10) & 1)
#define IDR0_PRI(r)		(((r) >> 16) & 1)
#define IDR0_CD2L(r)		(((r) >> 19) & 1)
#define IDR0_STALL_MODEL(r)	(((r) >> 24) & 3)
#define IDR1_SIDSIZE(r)		((r) & 0x3f)
#define IDR1_SSIDSIZE(r)	(((r) >> 6) & 0x1f)
#define IDR1_CMDQS(r)		(((r) >> 21) & 0x1f)
#define IDR3_FWB(r)		(((r) >> 8) & 1)
#define IDR3_RIL(r)		(((r) >> 10) & 1)
#define IDR3_BBML(r)		(((r) >> 11) & 3)
#define IDR5_OAS(r)		((r) & 7)
#define IDR5_GRAN4K(r)		(((r) >> 4) & 1)
#define IDR5_GRAN16K(r)		(((r) >> 5) & 1)
#define IDR5_GRAN64K(r)		(((r) >> 6) & 1)

/* A PCI function's StreamID is its Requester ID on the machines of the tour. */
uint32_t smmuv3_sid(const struct vfio_dev *d);
bool smmuv3_can_stall(const struct vfio_dev *d);	/* the firmware says so: "dma-can-stall" */

/* Event records (§7.3): codes, and the fields of one that must hold. Fields that do not belong to the code are ignored. */
enum {
	C_BAD_STE = 0x04, F_STREAM_DISABLED = 0x06, C_BAD_SUBSTREAMID = 0x08, C_BAD_CD = 0x0a,
	F_TRANSLATION = 0x10, F_ADDR_SIZE = 0x11, F_ACCESS = 0x12, F_PERMISSION = 0x13,
};

enum { CLASS_CD = 0, CLASS_TT = 1, CLASS_IN = 2 };

struct event {
	unsigned int code;
	uint32_t sid, pasid;	/* PASID or NO_PASID */
	bool write, priv, inst, stall, s2;
	unsigned int class;
	uint64_t addr, ipa;
};

void want_event(const uint64_t record[4], const struct event *e);	/* fails with the first field that differs */

/* Commands (§4) */
struct cmd {
	uint64_t w[2];
};

struct cmd cmd_tlbi_nh_all(void);
struct cmd cmd_tlbi_nh_asid(uint16_t asid);
struct cmd cmd_tlbi_nh_va(uint16_t asid, uint64_t va, bool leaf);
struct cmd cmd_tlbi_nh_vaa(uint64_t va, bool leaf);
struct cmd cmd_tlbi_nsnh_all(void);
struct cmd cmd_cfgi_cd(uint32_t sid, uint32_t ssid, bool leaf);
struct cmd cmd_cfgi_cd_all(uint32_t sid);
struct cmd cmd_atc_inv(uint32_t sid, uint32_t pasid, uint64_t addr, unsigned int size);	/* 4 KiB << size; 52: all */
struct cmd cmd_sync(void);
struct cmd cmd_range_4k(struct cmd c, unsigned int num, unsigned int scale, unsigned int ttl);

#endif /* TOUR_SMMUV3_H */
