#!/usr/bin/env bash
# `part.sh TIMES NAME COMMAND…`: runs a part of `make test`, and writes into the file TIMES how many seconds it took; for
# tests, how many each program of theirs took, too.
set -euo pipefail

times=$1 name=$2
shift 2
printf '\n%s\n' "== $name: $*"
begin=$(date +%s)
status=0
# What is shown is what the command shows; cargo says on standard error which program runs.
"$@" 2>&1 | awk -v times="$times" '
    { print; fflush() }
    $1 == "Running" || $1 == "Doc-tests" { program = $0; gsub(/^ *Running | \(.*/, "", program) }
    /^test result: .* finished in / && $4 > 0 {
        printf "%12.1f  %s, %s passed\n", $NF, program, $4 >> times
    }
' || status=$?
printf '%8.1f  %s\n' $(($(date +%s) - begin)) "$name" >>"$times"
exit "$status"
