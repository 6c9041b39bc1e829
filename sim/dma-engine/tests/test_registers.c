// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* BAR 0 as the data sheet says, and the face of the library around it. */
#include "machine.h"

static void identity_and_capabilities(void **state)
{
	struct machine *m = *state;
	uint32_t cap0 = rd32(m, HWDMA_CAP0);

	assert_memory_equal(&(uint32_t){ HWDMA_ID_VALUE }, "HWDM", 4);
	assert_int_equal(rd32(m, HWDMA_ID), HWDMA_ID_VALUE);
	assert_int_equal(rd32(m, HWDMA_VERSION), HWDMA_VERSION_VALUE);
	assert_int_equal(rd64(m, HWDMA_ID), HWDMA_ID_VALUE | (uint64_t)HWDMA_VERSION_VALUE << 32);
	assert_int_equal(HWDMA_CAP0_CHANNELS(cap0), 4);
	assert_int_equal(HWDMA_CAP0_RING_LOG2(cap0), 12);
	assert_int_equal(HWDMA_CAP0_LEN_LOG2(cap0), 40);
	assert_int_equal(HWDMA_CAP0_VECTORS(cap0), 16);
	assert_int_equal(rd32(m, HWDMA_CAP1), HWDMA_CAP1_PASID | HWDMA_CAP1_EXEC | HWDMA_CAP1_PRIV |
						      HWDMA_CAP1_ATS | HWDMA_CAP1_PRI);
	assert_int_equal(rd32(m, HWDMA_ATC_MAX), 64);
	assert_int_equal(rd32(m, HWDMA_LOG_CAPACITY), 16);
}

static void status_shows_what_config_space_enables(void **state)
{
	struct machine *m = *state;
	struct hwdma_enables en = { .pasid = true };

	assert_int_equal(rd32(m, HWDMA_STATUS), HWDMA_STATUS_BME | HWDMA_STATUS_PASID |
			 HWDMA_STATUS_EXEC | HWDMA_STATUS_PRIV | HWDMA_STATUS_ATS |
			 HWDMA_STATUS_PRI);
	hwdma_set_enables(m->e, &en);
	assert_int_equal(rd32(m, HWDMA_STATUS), HWDMA_STATUS_PASID);
}

static void absent_capabilities_cannot_be_enabled(void **state)
{
	struct hwdma_config cfg = { .channels = 1, .vf = true };
	struct machine *m = machine_new(&cfg);
	struct hwdma_enables en = { .bus_master = true, .pasid = true, .exec = true, .priv = true,
				    .ats = true, .pri = true };

	(void)state;
	hwdma_set_enables(m->e, &en);
	assert_int_equal(rd32(m, HWDMA_STATUS), HWDMA_STATUS_BME);
	assert_int_equal(rd32(m, HWDMA_CAP1), HWDMA_CAP1_VF);
	machine_free(m);
}

static void odd_sizes_read_ones_and_write_nothing(void **state)
{
	struct machine *m = *state;

	assert_int_equal(hwdma_mmio_read(m->e, HWDMA_ID, 1), 0xff);
	assert_int_equal(hwdma_mmio_read(m->e, HWDMA_ID, 2), 0xffff);
	assert_int_equal(hwdma_mmio_read(m->e, HWDMA_ID + 2, 4), 0xffffffff);
	assert_true(hwdma_mmio_read(m->e, HWDMA_ID + 4, 8) == UINT64_MAX);
	assert_true(hwdma_mmio_read(m->e, HWDMA_BAR_SIZE, 8) == UINT64_MAX);
	assert_true(hwdma_mmio_read(m->e, UINT64_MAX - 7, 8) == UINT64_MAX);
	hwdma_mmio_write(m->e, HWDMA_LAT_REQ, 2, 0x1234);
	hwdma_mmio_write(m->e, HWDMA_LAT_REQ + 4, 8, UINT64_MAX);
	hwdma_mmio_write(m->e, HWDMA_BAR_SIZE - 4, 8, UINT64_MAX);
	assert_int_equal(rd64(m, HWDMA_LAT_REQ), 0);
}

static void unnamed_offsets_read_zero(void **state)
{
	struct machine *m = *state;
	static const uint64_t unnamed[] = {
		0x0040, 0x0240, 0x0ffc, HWDMA_CH(0) + 0xa0, HWDMA_CH(0) + 0xffc, HWDMA_CH(4),
		HWDMA_CH(4) + HWDMA_CH_DESC, HWDMA_BAR_SIZE - 4,
	};

	for (unsigned int i = 0; i < sizeof(unnamed) / sizeof(*unnamed); i++) {
		wr32(m, unnamed[i], 0xffffffff);
		assert_int_equal(rd32(m, unnamed[i]), 0);
	}
	/* write-only registers read as zero */
	assert_int_equal(rd32(m, HWDMA_INT_TRIGGER), 0);
	assert_int_equal(rd32(m, HWDMA_CTRL), 0);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_DOORBELL), 0);
}

static void wide_registers_are_two_halves(void **state)
{
	struct machine *m = *state;
	static const uint64_t wide[] = {
		HWDMA_LAT_START, HWDMA_LAT_REQ, HWDMA_LAT_ATS, HWDMA_ATC_PROBE_IOVA,
		HWDMA_PRI_TIMEOUT, HWDMA_CH(1) + HWDMA_CH_DESC + HWDMA_DESC_SRC,
	};

	for (unsigned int i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
		wr64(m, wide[i], 0x1122334455667788ull);
		assert_true(rd64(m, wide[i]) == 0x1122334455667788ull);
		wr32(m, wide[i] + 4, 0xaabbccdd);
		assert_true(rd64(m, wide[i]) == 0xaabbccdd55667788ull);
		wr32(m, wide[i], 1);
		assert_true(rd64(m, wide[i]) == 0xaabbccdd00000001ull);
	}
}

static void ranged_registers_clamp(void **state)
{
	struct machine *m = *state;
	static const struct { uint64_t reg; uint32_t low, high, reset; } r[] = {
		{ HWDMA_MAX_PAYLOAD, 64, 4096, 4096 },
		{ HWDMA_ATC_NPAGES, 1, 8, 1 },
		{ HWDMA_PRI_LIMIT, 1, 32, 32 },
		{ HWDMA_PRI_RETRIES, 1, 255, 4 },
		{ HWDMA_PRI_GROUP, 1, 16, 1 },
	};

	for (unsigned int i = 0; i < sizeof(r) / sizeof(*r); i++) {
		assert_int_equal(rd32(m, r[i].reg), r[i].reset);
		wr32(m, r[i].reg, 0);
		assert_int_equal(rd32(m, r[i].reg), r[i].low);
		wr32(m, r[i].reg, UINT32_MAX);
		assert_int_equal(rd32(m, r[i].reg), r[i].high);
	}
	wr32(m, HWDMA_ATC_CAPACITY, UINT32_MAX);
	assert_int_equal(rd32(m, HWDMA_ATC_CAPACITY), 64);
	wr32(m, HWDMA_CH(0) + HWDMA_CH_RING_SIZE, UINT32_MAX);
	assert_int_equal(rd32(m, HWDMA_CH(0) + HWDMA_CH_RING_SIZE), 12);
	wr64(m, HWDMA_CH(0) + HWDMA_CH_RING_BASE, UINT64_MAX);
	assert_true(rd64(m, HWDMA_CH(0) + HWDMA_CH_RING_BASE) == (UINT64_MAX & ~63ull));
}

static void reading_has_no_side_effect(void **state)
{
	struct machine *m = *state;
	uint8_t before[65536], after[65536];
	size_t used;

	machine_map_all(m);
	machine_do(m, 0, &(struct hwdma_desc){ .op = HWDMA_OP_FILL, .dst = IOVA(0), .len = 9 });
	assert_int_equal(hwdma_save(m->e, before, sizeof(before), &used), HWDMA_OK);
	for (uint64_t at = 0; at < HWDMA_BAR_SIZE; at += 8)
		rd64(m, at);
	assert_int_equal(hwdma_save(m->e, after, sizeof(after), &used), HWDMA_OK);
	assert_memory_equal(before, after, used);
}

static void configurations_that_make_no_sense_are_refused(void **state)
{
	static const struct hwdma_config bad[] = {
		{ .channels = 16 }, { .vectors = 256 }, { .ring_log2 = 17 }, { .len_log2 = 11 },
		{ .len_log2 = 49 }, { .atc_max = (1u << 20) + 1 }, { .log_entries = (1u << 20) + 1 },
		{ .atc_max = 4, .atc_capacity = 5 }, { .exec = true }, { .priv = true },
		{ .pri = true },
	};
	struct hwdma_ops ops = *machine_ops();
	struct hwdma *e = (struct hwdma *)&ops;

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(hwdma_create(&e, &bad[i], &ops, NULL), HWDMA_E_CONFIG);
		assert_null(e);
	}
	for (size_t i = 0; i < sizeof(ops) / sizeof(void *); i++) {
		ops = *machine_ops();
		memset((char *)&ops + i * sizeof(void *), 0, sizeof(void *));
		assert_int_equal(hwdma_create(&e, NULL, &ops, NULL), HWDMA_E_OPS);
	}
	assert_int_equal(hwdma_create(&e, NULL, NULL, NULL), HWDMA_E_OPS);
	assert_int_equal(hwdma_create(&e, NULL, machine_ops(), NULL), HWDMA_OK);
	hwdma_destroy(e);
	hwdma_destroy(NULL);
}

static void a_lack_of_memory_is_an_error_and_no_leak(void **state)
{
	struct hwdma *e;

	(void)state;
	for (int i = 0; i < 5; i++) {
		machine_calloc_fails = i;
		assert_int_equal(hwdma_create(&e, NULL, machine_ops(), NULL), HWDMA_E_MEMORY);
		assert_null(e);
	}
	machine_calloc_fails = -1;
}

static void every_error_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < HWDMA_ERR_MAX; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(hwdma_errname(i), hwdma_errname(j));
	assert_string_equal(hwdma_errname(HWDMA_ERR_MAX), "unknown");
	for (int i = 0; i <= HWDMA_E_STATE; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(hwdma_strerror((enum hwdma_error)i),
						hwdma_strerror((enum hwdma_error)j));
	assert_string_equal(hwdma_strerror((enum hwdma_error)99), "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, machine_setup, machine_teardown)
		T(identity_and_capabilities),
		T(status_shows_what_config_space_enables),
		T(absent_capabilities_cannot_be_enabled),
		T(odd_sizes_read_ones_and_write_nothing),
		T(unnamed_offsets_read_zero),
		T(wide_registers_are_two_halves),
		T(ranged_registers_clamp),
		T(reading_has_no_side_effect),
		T(configurations_that_make_no_sense_are_refused),
		T(a_lack_of_memory_is_an_error_and_no_leak),
		T(every_error_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
