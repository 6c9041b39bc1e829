// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables as Linux builds them, to be walked by the model.
 *
 * For each granule, stage and address size the module has io-pgtable-arm build a
 * table of random mappings, some of them unmapped again in part, and shows it in
 * debugfs together with what iova_to_phys() says about addresses in and beside
 * them (hwi_pgtable.h). Nothing here knows the format of a descriptor.
 */
#include <linux/debugfs.h>
#include <linux/io-pgtable.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "hwi_pgtable.h"

#define MAPPINGS	24
#define PROBES_EACH	6

struct table {
	struct list_head list;
	void *mem;
	size_t size;
};

struct mapping {
	u64 iova, phys, size;
	int prot;
};

struct build {
	struct list_head tables;
	struct rnd_state rnd;
	struct mapping map[MAPPINGS];
	unsigned int n_maps;
};

struct shape {
	enum io_pgtable_fmt fmt;
	unsigned long pgsizes;
	unsigned int ias, oas;
	unsigned long quirks;
};

static struct dentry *dir;
static struct debugfs_blob_wrapper *blobs;
static unsigned int n_blobs;

static void *table_alloc(void *cookie, size_t size, gfp_t gfp)
{
	struct build *b = cookie;
	struct table *t = kzalloc_obj(*t, gfp);

	if (!t)
		return NULL;
	/* A table is aligned to its size */
	t->mem = (void *)__get_free_pages(gfp | __GFP_ZERO, get_order(size));
	if (!t->mem) {
		kfree(t);
		return NULL;
	}
	t->size = size;
	list_add_tail(&t->list, &b->tables);
	return t->mem;
}

static void table_free(void *cookie, void *pages, size_t size)
{
	struct build *b = cookie;
	struct table *t;

	list_for_each_entry(t, &b->tables, list) {
		if (t->mem == pages) {
			list_del(&t->list);
			free_pages((unsigned long)t->mem, get_order(t->size));
			kfree(t);
			return;
		}
	}
}

static void no_flush_all(void *cookie)
{
}

static void no_flush_walk(unsigned long iova, size_t size, size_t granule, void *cookie)
{
}

static void no_add_page(struct iommu_iotlb_gather *gather, unsigned long iova, size_t granule,
			void *cookie)
{
}

/* Nobody walks these tables while they change */
static const struct iommu_flush_ops no_flush = {
	.tlb_flush_all = no_flush_all,
	.tlb_flush_walk = no_flush_walk,
	.tlb_add_page = no_add_page,
};

static u64 rnd64(struct build *b)
{
	return (u64)prandom_u32_state(&b->rnd) << 32 | prandom_u32_state(&b->rnd);
}

static int random_prot(struct build *b)
{
	static const int prots[] = {
		IOMMU_READ | IOMMU_WRITE,
		IOMMU_READ,
		IOMMU_READ | IOMMU_WRITE | IOMMU_NOEXEC,
		IOMMU_READ | IOMMU_NOEXEC,
		IOMMU_READ | IOMMU_WRITE | IOMMU_PRIV,
		IOMMU_READ | IOMMU_PRIV | IOMMU_NOEXEC,
	};

	return prots[prandom_u32_state(&b->rnd) % ARRAY_SIZE(prots)] | IOMMU_CACHE;
}

/* The lower half of the input range, or for TTB1 the upper one, sign-extended */
static u64 random_iova(struct build *b, const struct io_pgtable_cfg *cfg, u64 size)
{
	u64 iova = rnd64(b) & (BIT_ULL(cfg->ias) - 1) & ~(size - 1);

	if (cfg->quirks & IO_PGTABLE_QUIRK_ARM_TTBR1)
		iova |= ~(BIT_ULL(cfg->ias) - 1);
	return iova;
}

static void map_some(struct build *b, struct io_pgtable_ops *ops, const struct io_pgtable_cfg *cfg)
{
	for (unsigned int i = 0; i < MAPPINGS; i++) {
		struct mapping *m = &b->map[b->n_maps];
		unsigned int bits = hweight_long(cfg->pgsize_bitmap);
		unsigned int pick = prandom_u32_state(&b->rnd) % bits;
		unsigned long sizes = cfg->pgsize_bitmap;
		size_t pgsize, count, mapped = 0;

		while (pick--)
			sizes &= sizes - 1;
		pgsize = BIT(__ffs(sizes));
		count = 1 + prandom_u32_state(&b->rnd) % 4;
		if (pgsize > BIT_ULL(cfg->ias) / 8)
			continue;
		m->iova = random_iova(b, cfg, pgsize * 4);
		m->phys = rnd64(b) & (BIT_ULL(cfg->oas) - 1) & ~((u64)pgsize * 4 - 1);
		m->prot = random_prot(b);
		ops->map_pages(ops, m->iova, m->phys, pgsize, count, m->prot, GFP_KERNEL, &mapped);
		m->size = mapped;
		if (!mapped)
			continue;
		b->n_maps++;
		/* Now and then a page of it goes again */
		if (count > 1 && prandom_u32_state(&b->rnd) % 3 == 0)
			ops->unmap_pages(ops, m->iova + pgsize, pgsize, 1, NULL);
	}
}

static void probe(struct build *b, struct io_pgtable_ops *ops, const struct io_pgtable_cfg *cfg,
		  struct hwi_pgtable_probe *p)
{
	struct mapping *m = &b->map[prandom_u32_state(&b->rnd) % max(b->n_maps, 1u)];

	memset(p, 0, sizeof(*p));
	if (!b->n_maps || prandom_u32_state(&b->rnd) % 4 == 0)
		p->iova = random_iova(b, cfg, 1);
	else
		p->iova = m->iova + rnd64(b) % (m->size + m->size / 8 + 1);
	p->phys = ops->iova_to_phys(ops, p->iova);
	for (unsigned int i = 0; i < b->n_maps; i++) {
		m = &b->map[i];
		if (p->iova - m->iova >= m->size)
			continue;
		p->prot = (m->prot & IOMMU_READ ? HWI_PGTABLE_READ : 0) |
			  (m->prot & IOMMU_WRITE ? HWI_PGTABLE_WRITE : 0) |
			  (m->prot & IOMMU_NOEXEC ? 0 : HWI_PGTABLE_EXEC) |
			  (m->prot & IOMMU_PRIV ? HWI_PGTABLE_PRIV : 0);
	}
}

static size_t dump_size(const struct build *b, unsigned int probes)
{
	const struct table *t;
	size_t size = sizeof(struct hwi_pgtable_case) + probes * sizeof(struct hwi_pgtable_probe);

	list_for_each_entry(t, &b->tables, list)
		size += sizeof(struct hwi_pgtable_table) + t->size;
	return size;
}

static void *dump(struct build *b, struct io_pgtable_ops *ops, const struct shape *s,
		  const struct io_pgtable_cfg *cfg, size_t *size)
{
	unsigned int probes = MAPPINGS * PROBES_EACH;
	struct hwi_pgtable_case *c;
	struct table *t;
	u8 *at;

	*size = dump_size(b, probes);
	c = vzalloc(*size);
	if (!c)
		return NULL;
	c->magic = HWI_PGTABLE_MAGIC;
	c->granule = BIT(__ffs(cfg->pgsize_bitmap));
	c->ias = cfg->ias;
	c->oas = cfg->oas;
	c->n_probes = probes;
	if (s->fmt == ARM_64_LPAE_S1) {
		c->stage = 1;
		c->upper = !!(s->quirks & IO_PGTABLE_QUIRK_ARM_TTBR1);
		c->hd = !!(s->quirks & IO_PGTABLE_QUIRK_ARM_HD);
		c->tg = cfg->arm_lpae_s1_cfg.tcr.tg;
		c->tsz = cfg->arm_lpae_s1_cfg.tcr.tsz;
		c->ps = cfg->arm_lpae_s1_cfg.tcr.ips;
		c->ttb = cfg->arm_lpae_s1_cfg.ttbr;
	} else {
		c->stage = 2;
		c->fwb = !!(s->quirks & IO_PGTABLE_QUIRK_ARM_S2FWB);
		c->tg = cfg->arm_lpae_s2_cfg.vtcr.tg;
		c->tsz = cfg->arm_lpae_s2_cfg.vtcr.tsz;
		c->sl = cfg->arm_lpae_s2_cfg.vtcr.sl;
		c->ps = cfg->arm_lpae_s2_cfg.vtcr.ps;
		c->ttb = cfg->arm_lpae_s2_cfg.vttbr;
	}
	at = (u8 *)(c + 1);
	list_for_each_entry(t, &b->tables, list) {
		struct hwi_pgtable_table *h = (void *)at;

		h->phys = virt_to_phys(t->mem);
		h->size = t->size;
		memcpy(h + 1, t->mem, t->size);
		at += sizeof(*h) + t->size;
		c->n_tables++;
	}
	for (unsigned int i = 0; i < probes; i++, at += sizeof(struct hwi_pgtable_probe))
		probe(b, ops, cfg, (void *)at);
	return c;
}

static int one_case(const struct shape *s, unsigned int seed, struct debugfs_blob_wrapper *blob)
{
	struct io_pgtable_cfg cfg = {
		.quirks = s->quirks,
		.pgsize_bitmap = s->pgsizes,
		.ias = s->ias,
		.oas = s->oas,
		.coherent_walk = true,
		.tlb = &no_flush,
		.alloc = table_alloc,
		.free = table_free,
	};
	struct io_pgtable_ops *ops;
	struct build *b;
	size_t size;

	b = kzalloc_obj(*b, GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	INIT_LIST_HEAD(&b->tables);
	prandom_seed_state(&b->rnd, seed);
	ops = alloc_io_pgtable_ops(s->fmt, &cfg, b);
	if (!ops) {
		kfree(b);
		return -EINVAL;
	}
	map_some(b, ops, &cfg);
	blob->data = dump(b, ops, s, &cfg, &size);
	blob->size = size;
	free_io_pgtable_ops(ops);
	kfree(b);
	return blob->data ? 0 : -ENOMEM;
}

static const struct shape shapes[] = {
#define SIZES_4K (SZ_4K | SZ_2M | SZ_1G)
#define SIZES_16K (SZ_16K | SZ_32M)
#define SIZES_64K (SZ_64K | SZ_512M)
	{ ARM_64_LPAE_S1, SIZES_4K, 32, 32 },
	{ ARM_64_LPAE_S1, SIZES_4K, 36, 40 },
	{ ARM_64_LPAE_S1, SIZES_4K, 39, 44 },
	{ ARM_64_LPAE_S1, SIZES_4K, 48, 48 },
	{ ARM_64_LPAE_S1, SIZES_4K, 48, 48, IO_PGTABLE_QUIRK_ARM_TTBR1 },
	{ ARM_64_LPAE_S1, SIZES_4K, 48, 48, IO_PGTABLE_QUIRK_ARM_HD },
	{ ARM_64_LPAE_S1, SIZES_16K, 36, 40 },
	{ ARM_64_LPAE_S1, SIZES_16K, 47, 48 },
	{ ARM_64_LPAE_S1, SIZES_16K, 48, 48 },
	{ ARM_64_LPAE_S1, SIZES_16K, 47, 48, IO_PGTABLE_QUIRK_ARM_TTBR1 },
	{ ARM_64_LPAE_S1, SIZES_64K, 36, 44 },
	{ ARM_64_LPAE_S1, SIZES_64K, 48, 48 },
	{ ARM_64_LPAE_S1, SIZES_64K, 52, 52 },
	{ ARM_64_LPAE_S2, SIZES_4K, 32, 32 },
	{ ARM_64_LPAE_S2, SIZES_4K, 36, 36 },
	{ ARM_64_LPAE_S2, SIZES_4K, 40, 40 },
	{ ARM_64_LPAE_S2, SIZES_4K, 42, 42 },
	{ ARM_64_LPAE_S2, SIZES_4K, 44, 44 },
	{ ARM_64_LPAE_S2, SIZES_4K, 48, 48 },
	{ ARM_64_LPAE_S2, SIZES_4K, 48, 48, IO_PGTABLE_QUIRK_ARM_S2FWB },
	{ ARM_64_LPAE_S2, SIZES_16K, 40, 40 },
	{ ARM_64_LPAE_S2, SIZES_16K, 48, 48 },
	{ ARM_64_LPAE_S2, SIZES_64K, 40, 40 },
	{ ARM_64_LPAE_S2, SIZES_64K, 42, 42 },
	{ ARM_64_LPAE_S2, SIZES_64K, 48, 48 },
	{ ARM_64_LPAE_S2, SIZES_64K, 52, 52 },
};

#define ROUNDS 2

static void release(void)
{
	debugfs_remove(dir);
	for (unsigned int i = 0; i < n_blobs; i++)
		vfree(blobs[i].data);
	kfree(blobs);
}

static int __init hwi_pgtable_init(void)
{
	blobs = kcalloc(ARRAY_SIZE(shapes) * ROUNDS, sizeof(*blobs), GFP_KERNEL);
	if (!blobs)
		return -ENOMEM;
	dir = debugfs_create_dir("hwi_pgtable", NULL);
	for (unsigned int i = 0; i < ARRAY_SIZE(shapes) * ROUNDS; i++) {
		int err = one_case(&shapes[i % ARRAY_SIZE(shapes)], i + 1, &blobs[n_blobs]);
		char name[16];

		if (err) {
			pr_err("hwi_pgtable: case %u: error %d\n", i, err);
			release();
			return err;
		}
		snprintf(name, sizeof(name), "case%u", n_blobs);
		debugfs_create_blob(name, 0400, dir, &blobs[n_blobs]);
		n_blobs++;
	}
	return 0;
}

static void __exit hwi_pgtable_exit(void)
{
	release();
}

module_init(hwi_pgtable_init);
module_exit(hwi_pgtable_exit);

MODULE_DESCRIPTION("Page tables of io-pgtable-arm, for the hwiommu model to walk");
MODULE_LICENSE("GPL");
