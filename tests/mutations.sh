#!/bin/sh
# Plants each mistake of tests/mutations in a copy of the sources, and fails unless the wire corpus finds it.
# `tests/mutations.sh NAME…` tries those only.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
copy=$target/mutations
export CARGO_TARGET_DIR="$target"

# What git knows and what is new, so that uncommitted work is tried as well. All of it is newer than what cargo has built
# from an earlier copy.
rm -rf "$copy"
mkdir -p "$copy"
(cd "$root" && git ls-files --cached --others --exclude-standard -z | tar --null -cT - --ignore-failed-read 2>/dev/null) |
    tar -xmC "$copy"
cd "$copy"
# A repository of its own: inside another one's, git would take the patches for that.
git init --quiet

corpus() {
    cargo test --quiet --test wire "$@" -- --quiet 2>&1
}

corpus >"$copy.log" || { cat "$copy.log"; echo 'the corpus fails without any mutation' >&2; exit 1; }

survivors=0
[ $# -gt 0 ] || set -- tests/mutations/*.patch
for patch; do
    name=$(basename "$patch" .patch)
    git apply "tests/mutations/$name.patch"
    corpus --no-run >"$copy.log" || { cat "$copy.log"; echo "$name does not compile" >&2; exit 1; }
    if corpus >"$copy.log"; then
        echo "SURVIVED  $name"
        survivors=$((survivors + 1))
    else
        failed=$(grep -c '^---- ' "$copy.log" || true)
        first=$(sed -n 's/^---- \(.*\) ----$/\1/p' "$copy.log" | head -1)
        printf 'found     %s: %s cases, such as "%s"\n' "$name" "$failed" "$first"
    fi
    git apply --reverse "tests/mutations/$name.patch"
done
[ "$survivors" -eq 0 ]
