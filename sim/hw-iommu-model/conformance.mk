# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The conformance documents, from the specifications' lists, the library and the tests' comments (tests/README.md).
#
#	make conformance	write them: docs/FAMILY-conformance.md
#	make conformance-check	fail if one is out of date, or if something that a unit advertises and that acts (a command, a
#				fault, an event) has no test

CONFORMANCE := $(BUILD)/bin/conformance
CONFORMANCE_DOCS ?= ../../docs
CONFORMANCE_OBJ := $(patsubst %.c,$(OBJ)/%.o,$(sort $(wildcard tools/conformance/*.c)))

$(CONFORMANCE): $(CONFORMANCE_OBJ) $(BUILD)/lib/libhwiommu.a
	@mkdir -p $(@D)
	$(call say,$@)$(CC) $(LDFLAGS) -o $@ $^

.PHONY: conformance conformance-check
conformance: $(CONFORMANCE)
	@mkdir -p $(CONFORMANCE_DOCS)
	@for f in $$($(CONFORMANCE) --families); do \
		d=$$f-conformance.md; \
		$(CONFORMANCE) $$f $(TESTS) $(PROPERTY) >$(BUILD)/$$d && cp $(BUILD)/$$d $(CONFORMANCE_DOCS)/$$d || exit 1; \
	done

conformance-check: $(CONFORMANCE)
	@for f in $$($(CONFORMANCE) --families); do \
		d=$$f-conformance.md; \
		$(CONFORMANCE) --strict $$f $(TESTS) $(PROPERTY) >$(BUILD)/$$d || exit 1; \
		diff -u $(CONFORMANCE_DOCS)/$$d $(BUILD)/$$d || { echo "$$d is out of date: make conformance"; exit 1; }; \
	done

# ---- do the tests notice? --------------------------------------------------
#
#	make conformance-mutants	break each fault condition in turn; see tests/mutants/run.py

MUT_OBJ := $(BUILD)/obj/mutants/hwiommu
MUT_TESTS := $(TESTS) $(PROPERTY)
MUT_BIN := $(MUT_TESTS:%.c=$(MUT_OBJ)/%)

$(MUT_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,$@)$(CC) $(STD) -O1 $(CFLAGS) $(TEST_INC) -MMD -MP -c -o $@ $<

$(MUT_BIN): %: %.o $(MUT_OBJ)/tests/mutants/fault_info.o $(SUPPORT:%.c=$(MUT_OBJ)/%.o) $(ORACLE:%.c=$(MUT_OBJ)/%.o) $(BUILD)/lib/libhwiommu.a
	$(call say,$@)$(CC) $(LDFLAGS) $(WRAP) -Wl,--wrap=vtd_fault_info -o $@ $^ -lcmocka -lm

.PHONY: conformance-mutants
conformance-mutants: $(CONFORMANCE) $(MUT_BIN)
	@$(CONFORMANCE) --claims vtd $(TESTS) $(PROPERTY) >$(BUILD)/claims
	@tests/mutants/run.py $(BUILD)/claims $(MUT_BIN)

include $(shell find $(MUT_OBJ) -name '*.d' 2>/dev/null)
