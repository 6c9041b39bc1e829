// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pgtable: walks page tables that Linux built (hwi_pgtable.ko) with the model, as a
 * library in this process, and holds the result against iova_to_phys().
 *
 * A KTAP test a table. The unit's memory is the tables at the physical addresses
 * they really have, and beside them a stream table and a context descriptor.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <hwiommu/smmuv3.h>
#include <hwiommu/smmuv3/context.h>
#include <hwiommu/smmuv3/events.h>
#include <hwiommu/smmuv3/regs.h>
#include <hwiommu/smmuv3/stream.h>

#include "hwi_pgtable.h"

#define SID 0u
#define FOLDER "/sys/kernel/debug/hwi_pgtable"

/* Ours: the lowest memory of the virt machine begins at 1 GiB, so nothing else is here */
#define STREAM_PA 0x1000ull
#define CD_PA 0x2000ull

struct image {
	const struct hwi_pgtable_case *c;
	const struct hwi_pgtable_probe *probes;
	const struct hwi_pgtable_table **tables;
	uint64_t ste[SMMU_STE_SIZE / 8];
	uint64_t cd[SMMU_CD_SIZE / 8];
};

static unsigned char *at(struct image *im, uint64_t addr, size_t len)
{
	if (addr - STREAM_PA <= sizeof(im->ste) - len)
		return (unsigned char *)im->ste + (addr - STREAM_PA);
	if (addr - CD_PA <= sizeof(im->cd) - len)
		return (unsigned char *)im->cd + (addr - CD_PA);
	for (unsigned int i = 0; i < im->c->n_tables; i++) {
		const struct hwi_pgtable_table *t = im->tables[i];

		if (addr - t->phys < t->size && len <= t->size - (addr - t->phys))
			return (unsigned char *)(uintptr_t)(t + 1) + (addr - t->phys);
	}
	return NULL;
}

static bool host_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	const unsigned char *p = at(opaque, hwi_hpa_val(addr), len);

	if (p)
		memcpy(buf, p, len);
	return p != NULL;
}

static bool host_write(void *opaque, hwi_hpa_t addr, const void *buf, size_t len)
{
	unsigned char *p = at(opaque, hwi_hpa_val(addr), len);

	if (p)
		memcpy(p, buf, len);
	return p != NULL;
}

static enum hwi_cas host_cas64(void *opaque, hwi_hpa_t addr, uint64_t expected, uint64_t desired)
{
	unsigned char *p = at(opaque, hwi_hpa_val(addr), 8);

	if (!p)
		return HWI_CAS_ERROR;
	if (memcmp(p, &expected, 8) != 0)
		return HWI_CAS_CHANGED;
	memcpy(p, &desired, 8);
	return HWI_CAS_DONE;
}

static bool host_msi(void *opaque, uint64_t addr, uint32_t data)
{
	(void)opaque;
	(void)addr;
	(void)data;
	return false;
}

static const struct hwi_host_ops host = {
	.read = host_read,
	.write = host_write,
	.cas64 = host_cas64,
	.msi = host_msi,
};

static void describe_stream(struct image *im)
{
	const struct hwi_pgtable_case *c = im->c;

	im->ste[0] = SMMU_STE0_V;
	if (c->stage == 2) {
		im->ste[0] |= HWI_PUT(SMMU_STE0_CONFIG, SMMU_STE_CONFIG_S2);
		im->ste[1] = c->fwb ? SMMU_STE1_S2FWB : 0;
		im->ste[2] = HWI_PUT(SMMU_STE2_S2T0SZ, c->tsz) | HWI_PUT(SMMU_STE2_S2SL0, c->sl) |
			     HWI_PUT(SMMU_STE2_S2TG, c->tg) | HWI_PUT(SMMU_STE2_S2PS, c->ps) |
			     SMMU_STE2_S2AA64 | SMMU_STE2_S2R;
		im->ste[3] = c->ttb;
		return;
	}
	im->ste[0] |= HWI_PUT(SMMU_STE0_CONFIG, SMMU_STE_CONFIG_S1) | CD_PA;
	im->cd[0] = SMMU_CD0_V | SMMU_CD0_AA64 | SMMU_CD0_R | SMMU_CD0_A |
		    HWI_PUT(SMMU_CD0_IPS, c->ps);
	if (c->hd)
		im->cd[0] |= SMMU_CD0_HA | SMMU_CD0_HD;
	if (c->upper) {
		im->cd[0] |= SMMU_CD0_EPD0 | HWI_PUT(SMMU_CD0_T1SZ, c->tsz) |
			     HWI_PUT(SMMU_CD0_TG1, c->tg);
		im->cd[2] = c->ttb;
	} else {
		im->cd[0] |= SMMU_CD0_EPD1 | HWI_PUT(SMMU_CD0_T0SZ, c->tsz) |
			     HWI_PUT(SMMU_CD0_TG0, c->tg);
		im->cd[1] = c->ttb;
	}
}

static struct hwi_unit *start(struct image *im)
{
	struct hwi_smmuv3_config cfg;
	struct hwi_unit *unit;

	hwi_smmuv3_config_init(&cfg);
	if (hwi_smmuv3_create(&cfg, &host, im, &unit) != HWI_OK)
		return NULL;
	hwi_mmio_write(unit, SMMU_REG_STRTAB_BASE, 8, STREAM_PA);
	hwi_mmio_write(unit, SMMU_REG_STRTAB_BASE_CFG, 4, 0);
	hwi_mmio_write(unit, SMMU_REG_CR0, 4, SMMU_CR0_SMMUEN);
	while (hwi_pending(unit))
		(void)hwi_step(unit, 16);
	return unit;
}

/* One access; false, and a line that says how, if it did not end as expected. */
static bool try(struct hwi_unit *unit, const struct hwi_pgtable_probe *p, uint8_t access,
		bool allowed)
{
	struct hwi_request req = {
		.requester = SID,
		.pasid = HWI_PASID_NONE,
		.addr = hwi_iova(p->iova),
		.length = 1,
		.access = access,
	};
	struct hwi_response resp;
	bool ok;

	(void)hwi_translate(unit, &req, &resp);
	if (allowed)
		ok = resp.outcome == HWI_SUCCESS && hwi_hpa_val(resp.addr) == p->phys;
	else
		ok = resp.outcome == HWI_UNSUPPORTED_REQUEST &&
		     resp.fault == (p->phys ? SMMU_EVT_F_PERMISSION : SMMU_EVT_F_TRANSLATION);
	if (!ok)
		printf("# iova %#llx access %#x: outcome %u fault %#x address %#llx, Linux says %#llx, rights %#x\n",
		       (unsigned long long)p->iova, access, resp.outcome, resp.fault,
		       resp.outcome == HWI_SUCCESS ? (unsigned long long)hwi_hpa_val(resp.addr) : 0,
		       (unsigned long long)p->phys, p->prot);
	return ok;
}

static unsigned int walk_all(struct image *im, struct hwi_unit *unit, unsigned int *done)
{
	unsigned int bad = 0;

	for (unsigned int i = 0; i < im->c->n_probes; i++) {
		const struct hwi_pgtable_probe *p = &im->probes[i];
		bool mapped = p->phys != 0;
		/* Stage 2 knows no privilege */
		bool user = mapped && (im->c->stage == 2 || !(p->prot & HWI_PGTABLE_PRIV));

		bad += !try(unit, p, HWI_READ, user);
		bad += !try(unit, p, HWI_READ | HWI_PRIV, mapped);
		bad += !try(unit, p, HWI_WRITE, user && (p->prot & HWI_PGTABLE_WRITE));
		bad += !try(unit, p, HWI_WRITE | HWI_PRIV, mapped && (p->prot & HWI_PGTABLE_WRITE));
		*done += 4;
		if (user || !mapped) {
			bad += !try(unit, p, HWI_READ | HWI_EXEC,
				    user && (p->prot & HWI_PGTABLE_EXEC));
			++*done;
		}
	}
	return bad;
}

static void *slurp(const char *path, size_t *len)
{
	size_t room = 1 << 20, n = 0;
	unsigned char *buf = malloc(room);
	int fd = open(path, O_RDONLY);
	ssize_t got;

	if (fd < 0 || !buf) {
		free(buf);
		return NULL;
	}
	while ((got = read(fd, buf + n, room - n)) > 0) {
		n += (size_t)got;
		if (n == room)
			buf = realloc(buf, room *= 2);
		if (!buf)
			break;
	}
	close(fd);
	*len = n;
	return buf;
}

static bool open_image(struct image *im, void *file, size_t len)
{
	unsigned char *p = file, *end = p + len;

	memset(im, 0, sizeof(*im));
	im->c = file;
	if (len < sizeof(*im->c) || im->c->magic != HWI_PGTABLE_MAGIC)
		return false;
	p += sizeof(*im->c);
	im->tables = calloc(im->c->n_tables, sizeof(*im->tables));
	for (unsigned int i = 0; im->tables && i < im->c->n_tables; i++) {
		im->tables[i] = (const void *)p;
		if ((size_t)(end - p) < sizeof(struct hwi_pgtable_table))
			return false;
		p += sizeof(struct hwi_pgtable_table) + im->tables[i]->size;
		if (p > end)
			return false;
	}
	im->probes = (const void *)p;
	return im->tables && (size_t)(end - p) >= im->c->n_probes * sizeof(*im->probes);
}

static bool one_case(unsigned int n)
{
	unsigned int bad = 1, done = 0;
	struct hwi_unit *unit = NULL;
	struct image im = { 0 };
	char path[128];
	size_t len = 0;
	void *file;

	snprintf(path, sizeof(path), FOLDER "/case%u", n);
	file = slurp(path, &len);
	if (file && open_image(&im, file, len)) {
		describe_stream(&im);
		unit = start(&im);
		if (unit)
			bad = walk_all(&im, unit, &done);
		printf("%sok %u case%u-stage%u-%uk-%u-to-%u%s # %u tables, %u accesses, %u wrong\n",
		       bad ? "not " : "", n + 1, n, im.c->stage, im.c->granule >> 10, im.c->ias,
		       im.c->oas, im.c->upper ? "-upper" : im.c->hd ? "-dirty" : im.c->fwb ? "-fwb" : "",
		       im.c->n_tables, done, bad);
		hwi_destroy(unit);
	} else {
		printf("not ok %u case%u # cannot be read\n", n + 1, n);
	}
	free(im.tables);
	free(file);
	return !bad;
}

static bool load_module(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long err = fd < 0 ? -1 : syscall(SYS_finit_module, fd, "", 0);

	if (fd >= 0)
		close(fd);
	return err == 0 || errno == EEXIST;
}

int main(void)
{
	unsigned int n = 0, failed = 0;
	char path[128];

	puts("KTAP version 1");
	(void)mount("debug", "/sys/kernel/debug", "debugfs", 0, NULL);
	if (!load_module("/lib/hwi_pgtable.ko")) {
		printf("1..1\nnot ok 1 module # hwi_pgtable.ko: %s\n", strerror(errno));
		return 1;
	}
	for (;; n++) {
		snprintf(path, sizeof(path), FOLDER "/case%u", n);
		if (access(path, R_OK) != 0)
			break;
	}
	printf("1..%u\n", n);
	for (unsigned int i = 0; i < n; i++)
		failed += !one_case(i);
	return failed || !n;
}
