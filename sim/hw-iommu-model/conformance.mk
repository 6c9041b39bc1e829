# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The conformance document, from the specification's lists, the library and the tests' comments (tests/README.md).
#
#	make conformance	write it
#	make conformance-check	fail if it is out of date or an advertised fault or descriptor has no test

CONFORMANCE := $(BUILD)/bin/conformance
CONFORMANCE_DOC ?= ../../docs/vtd-conformance.md
CONFORMANCE_OBJ := $(patsubst %.c,$(OBJ)/%.o,$(sort $(wildcard tools/conformance/*.c)))

$(CONFORMANCE): $(CONFORMANCE_OBJ) $(BUILD)/lib/libhwiommu.a
	@mkdir -p $(@D)
	$(call say,$@)$(CC) $(LDFLAGS) -o $@ $^

.PHONY: conformance conformance-check
conformance: $(CONFORMANCE)
	@mkdir -p $(dir $(CONFORMANCE_DOC))
	@$(CONFORMANCE) $(TESTS) $(PROPERTY) >$(BUILD)/vtd-conformance.md
	@cp $(BUILD)/vtd-conformance.md $(CONFORMANCE_DOC)

conformance-check: $(CONFORMANCE)
	@$(CONFORMANCE) --strict $(TESTS) $(PROPERTY) >$(BUILD)/vtd-conformance.md
	@diff -u $(CONFORMANCE_DOC) $(BUILD)/vtd-conformance.md || \
		{ echo '$(CONFORMANCE_DOC) is out of date: make conformance'; exit 1; }

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
	@$(CONFORMANCE) --claims $(TESTS) $(PROPERTY) >$(BUILD)/claims
	@tests/mutants/run.py $(BUILD)/claims $(MUT_BIN)

include $(shell find $(MUT_OBJ) -name '*.d' 2>/dev/null)
