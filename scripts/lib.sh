# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# What the set-up and build scripts share: where things are, how a step reports, how it fails. Sourced, not run.

set -euo pipefail
export LC_ALL=C

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=${BUILD:-$TOP/build}
CACHE=${HWIOMMU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hwiommu}
LOGS=$BUILD/logs
JOBS=${JOBS:-$(nproc)}
STEP=$(basename "$0")
umask 022
# A make above us hands down its flags; the builds below have their own.
unset MAKEFLAGS MFLAGS MAKELEVEL

mkdir -p "$CACHE" "$LOGS"

say() { printf '[%s] %s\n' "$STEP" "$*" >&2; }
die() { printf '[%s] error: %s\n' "$STEP" "$*" >&2; exit 1; }

# A failure that no other message explains must not end in silence.
trap 'rc=$?; printf "[%s] error: line %s: %s\n" "$STEP" "$LINENO" "$BASH_COMMAND" >&2; exit $rc' ERR

# Nor must ^C look like a failure: what is finished is kept, and each step begins again with what is not. It may come
# while a function's messages go to a log, so this one has a way of its own.
exec 8>&2
trap 'printf "[%s] interrupted; the next make goes on from there\n" "$STEP" >&8; exit 130' INT TERM

# hash_of: standard input -> 16 hexadecimal digits
hash_of() { sha256sum | cut -c1-16; }

# need_space DIR MIB WHAT: a full disk is said before the step, in one line
need_space() {
	local free
	free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$2" ] || die "$3 needs $2 MiB in $1, $free MiB are free (HWIOMMU_CACHE= names another folder)"
}

# lock NAME: one such step at a time for all checkouts that share this cache; held until the script ends
lock() {
	exec 9>"$CACHE/.$1.lock"
	flock -n 9 && return
	say "waiting for another build of $1"
	flock 9
}

# put FILE TARGET: copy if the content differs, in one rename, so that nobody ever sees half a file
put() {
	cmp -s "$1" "$2" && return
	mkdir -p "$(dirname "$2")"
	cp "$1" "$2.tmp.$$"
	mv -f "$2.tmp.$$" "$2"
}

# clock SECONDS -> "3 min 05 s" or "42 s"
clock() {
	if [ "$1" -ge 60 ]; then
		printf '%d min %02d s' $(($1 / 60)) $(($1 % 60))
	else
		printf '%d s' "$1"
	fi
}

# progress TOTAL UNIT PATTERN: reads a build's output, counts lines that match PATTERN (a ninja line "[n/m]" gives both
# numbers by itself) and says how far it is and how long it will take: on a terminal in place, elsewhere every 30 s.
progress() {
	local total=$1 unit=$2 pattern=$3 start=$SECONDS n=0 last=-99 line left text
	local every=30 tty=
	if [ -t 2 ]; then every=1 tty=y; fi
	while IFS= read -r line; do
		if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
			n=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
		elif [[ $line =~ $pattern ]]; then
			n=$((n + 1))
		else
			continue
		fi
		[ "$n" -lt "$total" ] || [[ $line != \[* ]] || continue
		[ $((SECONDS - last)) -ge $every ] || continue
		[ $((SECONDS - start)) -ge 5 ] || continue
		last=$SECONDS
		if [ $((n * 50)) -lt "$total" ]; then
			text="$n of $total $unit"
		elif [ "$n" -lt "$total" ]; then
			left=$(((SECONDS - start) * (total - n) / n))
			text="$n of $total $unit, about $(clock "$left") left"
		else
			text="$n $unit, nearly done"
		fi
		if [ -n "$tty" ]; then
			printf '\r[%s] %s\033[K' "$STEP" "$text" >&2
		else
			say "$text"
		fi
	done
	if [ -n "$tty" ] && [ "$last" -ge 0 ]; then printf '\r\033[K' >&2; fi
}

# logged NAME COMMAND...: run with the output in build/logs/NAME.log; V=1 shows it as well; on failure its last lines
logged() { PROGRESS_UNIT='' counted "$@"; }

# counted NAME COMMAND...: the same, with progress; the caller sets PROGRESS_{TOTAL,UNIT,PATTERN}
counted() {
	local log=$LOGS/$1.log rc=0
	shift
	if [ "${V:-0}" = 1 ]; then
		"$@" 2>&1 </dev/null | tee -a "$log" >&2 || rc=$?
	elif [ -n "${PROGRESS_UNIT:-}" ]; then
		"$@" 2>&1 </dev/null | tee -a "$log" |
			progress "$PROGRESS_TOTAL" "$PROGRESS_UNIT" "$PROGRESS_PATTERN" || rc=$?
	else
		"$@" >>"$log" 2>&1 </dev/null || rc=$?
	fi
	[ $rc -eq 0 ] && return
	[ "${V:-0}" != 1 ] || die "failed: $1 (exit status $rc)"
	printf -- '---- last lines of %s\n' "$log" >&2
	{ grep -n -E '(error|Error|undefined reference|No space left)' "$log" | tail -n 5; tail -n "${TAIL:-25}" "$log"; } >&2 || :
	die "failed: $1 (exit status $rc); the whole output is in $log"
}

# cross_of ARCH: the prefix of the compiler and binutils for a guest's architecture; nothing for this machine's own
cross_of() {
	local machine=$1
	if [ "$machine" = arm64 ]; then machine=aarch64; fi
	[ "$machine" = "$(uname -m)" ] || echo "$machine-linux-gnu-"
}

# debian_arch ARCH: Debian's name of a guest's architecture
debian_arch() {
	case $1 in
	x86_64) echo amd64 ;;
	arm64) echo arm64 ;;
	*) die "unknown architecture '$1': x86_64 or arm64" ;;
	esac
}

# busybox_for ARCH: this machine's static busybox, or the one of ARCH that scripts/fetch-sources unpacked, or nothing
busybox_for() {
	if [ -z "$(cross_of "$1")" ]; then
		echo /bin/busybox
	else
		find "$CACHE/tools" -path "*/busybox-$1-*/bin/busybox" 2>/dev/null | sort -V | tail -n 1 || :
	fi
}

# cached_source NAME: the newest unpacked source of NAME in the cache, or nothing
cached_source() {
	find "$CACHE/src" -maxdepth 1 -type d -name "$1-[0-9]*" 2>/dev/null | sort -V | tail -n 1
}
