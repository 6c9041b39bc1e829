/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A library that does one SMMUv3 command wrongly, or raises another event for one, to see whether the tests notice.
 *
 * Linked in front of these functions with -Wl,--wrap. The environment variable HWI_MUTANT names what is wrong:
 * "CMD_CFGI_STE:nothing" is consumed without effect, ":ill" is refused, ":wide" invalidates everything besides;
 * "EVT_C_BAD_STE:code" is recorded as an event that there is not. Without it nothing is changed.
 */
#include <stdlib.h>
#include <string.h>

#include "smmuv3/control.h"

enum smmu_cmd_result __real_smmu_command(struct smmu_unit *s, const struct smmu_issuer *from, const uint64_t cmd[2]);
enum smmu_cmd_result __wrap_smmu_command(struct smmu_unit *s, const struct smmu_issuer *from, const uint64_t cmd[2]);
bool __real_smmu_event_record(struct smmu_unit *s, const struct smmu_event *ev);
bool __wrap_smmu_event_record(struct smmu_unit *s, const struct smmu_event *ev);
uint64_t __real_smmu_event_stall(struct smmu_unit *s, const struct smmu_event *ev);
uint64_t __wrap_smmu_event_stall(struct smmu_unit *s, const struct smmu_event *ev);

struct name {
	const char *name;
	uint32_t code;
};

#define CMD_NAME(name, opcode, gate, section, title)	{ "CMD_" #name, opcode },
#define EVT_NAME(name, code, gate, section, title)	{ "EVT_" #name, code },

static const struct name commands[] = { SMMU_COMMANDS(CMD_NAME) { NULL, 0 } };
static const struct name events[] = { SMMU_EVENTS(EVT_NAME) { NULL, 0 } };

/* What is wrong with the one of this code, or "". */
static const char *wrong(const struct name *names, uint32_t code)
{
	const char *mutant = getenv("HWI_MUTANT");

	for (; mutant && names->name; names++) {
		size_t len = strlen(names->name);

		if (names->code == code && !strncmp(mutant, names->name, len) && mutant[len] == ':')
			return mutant + len + 1;
	}
	return "";
}

enum smmu_cmd_result __wrap_smmu_command(struct smmu_unit *s, const struct smmu_issuer *from, const uint64_t cmd[2])
{
	const char *what = wrong(commands, HWI_GET32(SMMU_CMD0_OPCODE, cmd[0]));

	if (!strcmp(what, "nothing"))
		return SMMU_CMD_DONE;
	if (!strcmp(what, "ill"))
		return SMMU_CMD_ILL;
	if (!strcmp(what, "wide")) {
		smmu_inv_config_all(s);
		smmu_inv_nsnh_all(s);
		smmu_inv_el2_all(s);
	} else if (*what) {
		abort();
	}
	return __real_smmu_command(s, from, cmd);
}

static struct smmu_event spoil(const struct smmu_event *ev)
{
	struct smmu_event other = *ev;

	if (!strcmp(wrong(events, ev->code), "code"))
		other.code = 0xdf; /* reserved */
	return other;
}

bool __wrap_smmu_event_record(struct smmu_unit *s, const struct smmu_event *ev)
{
	struct smmu_event other = spoil(ev);

	return __real_smmu_event_record(s, &other);
}

uint64_t __wrap_smmu_event_stall(struct smmu_unit *s, const struct smmu_event *ev)
{
	struct smmu_event other = spoil(ev);

	return __real_smmu_event_stall(s, &other);
}
