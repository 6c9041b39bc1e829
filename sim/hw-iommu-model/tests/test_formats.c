/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Page-table formats by themselves (src/formats): what is built is read back. */
#include "bench.h"

#include "formats/vtd_fs.h"
#include "formats/vtd_ss.h"
#include "hwiommu/bits.h"

static const struct hwi_pt_builder ss_builder = VTD_SS_BUILDER;
static const struct hwi_pt_builder fs_builder = VTD_FS_BUILDER;

static void round_trip(const struct hwi_pt_format *f, const struct hwi_pt_builder *b,
		       const struct hwi_pt_rules *r, unsigned int all)
{
	const uint64_t at = UINT64_C(0x123456789000);

	for (unsigned int level = 1; level <= 3; level++) {
		uint64_t page = at >> hwi_pt_shift(f, level) << hwi_pt_shift(f, level);
		uint64_t e = b->leaf(r, page, level, all);

		assert_int_equal(f->kind(r, e, level), HWI_PT_LEAF);
		assert_int_equal(f->rights(r, e), all);
		assert_int_equal(hwi_pt_leaf_addr(f, e, level), page);
		assert_int_equal(hwi_pt_reserved(r, e, level, HWI_PT_LEAF), 0);
		assert_int_equal(f->rights(r, b->leaf(r, page, level, HWI_PT_READ)), HWI_PT_READ);
	}
	for (unsigned int level = 2; level <= HWI_PT_LEVELS; level++) {
		uint64_t e = b->table(r, at, all);

		assert_int_equal(f->kind(r, e, level), HWI_PT_TABLE);
		assert_int_equal(e & f->addr, at);
		assert_int_equal(f->rights(r, e), all);
		assert_int_equal(hwi_pt_reserved(r, e, level, HWI_PT_TABLE), 0);
	}
	for (unsigned int level = 1; level <= HWI_PT_LEVELS; level++)
		assert_int_equal(f->kind(r, 0, level), HWI_PT_EMPTY);
}

static void test_second_stage(void **state)
{
	struct hwi_vtd_config cfg;
	struct hwi_pt_rules r;

	(void)state;
	hwi_vtd_config_init(&cfg);
	for (unsigned int ssirwe = 0; ssirwe < 2; ssirwe++) {
		vtd_ss_rules(&r, cfg.cap, cfg.ecap, cfg.haw, ssirwe, false);
		round_trip(&vtd_ss_format, &ss_builder, &r, HWI_PT_READ | HWI_PT_WRITE);
		assert_int_equal(r.accessed | r.dirty, 0);
		vtd_ss_rules(&r, cfg.cap, cfg.ecap, cfg.haw, ssirwe, true);
		round_trip(&vtd_ss_format, &ss_builder, &r, HWI_PT_READ | HWI_PT_WRITE);
		assert_int_equal(r.accessed | r.dirty, VTD_SS_A | VTD_SS_D);
	}
}

static void test_first_stage(void **state)
{
	struct hwi_vtd_config cfg;
	struct hwi_pt_rules r;

	(void)state;
	hwi_vtd_config_init(&cfg);
	for (unsigned int eafe = 0; eafe < 2; eafe++) {
		vtd_fs_rules(&r, cfg.cap, cfg.haw, eafe);
		round_trip(&vtd_fs_format, &fs_builder, &r,
			   HWI_PT_READ | HWI_PT_WRITE | HWI_PT_USER);
		assert_int_equal(r.accessed, VTD_FS_A | (eafe ? VTD_FS_EA : 0));
	}
}

static void test_geometry(void **state)
{
	(void)state;
	assert_int_equal(hwi_pt_shift(&vtd_fs_format, 1), 12);
	assert_int_equal(hwi_pt_shift(&vtd_fs_format, 5), 48);
	assert_int_equal(hwi_pt_entry_at(&vtd_ss_format, 0x1000, HWI_BIT64(39) * 3, 4), 0x1018);
	assert_int_equal(hwi_pt_entry_at(&vtd_ss_format, 0x1000, UINT64_C(0x1ff000), 1), 0x1ff8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_second_stage),
		cmocka_unit_test(test_first_stage),
		cmocka_unit_test(test_geometry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
