#!/bin/sh
# `reproducible.sh COMPONENT`: builds the component again, from a copy of the sources in another folder, and fails unless
# the same bytes come of it.
set -eu

component=$(realpath "$1")
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cd "$(dirname "$0")"
git ls-files -z | xargs -0 cp --parents --no-dereference --target-directory "$copy"

# Nor may it tell where in the world it was made, or by whom.
cd "$copy"
env -u CARGO_TARGET_DIR TZ=Asia/Kathmandu USER=somebody make --no-print-directory build
again=target/component/wasm32-wasip2/release/httplib.wasm
if ! cmp "$component" "$again"; then
    echo 'two builds of the same sources differ' >&2
    exit 1
fi
echo "built twice, the same: $(sha256sum "$again" | cut -d ' ' -f 1)"
