/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Order between memory that a device reads or writes and accesses of the device's registers. Fences of C order memory
 * between threads; that says nothing of registers on a processor whose devices are in another shareability domain.
 */
#ifndef TOUR_MMIO_H
#define TOUR_MMIO_H

/* Stores to memory that the device will read come before the store that tells it. */
static inline void mmio_before_store(void)
{
#ifdef __aarch64__
	__asm__ volatile("dmb sy" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

/* Memory that the device wrote is read after the register that tells of it. */
static inline void mmio_after_load(void)
{
#ifdef __aarch64__
	__asm__ volatile("dmb sy" ::: "memory");
#else
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
#endif
}

#endif /* TOUR_MMIO_H */
