# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# hwiommu: IOMMU hardware you can boot. `make help` lists what there is.
#
# This file only orders the steps; each is a script in scripts/ or a Makefile of its own. Big steps keep their results
# in the user's cache and do nothing when they are up to date, so every target may name all it needs.

SHELL := /bin/bash
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# The steps below are big and each uses all processors; only what is inside them runs in parallel.
.NOTPARALLEL:

BUILD := $(CURDIR)/build
RESULTS := $(BUILD)/results
CACHE := $(or $(HWIOMMU_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/hwiommu)
JOBS ?= $(shell nproc)
PYTHON := /usr/bin/python3

IOMMU ?= vtd
ACCEL ?= tcg
KERNEL_FLAVOUR ?= release
FUZZ_SECONDS ?= 60
RUNNER ?= libvirt
V ?= 0
# QEMU_SRC, LINUX_SRC: trees of the developer's own
export BUILD V JOBS QEMU_SRC LINUX_SRC QEMU_CONFIGURE HWIOMMU_CACHE

MODEL := sim/hw-iommu-model
ENGINE := sim/dma-engine
sub = $(MAKE) -j$(JOBS) -C $(1) BUILD=$(BUILD)
hwi_run = $(PYTHON) scripts/hwi-run --iommu=$(IOMMU) --accel=$(ACCEL) --flavour=$(KERNEL_FLAVOUR) \
	$(addprefix --mode=,$(or $(MODE),$(if $(filter on,$(CMDQV)),cmdqv cmdqv-64k)))
HWI_RUN = $(hwi_run) $(RUN_ARGS)
# What the chosen IOMMU and modes need: architecture of the guest, QEMU's target, names of kernels. Nothing else is built.
needs = $(or $(shell $(hwi_run) --print-needs),$(error scripts/hwi-run does not know these))
ARCH = $(word 1,$(needs))
TARGET = $(word 2,$(needs))
KERNELS = $(wordlist 3,99,$(needs))
TEST_KERNELS := x86_64 x86_64-debug arm64 arm64-64k arm64-debug

.PHONY: help build packages setup sources lib qemu linux initramfs run shell test test-lib test-fuzz test-integration \
	bench bench-guest coverage fuzz check check-style clean distclean-cache disk

help: ## this list
	@echo 'hwiommu: IOMMU hardware you can boot'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 26
	@echo
	@echo '  IOMMU=vtd|smmuv3          the model that run and shell boot on: Intel VT-d under x86_64, Arm SMMUv3 under arm64'
	@echo '  IOMMU=qemu-intel|qemu-smmuv3  the same machine with QEMU'"'"'s own IOMMU, for comparison'
	@echo '  MODE=scalable|legacy|5level  one mode of vtd (default: all, one boot each)'
	@echo '  MODE=4k|64k               of smmuv3: the size of the kernel'"'"'s pages (default: both)'
	@echo '  CMDQV=on                  smmuv3 with the command queue virtualisation of NVIDIA Tegra241'
	@echo '  RUN_ARGS=...              more for scripts/hwi-run (see its --help)'
	@echo '  KERNEL_FLAVOUR=debug      a kernel with KASAN, lockdep, kmemleak and fault injection'
	@echo '  ACCEL=kvm                 run under KVM (default tcg)'
	@echo '  RUNNER=qemu               integration tests on plain QEMU (default libvirt)'
	@echo '  QEMU_SRC=DIR LINUX_SRC=DIR  build your own trees instead of the fetched sources'
	@echo '  FUZZ_SECONDS=60           time a fuzz target runs'
	@echo '  HWIOMMU_CACHE=DIR         where sources and big build trees are kept (default ~/.cache/hwiommu)'
	@echo '  V=1                       show all output of the builds (it is in build/logs/ either way)'

build: lib qemu linux initramfs ## all that is needed to run (the default)

# Python, which says what else is needed, is one of them.
packages:
	@scripts/setup-packages

setup: packages ## install the Debian packages that are missing
	@scripts/setup-packages $(ARCH)

sources: setup ## fetch the sources of QEMU and Linux into the cache
	@scripts/fetch-sources $(ARCH)

lib: setup ## the model and the DMA engine: libraries and tools
	@scripts/build-lib

qemu: lib sources ## patched QEMU
	@scripts/build-qemu $(TARGET)

linux: sources ## Linux 7.3 for the guest
	@set -e; for name in $(KERNELS); do scripts/build-linux $$name; done

initramfs: linux ## busybox and the guest programs
	@set -e; for name in $(KERNELS); do scripts/build-initramfs $$name; done

run: build ## boot Linux on the modelled IOMMU and take the tour; ends in "N passed, N failed"
	@$(HWI_RUN)

shell: build ## a prompt in the guest
	@$(HWI_RUN) --shell

test: test-lib test-fuzz test-integration ## all tests; results in build/results

test-lib: setup ## unit and property tests of the libraries, under sanitizers
	@$(call sub,$(MODEL)) check
	@$(call sub,$(MODEL)) conformance-check
	@$(call sub,$(MODEL)) conformance-mutants
	@$(call sub,$(ENGINE)) check

test-fuzz: setup
	@$(call sub,$(MODEL)) fuzz-run FUZZ_SECONDS=$(FUZZ_SECONDS)
	@$(call sub,$(ENGINE)) fuzz FUZZ_TIME=$(FUZZ_SECONDS)

# Every family's machine, and every kernel that the tests boot
test-integration: packages lib ## boot the machines under libvirt; PYTEST_ARGS= is passed on
	@mkdir -p $(RESULTS)
	@set -e; for arch in x86_64 arm64; do scripts/setup-packages $$arch; scripts/fetch-sources $$arch; done
	@set -e; for target in x86_64 aarch64; do scripts/build-qemu $$target; done
	@set -e; for name in $(TEST_KERNELS); do scripts/build-linux $$name; scripts/build-initramfs $$name; done
	@$(PYTHON) -m pytest -q -p no:cacheprovider --junitxml=$(RESULTS)/scripts.xml tests/scripts
	@cd tests/integration && $(PYTHON) -m pytest -p no:cacheprovider --runner=$(RUNNER) --accel=$(ACCEL) \
		--junitxml=$(RESULTS)/integration.xml $(PYTEST_ARGS)

# Both families, unless IOMMU= names one
BENCHED = $(if $(filter file,$(origin IOMMU)),vtd smmuv3,$(IOMMU))

bench: setup ## measure: JSON in build/results
	@$(call sub,$(MODEL)) bench
	@rc=0; for iommu in $(BENCHED); do $(MAKE) bench-guest IOMMU=$$iommu MODE= CMDQV= || rc=1; done; exit $$rc

# In the guest, on the model and on QEMU's own IOMMU of the family in turn
bench-guest: build
	@$(HWI_RUN) --compare

coverage: setup ## prints "lines X% branches Y%" of the library
	@$(call sub,$(MODEL)) coverage

fuzz: test-fuzz ## run the fuzzers for FUZZ_SECONDS each

check: setup ## style: SPDX lines, clang-tidy, sparse, checkpatch
	@scripts/check-style

disk: ## what the cache and the build take
	@du -sch $(wildcard $(CACHE)/* $(BUILD))

clean: ## remove build/
	rm -rf $(BUILD)

distclean-cache: clean ## remove the cache too: sources and big build trees
	rm -rf $(CACHE)
