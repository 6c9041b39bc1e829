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
#	make conformance-mutants	break each fault condition, command, event in turn; see tests/mutants/run.py
#	make conformance-mutants-FAMILY	those of one family

MUT_OBJ := $(BUILD)/obj/mutants/hwiommu
MUT_TESTS_smmuv3 := $(filter tests/test_smmu_% tests/property/smmu_%,$(TESTS) $(PROPERTY))
MUT_TESTS_vtd := $(filter-out $(MUT_TESTS_smmuv3),$(TESTS) $(PROPERTY))
MUT_WRAP_smmuv3 := smmu_command smmu_event_record smmu_event_stall
MUT_WRAP_vtd := vtd_fault_info

$(MUT_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,$@)$(CC) $(STD) -O1 $(CFLAGS) $(TEST_INC) -MMD -MP -c -o $@ $<

# $(1) family, $(2) what it breaks. The objects: in the library inner names cannot be wrapped.
define MUT_RULES
MUT_BIN_$(1) := $$(MUT_TESTS_$(1):%.c=$$(MUT_OBJ)/%)

$$(MUT_BIN_$(1)): %: %.o $$(MUT_OBJ)/tests/mutants/$(2).o $$(SUPPORT:%.c=$$(MUT_OBJ)/%.o) $$(ORACLE:%.c=$$(MUT_OBJ)/%.o) \
		$$(LIB_OBJ)
	$$(call say,$$@)$$(CC) $$(LDFLAGS) $$(WRAP) $$(MUT_WRAP_$(1):%=-Wl,--wrap=%) -o $$@ $$^ -lcmocka -lm

.PHONY: conformance-mutants-$(1)
conformance-mutants-$(1): $$(CONFORMANCE) $$(MUT_BIN_$(1))
	@$$(CONFORMANCE) --claims $(1) $$(TESTS) $$(PROPERTY) >$$(BUILD)/claims-$(1)
	@tests/mutants/run.py $$(BUILD)/claims-$(1) $$(MUT_BIN_$(1))
endef

$(eval $(call MUT_RULES,vtd,vtd))
$(eval $(call MUT_RULES,smmuv3,smmu))

.PHONY: conformance-mutants
conformance-mutants: conformance-mutants-vtd conformance-mutants-smmuv3

include $(shell find $(MUT_OBJ) -name '*.d' 2>/dev/null)
