/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The tours, in their order. Steps that look at fault records are in two groups with others between them: the VT-d driver
 * prints three in five seconds. Those that cause more faults without looking at the records are at the end.
 */
#ifndef STEPS_LIST_H
#define STEPS_LIST_H

#define VTD_STEPS(x)							\
	x("identity",			step_vtd_identity)		\
	x("paging-copy",		step_paging_copy)		\
	x("paging-huge",		step_paging_huge)		\
	x("fill-compare",		step_fill_compare)		\
	x("atomics",			step_atomics)			\
	x("write-log",			step_write_log)			\
	x("msix",			step_msix)			\
	x("ring",			step_ring)			\
	x("unmapped-refused",		step_unmapped_refused)		\
	x("readonly-refused",		step_readonly_refused)		\
	x("nested-copy",		step_vtd_nested_copy)		\
	x("nested-large-page",		step_vtd_nested_large_page)	\
	x("nested-stale-invalidate",	step_vtd_nested_stale)		\
	x("nested-5level",		step_vtd_nested_5level)		\
	x("dirty-tracking",		step_dirty_tracking)		\
	x("dirty-tracking-stale",	step_dirty_tracking_stale)	\
	x("nested-dirty",		step_vtd_nested_dirty)		\
	x("pasid-two-spaces",		step_pasid_two_spaces)		\
	x("pasid-nested",		step_vtd_pasid_nested)		\
	x("pasid-replace",		step_pasid_replace)		\
	x("page-request",		step_page_request)		\
	x("page-request-refused",	step_page_request_refused)	\
	x("page-request-nested",	step_vtd_page_request_nested)	\
	x("page-request-many",		step_page_request_many)		\
	x("page-request-detach",	step_page_request_detach)	\
	x("ats-invalidate",		step_ats_invalidate)		\
	x("ats-deaf-device",		step_ats_deaf_device)		\
	x("ats-nested",			step_vtd_ats_nested)		\
	x("pasid-ats",			step_pasid_ats)			\
	x("two-engines",		step_two_engines)		\
	x("bus-master-off",		step_bus_master_off)		\
	x("map-unmap-loop",		step_map_unmap_loop)		\
	x("reset",			step_reset)			\
	x("sriov-vf",			step_sriov_vf)			\
	x("nested-refused",		step_vtd_nested_refused)	\
	x("pasid-unattached",		step_pasid_unattached)		\
	x("nested-flags",		step_vtd_nested_flags)		\
	x("nested-garbage",		step_vtd_nested_garbage)	\
	x("unmap-takes-effect",		step_unmap_takes_effect)	\
	x("replace-under-load",		step_replace_under_load)	\
	x("detach-under-load",		step_detach_under_load)		\
	x("kernel-log-clean",		step_kernel_log_clean)

#define SMMUV3_STEPS(x)							\
	x("identity",			step_smmuv3_identity)		\
	x("paging-copy",		step_paging_copy)		\
	x("paging-huge",		step_paging_huge)		\
	x("fill-compare",		step_fill_compare)		\
	x("atomics",			step_atomics)			\
	x("write-log",			step_write_log)			\
	x("msix",			step_msix)			\
	x("ring",			step_ring)			\
	x("unmapped-refused",		step_unmapped_refused)		\
	x("readonly-refused",		step_readonly_refused)		\
	x("nested-copy",		step_smmuv3_nested_copy)	\
	x("nested-granules",		step_smmuv3_nested_granules)	\
	x("nested-stale-invalidate",	step_smmuv3_nested_stale)	\
	x("nested-cd-invalidate",	step_smmuv3_nested_cd)		\
	x("nested-bypass-abort",	step_smmuv3_nested_bypass_abort)\
	x("nested-limits",		step_smmuv3_nested_limits)	\
	x("nested-events",		step_smmuv3_vevents)		\
	x("nested-silent",		step_smmuv3_silent)		\
	x("nested-stage2-faults",	step_smmuv3_stage2_faults)	\
	x("nested-pasid",		step_smmuv3_nested_pasid)	\
	x("nested-msi",			step_smmuv3_nested_msi)		\
	x("dirty-tracking",		step_dirty_tracking)		\
	x("dirty-tracking-stale",	step_dirty_tracking_stale)	\
	x("pasid-two-spaces",		step_pasid_two_spaces)		\
	x("pasid-replace",		step_pasid_replace)		\
	x("page-request",		step_page_request)		\
	x("stall",			step_smmuv3_stall)		\
	x("stall-refused",		step_smmuv3_stall_refused)	\
	x("stall-nested",		step_smmuv3_stall_nested)	\
	x("ats-invalidate",		step_ats_invalidate)		\
	x("ats-deaf-device",		step_ats_deaf_device)		\
	x("ats-nested",			step_smmuv3_ats_nested)		\
	x("pasid-ats",			step_pasid_ats)			\
	x("cmdqv-identity",		step_smmuv3_cmdqv_identity)	\
	x("cmdqv-invalidate",		step_smmuv3_cmdqv_invalidate)	\
	x("cmdqv-error",		step_smmuv3_cmdqv_error)	\
	x("two-engines",		step_two_engines)		\
	x("bus-master-off",		step_bus_master_off)		\
	x("map-unmap-loop",		step_map_unmap_loop)		\
	x("reset",			step_reset)			\
	x("sriov-vf",			step_sriov_vf)			\
	x("pasid-unattached",		step_pasid_unattached)		\
	x("nested-garbage",		step_smmuv3_nested_garbage)	\
	x("unmap-takes-effect",		step_unmap_takes_effect)	\
	x("replace-under-load",		step_replace_under_load)	\
	x("detach-under-load",		step_detach_under_load)		\
	x("kernel-log-clean",		step_kernel_log_clean)

#define DECLARE_STEP(id, fn)	void fn(void);

VTD_STEPS(DECLARE_STEP)
SMMUV3_STEPS(DECLARE_STEP)

#endif /* STEPS_LIST_H */
