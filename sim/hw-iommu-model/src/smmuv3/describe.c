/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A unit's configuration as a line of text, for recordings; with it whether the
 * machine can hold stalled requests, which decides about what a fault does.
 */
#include <stdio.h>

#include "control.h"

#define FORMAT                                                                                   \
	"smmuv3 idr0=%x idr1=%x idr3=%x idr5=%x iidr=%x aidr=%x gbpa=%x l1std=%x ste=%x l1cd=%x " \
	"cd=%x tlb=%x walk-s1=%x walk-s2=%x ipa=%x cmdqv=%x vcmdqs=%x vintfs=%x sids=%x "         \
	"stalls=%x merge=%x"

void smmu_describe(const struct hwi_unit *unit, char *buf, size_t size)
{
	const struct smmu_unit *s = to_smmu_const(unit);
	const struct hwi_smmuv3_config *c = &s->cfg;
	const struct hwi_smmuv3_caches *k = &c->caches;
	const struct hwi_smmuv3_cmdqv *v = &c->cmdqv;

	(void)snprintf(buf, size, FORMAT, c->idr0, c->idr1, c->idr3, c->idr5, c->iidr, c->aidr,
		       c->gbpa, k->l1std, k->ste, k->l1cd, k->cd, k->tlb, k->walk_s1, k->walk_s2,
		       k->ipa, v->present, v->vcmdqs_log2, v->vintfs_log2, v->sids_log2,
		       s->lim.stall, c->merge_events);
}

enum hwi_status smmu_create_described(const char *line, const struct hwi_host_ops *ops,
				      void *opaque, struct hwi_unit **unit)
{
	unsigned int cmdqv, vcmdqs, vintfs, sids, can_hold, merge;
	struct hwi_smmuv3_config c = { 0 };
	enum hwi_status res;

	if (sscanf(line, FORMAT, &c.idr0, &c.idr1, &c.idr3, &c.idr5, &c.iidr, &c.aidr, &c.gbpa,
		   &c.caches.l1std, &c.caches.ste, &c.caches.l1cd, &c.caches.cd, &c.caches.tlb,
		   &c.caches.walk_s1, &c.caches.walk_s2, &c.caches.ipa, &cmdqv, &vcmdqs, &vintfs,
		   &sids, &can_hold, &merge) != 21 ||
	    vcmdqs > UINT8_MAX || vintfs > UINT8_MAX || sids > UINT8_MAX)
		return HWI_ECONFIG;
	c.cmdqv = (struct hwi_smmuv3_cmdqv){
		.present = cmdqv != 0,
		.vcmdqs_log2 = (uint8_t)vcmdqs,
		.vintfs_log2 = (uint8_t)vintfs,
		.sids_log2 = (uint8_t)sids,
	};
	c.merge_events = merge != 0;
	res = hwi_smmuv3_create(&c, ops, opaque, unit);
	if (res == HWI_OK && !can_hold)
		smmu_limits_no_stall(to_smmu(*unit));
	return res;
}
