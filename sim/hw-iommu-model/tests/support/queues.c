/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The bench: invalidation queue, fault records, requests, interrupts. */
#include "bench.h"

#include "hwiommu/bits.h"

void bench_start_queue(struct bench *b, bool wide, unsigned int qs)
{
	b->dsc = wide ? VTD_DSC_SIZE_256 : VTD_DSC_SIZE_128;
	b->queue_size = (uint64_t)VTD_PAGE_SIZE << qs;
	b->iqa = bench_alloc(b, 1u << qs);
	if (!b->status)
		b->status = bench_alloc(b, 1);
	bench_write64(b, VTD_REG_IQT, 0);
	bench_write64(b, VTD_REG_IQA,
		      b->iqa | (wide ? VTD_IQA_DW : 0) | HWI_PUT(VTD_IQA_QS, qs));
	bench_gcmd(b, VTD_GCMD_QIE, true);
	assert_true(bench_gsts(b) & VTD_GSTS_QIES);
}

uint64_t bench_submit4(struct bench *b, const uint64_t q[4])
{
	uint64_t tail = bench_read64(b, VTD_REG_IQT);

	for (unsigned int i = 0; i < b->dsc / 8; i++)
		bench_w64(b, b->iqa + tail + 8 * (uint64_t)i, q[i]);
	bench_write64(b, VTD_REG_IQT, (tail + b->dsc) % b->queue_size);
	return b->iqa + tail;
}

uint64_t bench_submit(struct bench *b, uint64_t q0, uint64_t q1)
{
	const uint64_t q[4] = { q0, q1 };

	return bench_submit4(b, q);
}

unsigned int bench_run(struct bench *b)
{
	unsigned int done = hwi_step(b->unit, 100000);

	assert_true(done < 100000);
	assert_false(hwi_pending(b->unit));
	return done;
}

void bench_do(struct bench *b, uint64_t q0, uint64_t q1)
{
	bench_submit(b, q0, q1);
	bench_run(b);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS) & VTD_FSTS_IQE, 0);
	assert_int_equal(bench_read64(b, VTD_REG_IQH), bench_read64(b, VTD_REG_IQT));
}

bool bench_wait(struct bench *b)
{
	uint32_t cookie = ++b->cookie;

	bench_submit(b,
		     VTD_DSC_PUT_TYPE(VTD_DSC_inv_wait) | VTD_WAIT_Q0_SW |
			     HWI_PUT(VTD_WAIT_Q0_DATA, cookie),
		     b->status);
	bench_run(b);
	return bench_r32(b, b->status) == cookie;
}

void bench_inv_context(struct bench *b)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_cc_inv) | HWI_PUT(VTD_CC_Q0_G, VTD_CC_G_GLOBAL), 0);
}

void bench_inv_pasid(struct bench *b)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_pc_inv) | HWI_PUT(VTD_PC_Q0_G, VTD_PC_G_GLOBAL), 0);
}

void bench_inv_iotlb(struct bench *b)
{
	bench_do(b,
		 VTD_DSC_PUT_TYPE(VTD_DSC_iotlb_inv) |
			 HWI_PUT(VTD_IOTLB_INV_Q0_G, VTD_IOTLB_INV_G_GLOBAL),
		 0);
}

void bench_inv_iec(struct bench *b)
{
	bench_do(b, VTD_DSC_PUT_TYPE(VTD_DSC_iec_inv), 0);
}

void bench_inv_everything(struct bench *b)
{
	bench_inv_context(b);
	if (HWI_GET(VTD_RTADDR_TTM, bench_read64(b, VTD_REG_RTADDR)) != VTD_TTM_LEGACY)
		bench_inv_pasid(b);
	bench_inv_iotlb(b);
}

static uint64_t frcd(const struct bench *b, unsigned int n)
{
	return VTD_BASE_FRO(b->cfg.cap) + (uint64_t)n * VTD_FRCD_SIZE;
}

struct bench_record bench_record(struct bench *b, unsigned int n)
{
	uint64_t lo = bench_read64(b, frcd(b, n) + VTD_FRO_FRCD_LO);
	uint64_t hi = bench_read64(b, frcd(b, n) + VTD_FRO_FRCD_HI);

	assert_int_equal(lo & VTD_FRCD_LO_RSVD, 0);
	assert_int_equal(hi & VTD_FRCD_HI_RSVD, 0);
	return (struct bench_record){
		.f = hi & VTD_FRCD_HI_F,
		.reason = (uint8_t)HWI_GET(VTD_FRCD_HI_FR, hi),
		.sid = (uint16_t)HWI_GET(VTD_FRCD_HI_SID, hi),
		.pp = hi & VTD_FRCD_HI_PP,
		.pasid = HWI_GET32(VTD_FRCD_HI_PV, hi),
		.exe = hi & VTD_FRCD_HI_EXE,
		.priv = hi & VTD_FRCD_HI_PRIV,
		.type = (hi & VTD_FRCD_HI_T1 ? 2u : 0u) | (hi & VTD_FRCD_HI_T2 ? 1u : 0u),
		.at = HWI_GET32(VTD_FRCD_HI_AT, hi),
		.fi = lo & VTD_FRCD_LO_FI,
	};
}

/* As Linux does: the top dword alone. */
void bench_clear_record(struct bench *b, unsigned int n)
{
	bench_write32(b, frcd(b, n) + VTD_FRO_FRCD_HI + 4, (uint32_t)(VTD_FRCD_HI_F >> 32));
}

static unsigned int record_count(const struct bench *b)
{
	return HWI_GET32(VTD_CAP_NFR, b->cfg.cap) + 1;
}

unsigned int bench_records(struct bench *b)
{
	unsigned int count = 0;

	for (unsigned int n = 0; n < record_count(b); n++)
		count += bench_record(b, n).f;
	return count;
}

void bench_clear_faults(struct bench *b)
{
	for (unsigned int n = 0; n < record_count(b); n++)
		bench_clear_record(b, n);
	bench_write32(b, VTD_REG_FSTS, VTD_FSTS_EVENT_MASK);
}

struct bench_record bench_expect_fault(struct bench *b, uint8_t reason, uint16_t sid)
{
	uint32_t fsts = bench_read32(b, VTD_REG_FSTS);
	struct bench_record r;

	assert_int_equal(bench_records(b), 1);
	assert_true(fsts & VTD_FSTS_PPF);
	r = bench_record(b, HWI_GET32(VTD_FSTS_FRI, fsts));
	assert_true(r.f);
	assert_int_equal(r.reason, reason);
	assert_int_equal(r.sid, sid);
	bench_clear_faults(b);
	return r;
}

void bench_expect_no_fault(struct bench *b)
{
	assert_int_equal(bench_records(b), 0);
	assert_int_equal(bench_read32(b, VTD_REG_FSTS) & VTD_FSTS_EVENT_MASK, 0);
}

void bench_unmask(struct bench *b, uint32_t ctl, uint64_t addr, uint16_t data)
{
	/* DATA, ADDR and UADDR follow CTL in all three blocks. */
	bench_write32(b, ctl + 4, data);
	bench_write32(b, ctl + 8, (uint32_t)addr);
	bench_write32(b, ctl + 12, (uint32_t)(addr >> 32));
	bench_write32(b, ctl, 0);
}

struct hwi_response bench_request(struct bench *b, unsigned int kind, uint16_t sid, uint32_t pasid,
				  uint64_t addr, unsigned int access)
{
	const struct hwi_request req = {
		.requester = sid,
		.pasid = pasid,
		.addr = hwi_iova(addr),
		.length = access & HWI_ZLR ? 0 : 4,
		.kind = (uint8_t)kind,
		.access = (uint8_t)access,
	};
	struct hwi_response resp;

	assert_int_equal(hwi_translate(b->unit, &req, &resp), HWI_OK);
	return resp;
}

struct hwi_response bench_dma(struct bench *b, uint16_t sid, uint32_t pasid, uint64_t addr,
			      unsigned int access)
{
	return bench_request(b, HWI_UNTRANSLATED, sid, pasid, addr, access);
}

void bench_expect(struct bench *b, uint16_t sid, uint32_t pasid, uint64_t addr,
		  unsigned int access, uint64_t out)
{
	struct hwi_response r = bench_dma(b, sid, pasid, addr, access);

	assert_int_equal(r.outcome, HWI_SUCCESS);
	assert_int_equal(hwi_hpa_val(r.addr), out);
	assert_int_equal(r.fault, 0);
	bench_expect_no_fault(b);
}

void bench_expect_refused(struct bench *b, uint16_t sid, uint32_t pasid, uint64_t addr,
			  unsigned int access, uint8_t reason)
{
	struct hwi_response r = bench_dma(b, sid, pasid, addr, access);

	assert_int_equal(r.outcome, HWI_UNSUPPORTED_REQUEST);
	assert_int_equal(r.fault, reason);
	assert_true(r.recorded);
	(void)bench_expect_fault(b, reason, sid);
}

void bench_start_remapping(struct bench *b, unsigned int s, bool eime)
{
	unsigned int pages = (2u << s) * VTD_IRTE_ENTRY_SIZE / VTD_PAGE_SIZE;

	b->irt = bench_alloc(b, pages ? pages : 1);
	bench_write64(b, VTD_REG_IRTA,
		      b->irt | (eime ? VTD_IRTA_EIME : 0) | HWI_PUT(VTD_IRTA_S, s));
	bench_gcmd(b, VTD_GCMD_SIRTP, true);
	assert_true(bench_gsts(b) & VTD_GSTS_IRTPS);
	bench_gcmd(b, VTD_GCMD_IRE, true);
	assert_true(bench_gsts(b) & VTD_GSTS_IRES);
}

uint64_t bench_irte(struct bench *b, unsigned int index, uint64_t lo, uint64_t hi)
{
	uint64_t at = b->irt + (uint64_t)index * VTD_IRTE_ENTRY_SIZE;

	bench_w64(b, at, lo);
	bench_w64(b, at + 8, hi);
	return at;
}

struct hwi_interrupt_response bench_interrupt(struct bench *b, uint16_t sid, uint64_t addr,
					      uint32_t data)
{
	const struct hwi_interrupt_request req = { .requester = sid, .addr = addr, .data = data };
	struct hwi_interrupt_response resp;

	hwi_interrupt(b->unit, &req, &resp);
	return resp;
}

struct hwi_interrupt_response bench_interrupt_index(struct bench *b, uint16_t sid,
						    unsigned int index)
{
	uint64_t addr = VTD_INT_RANGE_BASE | VTD_INT_ADDR_FORMAT |
			HWI_PUT(VTD_INT_ADDR_HANDLE_14_0, index) |
			(index >> 15 ? VTD_INT_ADDR_HANDLE_15 : 0);

	return bench_interrupt(b, sid, addr, 0);
}
