/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What every step of the tour uses: how it fails, skips and says what it saw, the machine it runs on, memory that is
 * given back after the step whatever happens.
 *
 * A step is a function without a result. It returns when everything it wanted to see was seen. fail() and skip()
 * leave it at once; the runner then detaches the devices, destroys the step's iommufd objects and frees its memory, so
 * that a step holds no clean-up code and a failed one cannot spoil the next. Only the main thread may call them.
 */
#ifndef TOUR_H
#define TOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define SZ_4K		0x1000ul
#define SZ_64K		0x10000ul
#define SZ_2M		0x200000ul
#define SZ_1G		0x40000000ul

#define __printf(f, a)	__attribute__((format(printf, f, a)))

struct step {
	const char *id;		/* KTAP name: lower case, digits, '-' */
	void (*run)(void);
};

/* ktap.c */
void fail(const char *fmt, ...) __attribute__((noreturn)) __printf(1, 2);
void skip(const char *fmt, ...) __attribute__((noreturn)) __printf(1, 2);
void show(const char *fmt, ...) __printf(1, 2);		/* added to the step's line; several calls are joined by "; " */
void diag(const char *fmt, ...) __printf(1, 2);		/* a line of its own: "# ..." */
int run_steps(const struct step *steps, size_t n, const char *only);

/* A condition that must hold; the text says what was seen instead. */
#define want(cond, ...)		do { if (!(cond)) fail(__VA_ARGS__); } while (0)

/* Two numbers that must agree. */
#define want_eq(got, expected)	do {							\
	unsigned long long want_g_ = (got), want_e_ = (expected);			\
	if (want_g_ != want_e_)								\
		fail("%s:%d: %s is %#llx, expected %#llx", __FILE__, __LINE__, #got, want_g_, want_e_);	\
} while (0)

/* host.c: the guest this runs in */
struct host {
	bool model;		/* the model is before the engines, not QEMU's own device of the family (hwi.iommu=) */
	bool one_entry_caches;	/* the model's caches hold one entry each (hwi.caches=1) */
	size_t page;		/* the kernel's page: mappings are whole numbers of it */
};

extern struct host host;

bool cmdline_get(const char *key, char *value, size_t size);	/* "key=value" of the kernel's command line */
bool read_file(const char *path, char *text, size_t size);	/* whole file, without the last newline */
bool write_file(const char *path, const char *text);
double now(void);						/* seconds, monotonic */
void msleep(unsigned int ms);

/* mem.c: memory of this process, freed after the step */
void *mem_alloc(size_t len);			/* populated, zeroed, small pages, page aligned */
void *mem_huge(size_t len);			/* of 2 MiB huge pages; skips the step if there are none */
void *mem_device(int fd, uint64_t offset, size_t len);	/* registers that the kernel offers by mmap */
void mem_release_devices(void);		/* registers; an object cannot be destroyed while its own are mapped */
void mem_release_all(void);
void pattern(void *p, size_t len, uint32_t seed);		/* fills with a pattern that differs everywhere */
size_t pattern_diff(const void *p, size_t len, uint32_t seed);	/* offset of the first difference, or len */
size_t first_diff(const void *a, const void *b, size_t len);	/* the same for two buffers */
size_t not_byte(const void *p, size_t len, uint8_t byte);	/* offset of the first byte that is another, or len */
uint32_t rnd(void);						/* reproducible: reseeded at each step */
void rnd_seed(uint32_t seed);

#endif /* TOUR_H */
