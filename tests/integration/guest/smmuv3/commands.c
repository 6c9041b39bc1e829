// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Commands of the command queue, Arm IHI 0070 §4.3 - §4.7: opcode in [7:0] of the first word. */
#include "kmsg.h"
#include "smmuv3/smmuv3.h"

#define ADDR(a)		((a) & ~0xfffull)
#define ASID(a)		((uint64_t)(a) << 48)
#define SID(s)		((uint64_t)(s) << 32)
#define SSID(s)		((uint64_t)(s) << 12)
#define SSV		(1ull << 11)
#define LEAF		1ull

struct cmd cmd_tlbi_nh_all(void)
{
	return (struct cmd){ { 0x10 } };
}

struct cmd cmd_tlbi_nh_asid(uint16_t asid)
{
	return (struct cmd){ { 0x11 | ASID(asid) } };
}

struct cmd cmd_tlbi_nh_va(uint16_t asid, uint64_t va, bool leaf)
{
	return (struct cmd){ { 0x12 | ASID(asid), ADDR(va) | (leaf ? LEAF : 0) } };
}

struct cmd cmd_tlbi_nh_vaa(uint64_t va, bool leaf)
{
	return (struct cmd){ { 0x13, ADDR(va) | (leaf ? LEAF : 0) } };
}

struct cmd cmd_tlbi_nsnh_all(void)
{
	return (struct cmd){ { 0x30 } };
}

struct cmd cmd_cfgi_cd(uint32_t sid, uint32_t ssid, bool leaf)
{
	return (struct cmd){ { 0x05 | SSID(ssid) | SID(sid), leaf ? LEAF : 0 } };
}

struct cmd cmd_cfgi_cd_all(uint32_t sid)
{
	return (struct cmd){ { 0x06 | SID(sid) } };
}

struct cmd cmd_atc_inv(uint32_t sid, uint32_t pasid, uint64_t addr, unsigned int size)
{
	return (struct cmd){ { 0x40 | (pasid != NO_PASID ? SSV | SSID(pasid) : 0) | SID(sid), ADDR(addr) | size } };
}

/* CS = 0: nothing happens at its end, who waits looks at CONS (§4.7.3) */
struct cmd cmd_sync(void)
{
	return (struct cmd){ { 0x46 } };
}

/* Range of TLBI_NH_VA and TLBI_NH_VAA, §4.4.1.1: (NUM + 1) << SCALE pages of TG = 1, 4 KiB; TTL: the leaf's level */
struct cmd cmd_range_4k(struct cmd c, unsigned int num, unsigned int scale, unsigned int ttl)
{
	c.w[0] |= (uint64_t)num << 12 | (uint64_t)scale << 20;
	c.w[1] |= 1ull << 10 | (uint64_t)ttl << 8;
	return c;
}
