/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Saved states: at every step of a story, and what of a damaged one is refused. */
#include "builders.h"

#include "hwiommu/bits.h"

#define SID 0x0100
#define DEV VTD_DSC_PUT_TYPE(VTD_DSC_dev_tlb_inv) | HWI_PUT(VTD_DEV_TLB_Q0_SID, SID)

static unsigned char *save(struct bench *b, size_t *size)
{
	unsigned char *buf;

	*size = hwi_save_size(b->unit);
	assert_int_equal(*size % 8, 0);
	buf = malloc(*size + 1);
	assert_non_null(buf);
	buf[*size] = 0xa5;
	assert_int_equal(hwi_save(b->unit, buf, *size - 1), HWI_ESPACE);
	assert_int_equal(hwi_save(b->unit, buf, *size), HWI_OK);
	assert_int_equal(buf[*size], 0xa5);
	return buf;
}

/* Another unit in the place of this one, with its state. */
static void move(struct bench *b)
{
	size_t size, size2;
	unsigned char *buf = save(b, &size), *buf2;

	hwi_destroy(b->unit);
	b->unit = NULL;
	assert_int_equal(hwi_vtd_create(&b->cfg, &b->ops, b, &b->unit), HWI_OK);
	assert_int_equal(hwi_restore(b->unit, buf, size), HWI_OK);
	buf2 = save(b, &size2);
	assert_int_equal(size, size2);
	assert_memory_equal(buf, buf2, size);
	free(buf);
	free(buf2);
}

/* A unit in the middle of many things, with every kind of cache filled. */
static uint64_t busy_unit(struct bench *b)
{
	uint64_t ss = bench_alloc(b, 1), fs = bench_alloc(b, 1);
	struct build_pe nested = pe_nested(3, VTD_AW_48, ss, VTD_FSPM_4, fs);
	uint64_t leaf;

	build_ss(b, ss, 4, 0, 0, 2, VTD_SS_R | VTD_SS_W);
	build_ss(b, ss, 4, 0x200000, 0x200000, 2, VTD_SS_R | VTD_SS_W);
	leaf = build_fs(b, fs, 4, 0x5000, 0xa0000, 1, VTD_FS_P | VTD_FS_RW | VTD_FS_US);
	build_scontext(b, SID, VTD_SCTX_Q0_DTE | VTD_SCTX_Q0_PASIDE | VTD_SCTX_Q0_PRE, 0, 0);
	build_pasid(b, SID, 9, nested.q);
	b->prq = bench_alloc(b, 1);
	bench_write64(b, VTD_REG_PQA, b->prq);
	bench_start_scalable(b);
	bench_start_queue(b, true, 1);
	bench_start_remapping(b, 7, true);
	bench_irte(b, 2, VTD_IRTE_Q0_P | HWI_PUT(VTD_IRTE_Q0_V, 0x66), 0);
	bench_unmask(b, VTD_REG_IECTL, 0xfee00000, 1);
	bench_write32(b, VTD_REG_PLMBASE, 0x40000000);
	bench_write32(b, VTD_REG_PLMLIMIT, 0x40000000);
	bench_write64(b, VTD_REG_PHMBASE, UINT64_C(0x40000000000));
	bench_write64(b, VTD_REG_PHMLIMIT, UINT64_C(0x40000000000));
	bench_expect(b, SID, 9, 0x5000, HWI_WRITE, 0xa0000);
	assert_int_equal(bench_interrupt_index(b, SID, 2).data & 0xff, 0x66);
	return leaf;
}

/* Every register comes back, in every block. */
/* covers: REG_RTADDR REG_FE* REG_IE* REG_PE* REG_P* REG_IQ* REG_IRTA REG_FRCD* REG_GSTS */
static void test_registers_come_back(void **state)
{
	struct bench *b = *state;
	uint32_t before[1024], i;

	(void)busy_unit(b);
	for (i = 0; i < 11; i++) /* records, overflow */
		(void)bench_dma(b, (uint16_t)(0x700 + i), 5, 0x1000, HWI_READ);
	bench_submit(b, VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_IF, 0);
	bench_submit(b, DEV, 0);
	bench_submit(b, DEV, 0);
	bench_submit(b, VTD_DSC_PUT_TYPE(15), 0);
	bench_run(b);
	hwi_ats_timeout(b->unit, 2);
	hwi_ats_complete(b->unit, 0x7654, 4, 1);
	assert_int_equal(bench_read64(b, VTD_REG_IQERCD),
			 UINT64_C(0x7654010000000000) | VTD_IQEI_TYPE);
	bench_write32(b, VTD_REG_PMEN, VTD_PMEN_EPM);
	bench_write32(b, VTD_REG_FEDATA, 0x1111);
	bench_write32(b, VTD_REG_FEADDR, 0x22222220);
	bench_write32(b, VTD_REG_PEDATA, 0x3333);
	bench_write32(b, VTD_REG_PEUADDR, 0xffffffff);
	for (i = 0; i < 1024; i++)
		before[i] = bench_read32(b, 4 * i);
	move(b);
	for (i = 0; i < 1024; i++)
		assert_int_equal(bench_read32(b, 4 * i), before[i]);
	/* Also what is latched and not readable: translation goes on. */
	assert_int_equal(bench_dma(b, SID, 9, 0x5000, HWI_WRITE).outcome, HWI_SUCCESS);
	assert_int_equal(hwi_ats_outstanding(b->unit), 1);
}

/* A stale entry is as stale after a restore; an invalidation finds it. */
static void test_caches_come_back(void **state)
{
	struct bench *b = *state;
	uint64_t leaf = busy_unit(b);

	bench_w64(b, leaf, 0xb0000 | VTD_FS_P | VTD_FS_RW | VTD_FS_US);
	bench_irte(b, 2, VTD_IRTE_Q0_P | HWI_PUT(VTD_IRTE_Q0_V, 0x67), 0);
	move(b);
	bench_expect(b, SID, 9, 0x5000, HWI_WRITE, 0xa0000);
	assert_int_equal(bench_interrupt_index(b, SID, 2).data & 0xff, 0x66);
	bench_inv_everything(b);
	bench_inv_iec(b);
	move(b);
	bench_expect(b, SID, 9, 0x5000, HWI_WRITE, 0xb0000);
	assert_int_equal(bench_interrupt_index(b, SID, 2).data & 0xff, 0x67);
}

static void page_request(struct bench *b)
{
	const struct hwi_page_request req = {
		.requester = SID, .pasid = 9, .addr = hwi_iova(0x5000), .access = HWI_READ, .last = true,
	};

	assert_int_equal(hwi_page_request(b->unit, &req), HWI_OK);
}

/*
 * A story with a queue, device TLBs, a drain, a command under way; moved before
 * step number @when. Its end is the same whenever that is.
 */
#define STEPS 14

static uint64_t story(struct bench *b, unsigned int when)
{
	uint64_t sum = 0;

	(void)busy_unit(b);
	for (unsigned int step = 0; step < STEPS; step++) {
		if (step == when)
			move(b);
		switch (step) {
		case 0:
			bench_submit(b, DEV, 0);
			bench_submit(b, DEV, 0x5000);
			break;
		case 1:
		case 4:
		case 6:
			hwi_step(b->unit, 1);
			break;
		case 2:
			b->busy = true;
			bench_submit(b,
				     VTD_DSC_PUT_TYPE(VTD_DSC_iotlb_inv) |
					     HWI_PUT(VTD_IOTLB_INV_Q0_G, 1),
				     0);
			bench_submit(b,
				     VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_SW |
					     VTD_WAIT_Q0_IF | VTD_WAIT_Q0_FN |
					     HWI_PUT(VTD_WAIT_Q0_DATA, 0x4321),
				     b->status);
			break;
		case 3:
			hwi_step(b->unit, 3);
			break;
		case 5:
			hwi_ats_complete(b->unit, SID, 1, 2);
			break;
		case 7:
			hwi_ats_complete(b->unit, SID, 3, 2);
			page_request(b);
			break;
		case 8:
			/* Tag 0 has its two; tag 1 needs one more. */
			assert_int_equal(hwi_ats_outstanding(b->unit), 2);
			hwi_step(b->unit, 10);
			bench_gcmd(b, VTD_GCMD_TE, false);
			break;
		case 9:
			hwi_ats_complete(b->unit, SID, 2, 2);
			hwi_step(b->unit, 10);
			assert_int_equal(bench_r32(b, b->status), 0);
			break;
		case 10:
			/* Refused there, not yet asked here. */
			assert_int_equal(hwi_pending(b->unit), when == 10);
			b->busy = false;
			assert_true(bench_gsts(b) & VTD_GSTS_TES);
			hwi_step(b->unit, 1);
			break;
		case 11:
			assert_false(bench_gsts(b) & VTD_GSTS_TES);
			hwi_step(b->unit, 10);
			break;
		case 12:
			assert_int_equal(bench_r32(b, b->status), 0x4321);
			assert_false(hwi_pending(b->unit));
			break;
		default:
			bench_gcmd(b, VTD_GCMD_TE, true);
			bench_expect(b, SID, 9, 0x5000, HWI_READ, 0xa0000);
			break;
		}
	}
	for (unsigned int i = 0; i < 1024; i++)
		sum = sum * 31 + bench_read32(b, 4 * i);
	return sum * 31 + b->msis * 7 + b->atss;
}

static void test_same_end_wherever_it_is_moved(void **state)
{
	struct bench *b = *state;
	uint64_t expected;

	expected = story(b, STEPS);
	for (unsigned int when = 0; when < STEPS; when++) {
		bench_remake(b, NULL);
		b->next_page = VTD_PAGE_SIZE;
		assert_true(story(b, when) == expected);
	}
}

static void expect_reset(struct bench *b)
{
	assert_int_equal(bench_gsts(b), 0);
	assert_int_equal(bench_read64(b, VTD_REG_RTADDR), 0);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS), 0);
	assert_int_equal(hwi_ats_outstanding(b->unit), 0);
	assert_false(hwi_pending(b->unit));
}

/* Every shorter and every longer state is refused and leaves a unit that was reset. */
static void test_wrong_length(void **state)
{
	struct bench *b = *state;
	size_t size;
	unsigned char *buf, *part;

	(void)busy_unit(b);
	bench_submit(b, DEV, 0);
	bench_run(b);
	buf = save(b, &size);
	for (size_t n = 0; n < size; n += n < 1024 ? 1 : 8) {
		part = malloc(n ? n : 1); /* of exactly this size: overruns are seen */
		assert_non_null(part);
		memcpy(part, buf, n);
		assert_int_equal(hwi_restore(b->unit, part, n), HWI_ESTATE);
		expect_reset(b);
		free(part);
	}
	part = calloc(1, size + 8);
	assert_non_null(part);
	memcpy(part, buf, size);
	assert_int_equal(hwi_restore(b->unit, part, size + 8), HWI_ESTATE);
	assert_int_equal(hwi_restore(b->unit, part, size + 1), HWI_ESTATE);
	expect_reset(b);
	assert_int_equal(hwi_restore(b->unit, part, size), HWI_OK);
	free(part);
	free(buf);
}

/* Version; configuration, each word of it. */
static void test_wrong_head(void **state)
{
	struct bench *b = *state;
	size_t size;
	unsigned char *buf = save(b, &size);

	for (unsigned int word = 0; word < 16; word++) {
		buf[8 * word] ^= 1;
		assert_int_equal(hwi_restore(b->unit, buf, size),
				 word == 1 ? HWI_EVERSION : HWI_ESTATE);
		buf[8 * word] ^= 1;
	}
	assert_int_equal(hwi_restore(b->unit, buf, size), HWI_OK);
	free(buf);
}

/* Every field of the configuration counts. */
static void test_another_configuration(void **state)
{
	struct bench *b = *state;
	size_t size;
	unsigned char *buf = save(b, &size);

	for (unsigned int field = 0; field < 15; field++) {
		struct hwi_vtd_config cfg;

		bench_config(&cfg);
		switch (field) {
		case 0:
			cfg.ver_major = 7;
			break;
		case 1:
			cfg.ver_minor = 1;
			break;
		case 2:
			cfg.haw = 51;
			break;
		case 3:
			cfg.regs_log2 = 13;
			break;
		case 4:
			cfg.cap &= ~VTD_CAP_ZLR;
			break;
		case 5:
			cfg.ecap &= ~VTD_ECAP_C;
			break;
		case 6:
			cfg.caches.context++;
			break;
		case 7:
			cfg.caches.pasid++;
			break;
		case 8:
			cfg.caches.first_stage++;
			break;
		case 9:
			cfg.caches.second_stage++;
			break;
		case 10:
			cfg.caches.iotlb++;
			break;
		case 11:
			cfg.caches.interrupt++;
			break;
		case 12:
			cfg.negative_caching = true;
			break;
		case 13:
			cfg.compress_faults = true;
			break;
		default:
			break;
		}
		bench_remake(b, &cfg);
		assert_int_equal(hwi_restore(b->unit, buf, size), field < 14 ? HWI_ESTATE : HWI_OK);
	}
	free(buf);
}

/* Where in the state the words of @pattern stand, which occurs once. */
static size_t find(const unsigned char *buf, size_t size, uint64_t pattern)
{
	size_t found = 0;

	for (size_t at = 0; at < size; at += 8) {
		if (hwi_ld64(buf + at) == pattern) {
			assert_int_equal(found, 0);
			found = at;
		}
	}
	assert_int_not_equal(found, 0);
	return found;
}

/* A register that holds what it cannot hold. */
static void test_impossible_registers(void **state)
{
	struct bench *b = *state;
	size_t size, at;
	unsigned char *buf;
	static const struct {
		uint32_t reg;
		unsigned int bytes;
		uint64_t good, bad;
	} cases[] = {
		{ VTD_REG_RTADDR, 8, 0x7654321000, 0x7654321001 },
		{ VTD_REG_IQA, 8, 0x7654321000, 0x7654321008 },
		{ VTD_REG_IQT, 8, 0x54320, 0x54328 },
		{ VTD_REG_PQH, 8, 0x54320, 0x54330 },
		{ VTD_REG_IRTA, 8, 0x7654321000, 0x7654321010 },
		{ VTD_REG_FEDATA, 4, 0x7654, 0x17654 },
		{ VTD_REG_FEADDR, 4, 0x76543210, UINT64_C(0x176543210) },
		{ VTD_REG_PHMBASE, 8, 0x7654200000, 0x7654200001 },
		{ VTD_REG_CCMD, 8, 0x4321, UINT64_C(0x400004321) },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bench_remake(b, NULL);
		hwi_mmio_write(b->unit, cases[i].reg, cases[i].bytes, cases[i].good);
		buf = save(b, &size);
		at = find(buf, size, cases[i].good);
		hwi_st64(buf + at, cases[i].bad);
		assert_int_equal(hwi_restore(b->unit, buf, size), HWI_ESTATE);
		expect_reset(b);
		free(buf);
	}
}

static enum hwi_status with(struct bench *b, unsigned char *buf, size_t size, size_t at,
			    uint64_t val)
{
	uint64_t was = hwi_ld64(buf + at);
	enum hwi_status res;

	hwi_st64(buf + at, val);
	res = hwi_restore(b->unit, buf, size);
	hwi_st64(buf + at, was);
	return res;
}

/* Indexes into the fault records: the last one is the end. Words by version 1 of the layout. */
#define REGISTERS (2 + 14)
#define FSTS_AT ((REGISTERS + 3) * 8)
#define FRCD_NEXT_AT ((REGISTERS + 33) * 8)

static void test_record_numbers(void **state)
{
	struct bench *b = *state;
	unsigned char *buf;
	size_t size;

	bench_start_legacy(b);
	for (unsigned int i = 0; i < 3; i++)
		(void)bench_dma(b, 1, HWI_PASID_NONE, 0x1000, HWI_READ);
	bench_clear_faults(b);
	(void)bench_dma(b, 1, HWI_PASID_NONE, 0x1000, HWI_READ);
	buf = save(b, &size);
	assert_int_equal(hwi_ld64(buf + FSTS_AT), HWI_PUT(VTD_FSTS_FRI, 3));
	assert_int_equal(hwi_ld64(buf + FRCD_NEXT_AT), 4);
	assert_int_equal(with(b, buf, size, FSTS_AT, HWI_PUT(VTD_FSTS_FRI, 7)), HWI_OK);
	assert_int_equal(with(b, buf, size, FSTS_AT, HWI_PUT(VTD_FSTS_FRI, 8)), HWI_ESTATE);
	assert_int_equal(with(b, buf, size, FRCD_NEXT_AT, 7), HWI_OK);
	assert_int_equal(with(b, buf, size, FRCD_NEXT_AT, 8), HWI_ESTATE);
	free(buf);
}

/* Tags, the wait and its tags: what can be outstanding and what cannot. */
static void test_impossible_work(void **state)
{
	struct bench *b = *state;
	unsigned char *buf;
	size_t size, tag, wait;

	bench_start_queue(b, true, 0);
	bench_submit(b,
		     VTD_DSC_PUT_TYPE(VTD_DSC_dev_tlb_inv) | HWI_PUT(VTD_DEV_TLB_Q0_SID, 0x7654),
		     0);
	bench_submit(b,
		     VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_IF |
			     HWI_PUT(VTD_WAIT_Q0_DATA, 0xabcdef),
		     0);
	bench_run(b);
	buf = save(b, &size);
	/* Tag: busy, source, completions. Wait: busy, drain, two words, tags, tags since. */
	tag = find(buf, size, 0x7654);
	wait = find(buf, size,
		    VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_IF |
			    HWI_PUT(VTD_WAIT_Q0_DATA, 0xabcdef));
	assert_int_equal(with(b, buf, size, tag, 0xffff), HWI_OK);
	assert_int_equal(with(b, buf, size, tag, 0x10000), HWI_ESTATE);
	assert_int_equal(with(b, buf, size, tag + 8, 7), HWI_OK);
	assert_int_equal(with(b, buf, size, tag + 8, 8), HWI_ESTATE);
	assert_int_equal(with(b, buf, size, tag - 8, 2), HWI_ESTATE);
	assert_int_equal(with(b, buf, size, tag - 8, 0), HWI_ESTATE); /* but the wait needs it */
	assert_int_equal(with(b, buf, size, wait + 16, 0), HWI_OK);
	assert_int_equal(with(b, buf, size, wait + 16, 1), HWI_OK);
	assert_int_equal(with(b, buf, size, wait + 16, 3), HWI_ESTATE);
	assert_int_equal(with(b, buf, size, wait + 24, 1), HWI_OK);
	assert_int_equal(with(b, buf, size, wait + 24, 2), HWI_ESTATE);
	assert_int_equal(with(b, buf, size, wait + 40, 31), HWI_OK); /* commands under way */
	assert_int_equal(with(b, buf, size, wait + 40, 32), HWI_ESTATE);
	free(buf);
}

/* No unit without interrupt remapping is about to turn it on. */
static void test_impossible_command(void **state)
{
	struct bench *b = *state;
	struct hwi_vtd_config cfg = b->cfg;
	const uint64_t q0 = VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | HWI_PUT(VTD_WAIT_Q0_DATA, 0xabcdef);
	unsigned char *buf;
	size_t size, wait;

	cfg.cap &= ~VTD_CAP_PI;
	cfg.ecap &= ~(VTD_ECAP_IR | VTD_ECAP_EIM | VTD_ECAP_MHMV);
	bench_remake(b, &cfg);
	bench_start_queue(b, true, 0);
	bench_submit(b, q0, 0);
	bench_run(b);
	buf = save(b, &size);
	wait = find(buf, size, q0);
	assert_int_equal(with(b, buf, size, wait + 40, 15), HWI_OK);
	assert_int_equal(with(b, buf, size, wait + 40, 16), HWI_ESTATE);
	free(buf);
}

/* What each word of the fixed part may hold: all ones in it are never taken. */
static void test_all_ones_in_each_word(void **state)
{
	struct bench *b = *state;
	size_t size;
	unsigned char *buf;
	unsigned int taken = 0;

	/* Without capabilities fewer words can hold anything. */
	for (unsigned int small = 0; small < 2; small++) {
		struct hwi_vtd_config cfg;

		bench_config(&cfg);
		if (small) {
			cfg.cap &= ~(VTD_CAP_FS1GP | VTD_CAP_FS5LP | VTD_CAP_PI | VTD_CAP_SAGAW);
			cfg.ecap &= VTD_ECAP_IRO | VTD_ECAP_C | VTD_ECAP_PT;
		}
		bench_remake(b, &cfg);
		buf = save(b, &size);
		for (size_t at = 16; at < size; at += 8) {
			uint64_t was = hwi_ld64(buf + at);
			enum hwi_status res;

			hwi_st64(buf + at, HWI_ALL64);
			res = hwi_restore(b->unit, buf, size);
			/* The two words of a fetched wait are as software wrote them. */
			taken += res == HWI_OK;
			if (res != HWI_OK)
				expect_reset(b);
			hwi_st64(buf + at, was);
			assert_int_equal(hwi_restore(b->unit, buf, size), HWI_OK);
		}
		free(buf);
	}
	assert_int_equal(taken, 4);
}

/* Bits flipped anywhere: refused or taken, and the unit lives on. */
static void test_damaged_states_are_harmless(void **state)
{
	struct bench *b = *state;
	uint64_t x = 0x9e3779b97f4a7c15u;
	unsigned int taken = 0, refused = 0;
	unsigned char *buf;
	size_t size;

	(void)busy_unit(b);
	bench_submit(b, DEV, 0);
	bench_run(b);
	buf = save(b, &size);
	for (unsigned int i = 0; i < 4000; i++) {
		size_t bit;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		bit = (size_t)(x >> 11) % (size * 8);
		buf[bit / 8] ^= (unsigned char)(1u << bit % 8);
		if (hwi_restore(b->unit, buf, size) == HWI_OK) {
			taken++;
			(void)bench_dma(b, SID, 9, 0x5000, HWI_WRITE);
			(void)bench_dma(b, SID, 9, 0x7000, HWI_READ);
			(void)bench_interrupt_index(b, SID, 2);
			page_request(b);
			hwi_ats_complete(b->unit, SID, 1, 1);
			hwi_step(b->unit, 100);
			(void)hwi_save_size(b->unit);
		} else {
			refused++;
			expect_reset(b);
		}
		buf[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	assert_true(taken > 0 && refused > 0);
	free(buf);
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_registers_come_back),
		T(test_caches_come_back),
		T(test_same_end_wherever_it_is_moved),
		T(test_wrong_length),
		T(test_wrong_head),
		T(test_another_configuration),
		T(test_impossible_registers),
		T(test_record_numbers),
		T(test_impossible_work),
		T(test_impossible_command),
		T(test_all_ones_in_each_word),
		T(test_damaged_states_are_harmless),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
