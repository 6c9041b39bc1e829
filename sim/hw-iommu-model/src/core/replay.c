/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Replay: every recorded call is made again on a new unit. Memory is what the
 * recording says the unit read during that call; what the unit does to its host
 * must be what it did then, in the same order.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "hwiommu/record.h"
#include "record.h"
#include "unit.h"

#define LINE_BYTES HWI_RECORD_LINE
/* Host lines of one call: a bounded step or walk makes some hundred. */
#define MAX_READS 4096
#define MAX_EFFECTS 4096
#define READ_BYTES 128

struct replay_read {
	uint64_t addr;
	size_t len;
	bool error;
	unsigned char bytes[READ_BYTES];
};

struct replay {
	FILE *in;
	FILE *diag;
	struct hwi_replay_report *report;
	struct hwi_unit *unit;
	char call[LINE_BYTES];
	char want[LINE_BYTES]; /* the recorded result line, or empty */
	char next[LINE_BYTES]; /* a line read ahead */
	bool have_next;
	struct replay_read *reads;
	unsigned int read_count;
	char (*effects)[LINE_BYTES];
	unsigned int effect_count, effect_at;
	bool differs;
};

__attribute__((format(printf, 2, 3))) static void differ(struct replay *p, const char *fmt, ...)
{
	va_list ap;

	p->differs = true;
	if (!p->diag)
		return;
	(void)fprintf(p->diag, "line %" PRIu64 ": \"%s\": ", p->report->line, p->call);
	va_start(ap, fmt);
	(void)vfprintf(p->diag, fmt, ap);
	va_end(ap);
	(void)fputc('\n', p->diag);
}

/* The host's side. */

/* One recorded byte; a byte read twice in a call gives the first recorded value. */
static bool find_byte(const struct replay *p, uint64_t addr, unsigned char *out)
{
	for (unsigned int i = 0; i < p->read_count; i++) {
		const struct replay_read *r = &p->reads[i];

		if (!r->error && addr - r->addr < r->len) {
			*out = r->bytes[addr - r->addr];
			return true;
		}
	}
	return false;
}

static bool rep_read(void *opaque, hwi_hpa_t addr, void *buf, size_t len)
{
	struct replay *p = opaque;
	uint64_t a = hwi_hpa_val(addr);
	unsigned char *out = buf;

	for (unsigned int i = 0; i < p->read_count; i++) {
		struct replay_read *r = &p->reads[i];

		if (r->addr != a || r->len != len)
			continue;
		if (!r->error)
			memcpy(out, r->bytes, len);
		/* The next read of the same place is the next recorded one. */
		for (unsigned int j = i + 1; j < p->read_count; j++) {
			if (p->reads[j].addr == a && p->reads[j].len == len) {
				r->len = 0;
				break;
			}
		}
		return !r->error;
	}
	for (size_t i = 0; i < len; i++) {
		if (!find_byte(p, a + i, &out[i])) {
			differ(p, "reads %zu bytes at %" PRIx64 ", which it did not then", len, a);
			return false;
		}
	}
	return true;
}

/*
 * Compare what the unit does with the next recorded effect up to the result, and
 * return the recorded result.
 */
__attribute__((format(printf, 2, 3))) static unsigned int effect(struct replay *p,
								 const char *fmt, ...)
{
	char line[LINE_BYTES];
	const char *was, *eq;
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (p->effect_at == p->effect_count) {
		differ(p, "does \"%s\", which it did not then", line);
		return 0;
	}
	was = p->effects[p->effect_at++];
	eq = strstr(was, " = ");
	len = eq ? (size_t)(eq - was) : strlen(was);
	if (strlen(line) != len || memcmp(line, was, len) != 0)
		differ(p, "does \"%s\", then it did \"%s\"", line, was);
	return eq ? (unsigned int)strtoul(eq + 3, NULL, 16) : 0;
}

static bool rep_write(void *opaque, hwi_hpa_t addr, const void *buf, size_t len)
{
	char hex[2 * READ_BYTES + 1] = "";
	const unsigned char *in = buf;

	for (size_t i = 0; i < len && i < READ_BYTES; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", in[i]);
	return effect(opaque, " W %" PRIx64 " %s", hwi_hpa_val(addr), hex) != 0;
}

static enum hwi_cas rep_cas64(void *opaque, hwi_hpa_t addr, uint64_t expected, uint64_t desired)
{
	unsigned int res = effect(opaque, " c %" PRIx64 " %" PRIx64 " %" PRIx64,
				  hwi_hpa_val(addr), expected, desired);

	return res == HWI_CAS_DONE    ? HWI_CAS_DONE :
	       res == HWI_CAS_CHANGED ? HWI_CAS_CHANGED :
					HWI_CAS_ERROR;
}

static bool rep_msi(void *opaque, uint64_t addr, uint32_t data)
{
	return effect(opaque, " I %" PRIx64 " %" PRIx32, addr, data) != 0;
}

static void rep_irq(void *opaque, unsigned int line, bool level)
{
	(void)effect(opaque, " L %x %x", line, level);
}

static bool rep_ats(void *opaque, const struct hwi_ats_invalidate *inv)
{
	char pasid[16];

	return effect(opaque, " A %" PRIx32 " %s %x %x %" PRIx64 " %x", inv->requester,
		      hwi_record_pasid(pasid, inv->pasid), inv->global, inv->itag,
		      hwi_iova_val(inv->addr), inv->span_log2) != 0;
}

static void rep_prg(void *opaque, const struct hwi_prg_response *resp)
{
	char pasid[16];

	(void)effect(opaque, " G %" PRIx32 " %s %x %x", resp->requester,
		     hwi_record_pasid(pasid, resp->pasid), resp->prgi, resp->code);
}

static void rep_resume(void *opaque, uint32_t requester, uint64_t tag, enum hwi_resume action)
{
	(void)effect(opaque, " R %" PRIx32 " %" PRIx64 " %x", requester, tag, (unsigned int)action);
}

static void rep_sev(void *opaque)
{
	(void)effect(opaque, " V");
}

static bool rep_drain(void *opaque)
{
	return effect(opaque, " D") != 0;
}

static const struct hwi_host_ops replay_host = {
	.read = rep_read,
	.write = rep_write,
	.cas64 = rep_cas64,
	.msi = rep_msi,
	.irq = rep_irq,
	.ats_invalidate = rep_ats,
	.prg_response = rep_prg,
	.resume = rep_resume,
	.sev = rep_sev,
	.drain = rep_drain,
};

/* The recording's side. */

/* The next line without its end; comments are passed over. False at the end. */
static bool next_line(struct replay *p, char *line)
{
	if (p->have_next) {
		p->have_next = false;
		memcpy(line, p->next, LINE_BYTES);
		return true;
	}
	do {
		if (!fgets(line, LINE_BYTES, p->in))
			return false;
		p->report->line++;
	} while (line[0] == '#');
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

static bool parse_read(struct replay *p, const char *line)
{
	struct replay_read *r = &p->reads[p->read_count];
	char hex[2 * READ_BYTES + 1], end;

	if (p->read_count == MAX_READS)
		return false;
	memset(r, 0, sizeof(*r));
	if (line[1] == 'e') {
		r->error = true;
		if (sscanf(line, " e %" SCNx64 " %zx", &r->addr, &r->len) != 2)
			return false;
	} else {
		if (sscanf(line, " m %" SCNx64 " %256[0-9a-f]%c", &r->addr, hex, &end) != 2 ||
		    strlen(hex) % 2 != 0)
			return false;
		r->len = strlen(hex) / 2;
		for (size_t i = 0; i < r->len; i++) {
			char two[] = { hex[2 * i], hex[2 * i + 1], '\0' };

			r->bytes[i] = (unsigned char)strtoul(two, NULL, 16);
		}
	}
	p->read_count++;
	return true;
}

/* A call with all that belongs to it. False at the end or for a bad line. */
static bool gather(struct replay *p, bool *bad)
{
	char line[LINE_BYTES];

	p->read_count = 0;
	p->effect_count = 0;
	p->effect_at = 0;
	p->want[0] = '\0';
	p->differs = false;
	if (!next_line(p, p->call))
		return false;
	while (next_line(p, line)) {
		if (line[0] == ' ' && (line[1] == 'm' || line[1] == 'e')) {
			if (!parse_read(p, line))
				goto malformed;
		} else if (line[0] == ' ') {
			if (p->effect_count == MAX_EFFECTS)
				goto malformed;
			memcpy(p->effects[p->effect_count++], line, LINE_BYTES);
		} else if (line[0] == '=') {
			memcpy(p->want, line, LINE_BYTES);
		} else {
			memcpy(p->next, line, LINE_BYTES);
			p->have_next = true;
			break;
		}
	}
	return true;
malformed:
	*bad = true;
	return false;
}

static bool parse_pasid(const char *text, uint32_t *pasid)
{
	if (strcmp(text, "-") == 0) {
		*pasid = HWI_PASID_NONE;
		return true;
	}
	return sscanf(text, "%" SCNx32, pasid) == 1;
}

static bool play_translate(struct replay *p, char *got)
{
	struct hwi_request req = { 0 };
	struct hwi_response resp = { 0 };
	unsigned int kind, access;
	char pasid[16];
	uint64_t addr;

	if (sscanf(p->call, "t %" SCNx32 " %15s %" SCNx64 " %x %x %" SCNx32, &req.requester, pasid,
		   &addr, &kind, &access, &req.length) != 6 ||
	    !parse_pasid(pasid, &req.pasid) || kind > UINT8_MAX || access > UINT8_MAX)
		return false;
	req.addr = hwi_iova(addr);
	req.kind = (uint8_t)kind;
	req.access = (uint8_t)access;
	(void)hwi_translate(p->unit, &req, &resp);
	hwi_record_response(got, LINE_BYTES, &resp);
	return true;
}

static bool play_interrupt(struct replay *p, char *got)
{
	struct hwi_interrupt_request req = { 0 };
	struct hwi_interrupt_response resp = { 0 };

	if (sscanf(p->call, "i %" SCNx32 " %" SCNx64 " %" SCNx32, &req.requester, &req.addr,
		   &req.data) != 3)
		return false;
	hwi_interrupt(p->unit, &req, &resp);
	hwi_record_interrupt(got, LINE_BYTES, &resp);
	return true;
}

static bool play_page_request(struct replay *p)
{
	struct hwi_page_request req = { 0 };
	unsigned int access, prgi, last;
	char pasid[16];
	uint64_t addr;

	if (sscanf(p->call, "p %" SCNx32 " %15s %" SCNx64 " %x %x %x", &req.requester, pasid, &addr,
		   &access, &prgi, &last) != 6 ||
	    !parse_pasid(pasid, &req.pasid) || access > UINT8_MAX || prgi > UINT16_MAX)
		return false;
	req.addr = hwi_iova(addr);
	req.access = (uint8_t)access;
	req.prgi = (uint16_t)prgi;
	req.last = last != 0;
	(void)hwi_page_request(p->unit, &req);
	return true;
}

/* Make the gathered call. False if its line cannot be read. */
static bool play(struct replay *p)
{
	char got[LINE_BYTES] = "";
	uint64_t off, val;
	uint32_t rid, tags;
	unsigned int n;
	bool ok = true;

	switch (p->call[0]) {
	case 'r':
		ok = sscanf(p->call, "r %" SCNx64 " %x", &off, &n) == 2;
		if (ok)
			(void)snprintf(got, sizeof(got), "= %" PRIx64,
				       hwi_mmio_read(p->unit, off, n));
		break;
	case 'w':
		ok = sscanf(p->call, "w %" SCNx64 " %x %" SCNx64, &off, &n, &val) == 3;
		if (ok)
			hwi_mmio_write(p->unit, off, n, val);
		break;
	case 't':
		ok = play_translate(p, got);
		break;
	case 'i':
		ok = play_interrupt(p, got);
		break;
	case 'p':
		ok = play_page_request(p);
		break;
	case 'a':
		ok = sscanf(p->call, "a %" SCNx32 " %" SCNx32 " %x", &rid, &tags, &n) == 3;
		if (ok)
			hwi_ats_complete(p->unit, rid, tags, n);
		break;
	case 'o':
		ok = sscanf(p->call, "o %" SCNx32, &tags) == 1;
		if (ok)
			hwi_ats_timeout(p->unit, tags);
		break;
	case 's':
		ok = sscanf(p->call, "s %x", &n) == 1;
		if (ok)
			(void)snprintf(got, sizeof(got), "= %x", hwi_step(p->unit, n));
		break;
	case 'z':
		ok = sscanf(p->call, "z %x", &n) == 1;
		if (ok)
			hwi_reset(p->unit, n != 0);
		break;
	default:
		ok = false;
		break;
	}
	if (ok && strcmp(got, p->want) != 0)
		differ(p, "gives \"%s\", then it gave \"%s\"", got, p->want);
	if (ok && p->effect_at < p->effect_count)
		differ(p, "does not do \"%s\", which it did then", p->effects[p->effect_at]);
	return ok;
}

/* The families that a recording can name; each reads what its describe() wrote. */
typedef enum hwi_status create_described(const char *line, const struct hwi_host_ops *ops,
					 void *opaque, struct hwi_unit **unit);
create_described vtd_create_described, smmu_create_described;

static const struct family {
	const char *name;
	create_described *create;
} families[] = {
	{ "vtd", vtd_create_described },
	{ "smmuv3", smmu_create_described },
};

static enum hwi_status open_unit(struct replay *p)
{
	char line[LINE_BYTES];
	const char *unit;
	size_t len;

	if (!next_line(p, line) || strcmp(line, HWI_RECORD_MAGIC) != 0)
		return HWI_EVERSION;
	if (!next_line(p, line) || strncmp(line, "unit ", 5) != 0)
		return HWI_ESTATE;
	unit = line + 5;
	len = strcspn(unit, " ");
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (len == strlen(families[i].name) && memcmp(unit, families[i].name, len) == 0)
			return families[i].create(unit, &replay_host, p, &p->unit);
	}
	return HWI_ECONFIG;
}

enum hwi_status hwi_replay(FILE *in, FILE *diag, struct hwi_replay_report *report)
{
	struct replay p = { .in = in, .diag = diag, .report = report };
	enum hwi_status status = HWI_ENOMEM;
	bool bad = false;

	memset(report, 0, sizeof(*report));
	p.reads = calloc(MAX_READS, sizeof(*p.reads));
	p.effects = calloc(MAX_EFFECTS, sizeof(*p.effects));
	if (p.reads && p.effects)
		status = open_unit(&p);
	while (status == HWI_OK && gather(&p, &bad)) {
		if (!play(&p))
			bad = true;
		if (bad)
			break;
		report->calls++;
		report->differences += p.differs;
	}
	if (bad)
		status = HWI_ESTATE;
	hwi_destroy(p.unit);
	free(p.reads);
	free(p.effects);
	return status;
}
