/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which commands are legal, whatever else they hold (SMMUv3 §4.1, §4.4.1, §7.1). */
#include "smmu_bench.h"

#include "hwiommu/bits.h"

/* A 64-bit generator (Steele, Lea, Flood: splitmix). */
static uint64_t random64(uint64_t *x)
{
	uint64_t z = *x += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* What a unit must have for an opcode, written down from the fact sheet (7.3). */
enum need { NEVER, ALWAYS, S1, S2, HYP, ATS, PRI, STALL };

static enum need need_of(unsigned int op)
{
	switch (op) {
	case 0x01:
	case 0x02:
	case 0x03:
	case 0x04:
	case 0x30:
	case 0x46:
		return ALWAYS;
	case 0x05:
	case 0x06:
	case 0x10:
	case 0x11:
	case 0x12:
	case 0x13:
		return S1;
	case 0x20:
	case 0x21:
	case 0x22:
	case 0x23:
		return HYP;
	case 0x28:
	case 0x2a:
		return S2;
	case 0x40:
		return ATS;
	case 0x41:
		return PRI;
	case 0x44:
	case 0x45:
		return STALL;
	default:
		return NEVER;
	}
}

static bool has_feature(const struct hwi_smmuv3_config *c, enum need need)
{
	switch (need) {
	case ALWAYS:
		return true;
	case S1:
		return c->idr0 & HWI_BIT32(1);
	case S2:
		return c->idr0 & HWI_BIT32(0);
	case HYP:
		return c->idr0 & HWI_BIT32(9);
	case ATS:
		return c->idr0 & HWI_BIT32(10);
	case PRI:
		return c->idr0 & HWI_BIT32(16);
	case STALL:
		return (c->idr0 >> 24 & 3) != 1;
	default:
		return false;
	}
}

static bool has_range(unsigned int op)
{
	return op == 0x12 || op == 0x13 || op == 0x22 || op == 0x23 || op == 0x2a;
}

static bool has_ssec(unsigned int op)
{
	return (op >= 0x01 && op <= 0x06) || op == 0x44 || op == 0x45;
}

/* Point 28: TG says that there is a range, and NUM, SCALE and TTL that there is none. */
static bool range_reserved(uint64_t q0, uint64_t q1)
{
	unsigned int num = q0 >> 12 & 31, scale = q0 >> 20 & 31;
	unsigned int ttl = q1 >> 8 & 3, tg = q1 >> 10 & 3;

	if (tg == 2 && ttl == 1) /* 16K has no level 1 leaves without DS */
		ttl = 0;
	return tg && !num && !scale && !ttl;
}

static bool legal(const struct hwi_smmuv3_config *c, uint64_t q0, uint64_t q1)
{
	unsigned int op = q0 & 0xff;

	if (!has_feature(c, need_of(op)))
		return false;
	if (has_ssec(op) && (q0 >> 10 & 1))
		return false;
	if (has_range(op) && (c->idr3 >> 10 & 1) && range_reserved(q0, q1))
		return false;
	if (op == 0x40 && (q1 & 63) > 52)
		return false;
	if (op == 0x41 && (q1 >> 12 & 3) == 3)
		return false;
	return op != 0x46 || (q0 >> 12 & 3) != 3;
}

/* Through the queue; outstanding invalidations of ATCs are answered. */
static void expect(struct smmu_bench *b, uint64_t q0, uint64_t q1)
{
	uint32_t want = legal(&b->cfg, q0, q1) ? SMMU_CERROR_NONE : SMMU_CERROR_ILL;
	uint64_t at = sb_submit(b, q0, q1);

	(void)sb_run(b);
	if (sb_cmdq_error(b) != want)
		fail_msg("%016llx %016llx: CERROR %u", (unsigned long long)q0,
			 (unsigned long long)q1, sb_cmdq_error(b));
	if (want != SMMU_CERROR_NONE) {
		sb_w64(b, at, SMMU_CMD_SYNC);
		sb_w64(b, at + 8, 0);
		sb_gerror_ack(b);
		(void)sb_run(b);
	}
	for (unsigned int tag = 0; tag < 32; tag++) {
		if (hwi_ats_outstanding(b->unit) & HWI_BIT32(tag))
			hwi_ats_complete(b->unit, (uint32_t)(q0 >> 32), HWI_BIT32(tag), 1);
	}
	(void)sb_run(b);
	/* A CMD_SYNC's message may have gone nowhere. */
	if (sb_gerror(b) & SMMU_GERROR_MSI_CMDQ_ABT_ERR)
		sb_gerror_ack(b);
	assert_int_equal(sb_gerror(b), 0);
	assert_true(sb_cmdq_empty(b));
}

static void every_opcode(struct smmu_bench *b, unsigned int rounds, uint64_t seed)
{
	for (unsigned int op = 0; op < 256; op++) {
		expect(b, op, 0);
		for (unsigned int i = 0; i < rounds; i++) {
			uint64_t q0 = (random64(&seed) & ~UINT64_C(0xff)) | op;
			uint64_t q1 = random64(&seed);

			/* Small numbers are more telling than large ones. */
			if (i & 1) {
				q0 &= HWI_MASK64(34, 32) | HWI_MASK64(10, 0);
				q1 &= HWI_MASK64(13, 0);
			}
			if (op == 0x46)
				q1 &= 0xffffc; /* messages stay in memory; page 0 is free */
			if (op == 0x46 && q1 >= 4096)
				q1 &= 0xffc;
			expect(b, q0, q1);
		}
	}
}

/* Point 50: what the unit does not have is CERROR_ILL, not a no-op. */
/* covers: POINT_50 CMD_PREFETCH_* */
static void every_opcode_of_the_usual_unit(void **state)
{
	every_opcode(*state, 24, 1);
}

/* covers: CMD_PREFETCH_* */
static void every_opcode_of_smaller_units(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	/* Without ATS, PRI, stalls. */
	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_ATS | SMMU_IDR0_PRI | SMMU_IDR0_ATSRECERR);
	cfg.idr0 |= HWI_PUT32(SMMU_IDR0_STALL_MODEL, SMMU_STALL_MODEL_NONE);
	cfg.idr1 &= ~SMMU_IDR1_PRIQS;
	cfg.idr5 &= ~SMMU_IDR5_STALL_MAX;
	sb_remake(b, &cfg);
	sb_start(b);
	every_opcode(b, 6, 2);

	/* Stage 1 alone. */
	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_S2P | SMMU_IDR0_HYP | SMMU_IDR0_VMW | SMMU_IDR0_VMID16);
	sb_remake(b, &cfg);
	sb_start(b);
	every_opcode(b, 6, 3);

	/* Stage 2 alone, SMMUv3.1 without ranges. */
	sb_config(&cfg);
	cfg.idr0 &= ~(SMMU_IDR0_S1P | SMMU_IDR0_HYP | SMMU_IDR0_ATSRECERR);
	cfg.idr3 &= ~(SMMU_IDR3_HAD | SMMU_IDR3_E0PD | SMMU_IDR3_RIL);
	cfg.aidr = 1;
	sb_remake(b, &cfg);
	sb_start(b);
	every_opcode(b, 6, 4);
}

/* Point 28, by each command that has a range. */
/* covers: POINT_28 CMD_TLBI_NH_VA CMD_TLBI_NH_VAA CMD_TLBI_EL2_VA CMD_TLBI_EL2_VAA CMD_TLBI_S2_IPA */
static void the_reserved_range_is_illegal(void **state)
{
	static const uint8_t ops[] = { 0x12, 0x13, 0x22, 0x23, 0x2a };
	struct smmu_bench *b = *state;

	for (unsigned int i = 0; i < sizeof(ops); i++) {
		for (uint64_t tg = 0; tg < 4; tg++) {
			uint64_t q1 = tg << 10;

			if (tg)
				sb_refuse(b, ops[i], q1, SMMU_CERROR_ILL);
			else
				sb_do(b, ops[i], q1);
			sb_do(b, ops[i] | 1u << 12, q1);       /* NUM=1 */
			sb_do(b, ops[i] | 1u << 20, q1);       /* SCALE=1 */
			sb_do(b, ops[i], q1 | 3u << 8);	       /* TTL=3 */
			if (tg == 2) /* TTL=1 means nothing with 16K */
				sb_refuse(b, ops[i], q1 | 1u << 8, SMMU_CERROR_ILL);
			else
				sb_do(b, ops[i], q1 | 1u << 8);
		}
	}
}

/* SSec asks for the Secure state's streams; where there is none of it the bit is ignored. */
/* covers: CMD_CFGI_STE CMD_RESUME CMD_ATC_INV CMD_TLBI_NH_ALL */
static void ssec_is_illegal_where_it_exists(void **state)
{
	struct smmu_bench *b = *state;

	for (unsigned int op = 0; op < 256; op++) {
		if (need_of(op) == NEVER)
			continue;
		if (has_ssec(op)) {
			sb_refuse(b, op | SMMU_CMD0_SSEC, 0, SMMU_CERROR_ILL);
		} else {
			b->no_such_function = true;
			sb_do(b, op | SMMU_CMD0_SSEC, 0);
		}
	}
}

/* The translations that a command has dropped are told to the machine, and drained for. */
/* covers: CMD_TLBI_NSNH_ALL CMD_CFGI_STE */
static void an_invalidation_is_drained_once(void **state)
{
	struct smmu_bench *b = *state;

	sb_clear_logs(b);
	sb_sync(b);
	assert_int_equal(b->drains, 0);
	sb_do(b, SMMU_CMD_TLBI_NSNH_ALL, 0);
	assert_int_equal(b->drains, 0);
	sb_sync(b);
	assert_int_equal(b->drains, 1);
	sb_sync(b);
	assert_int_equal(b->drains, 1);
	sb_do(b, SMMU_CMD_CFGI_STE, 0);
	sb_sync(b);
	assert_int_equal(b->drains, 2);
	sb_do(b, SMMU_CMD_PREFETCH_CONFIG, 0);
	sb_do(b, SMMU_CMD_RESUME, 0);
	sb_sync(b);
	assert_int_equal(b->drains, 2);
}

/* covers: CMD_PRI_RESP */
static void page_responses_have_their_own_codes(void **state)
{
	static const uint8_t codes[] = { HWI_PRG_FAILURE, HWI_PRG_INVALID, HWI_PRG_SUCCESS };
	struct smmu_bench *b = *state;
	const uint64_t sid = HWI_PUT(SMMU_CMD0_SID, 0x123);

	for (uint64_t resp = 0; resp < 3; resp++) {
		sb_do(b, SMMU_CMD_PRI_RESP | sid, resp << 12 | 0x1ff);
		assert_int_equal(b->prgs, 2 * resp + 1);
		assert_int_equal(b->prg[2 * resp].requester, 0x123);
		assert_int_equal(b->prg[2 * resp].pasid, HWI_PASID_NONE);
		assert_int_equal(b->prg[2 * resp].prgi, 0x1ff);
		assert_int_equal(b->prg[2 * resp].code, codes[resp]);
		sb_do(b, SMMU_CMD_PRI_RESP | sid | SMMU_CMD0_SSV | HWI_PUT(SMMU_CMD0_SSID, 0xfffff),
		      resp << 12);
		assert_int_equal(b->prg[2 * resp + 1].pasid, 0xfffff);
		assert_int_equal(b->prg[2 * resp + 1].prgi, 0);
	}
	sb_refuse(b, SMMU_CMD_PRI_RESP | sid, 3u << 12, SMMU_CERROR_ILL);
	/* Ignored with SMMUEN=0, but illegal beats ignored (§4.1.3). */
	sb_cr0(b, SMMU_CR0_SMMUEN, false);
	sb_do(b, SMMU_CMD_PRI_RESP | sid, 0);
	assert_int_equal(b->prgs, 6);
	sb_refuse(b, SMMU_CMD_PRI_RESP | sid, 3u << 12, SMMU_CERROR_ILL);
}

/* IDR1.SSIDSIZE=0: the response goes out without a PASID, whatever SSV says (§4.5.2). */
/* covers: CMD_PRI_RESP REG_IDR1 */
static void without_substreams_responses_have_no_pasid(void **state)
{
	struct smmu_bench *b = *state;
	struct hwi_smmuv3_config cfg;

	sb_config(&cfg);
	cfg.idr1 &= ~SMMU_IDR1_SSIDSIZE;
	sb_remake(b, &cfg);
	sb_start(b);
	sb_do(b, SMMU_CMD_PRI_RESP | HWI_PUT(SMMU_CMD0_SID, 9) | SMMU_CMD0_SSV | HWI_PUT(SMMU_CMD0_SSID, 5),
	      2u << 12 | 7);
	assert_int_equal(b->prgs, 1);
	assert_int_equal(b->prg[0].requester, 9);
	assert_int_equal(b->prg[0].pasid, HWI_PASID_NONE);
	assert_int_equal(b->prg[0].prgi, 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sb_setup_started, sb_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_opcode_of_the_usual_unit),
		TEST(every_opcode_of_smaller_units),
		TEST(the_reserved_range_is_illegal),
		TEST(ssec_is_illegal_where_it_exists),
		TEST(an_invalidation_is_drained_once),
		TEST(page_responses_have_their_own_codes),
		TEST(without_substreams_responses_have_no_pasid),
	};

	return cmocka_run_group_tests_name("smmu_commands", tests, NULL, NULL);
}
