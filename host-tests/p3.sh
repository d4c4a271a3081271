#!/bin/sh
# The tests of the component over WASI 0.2, with the one over 0.3 in its place: `p3.sh httplib-p3.wasm`.
set -eu

component=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

# What 0.3 does not have: a timeout of 0, pollables, output streams, and streams that fail. And one test races with a
# proxy that closes, where 0.3 has nothing to wait for that with.
lacking() {
    for pattern in nonblocking:: without_blocking never_blocks each_exchange_waits_as_was_last_set pollables:: splice:: \
        says_why_a_body_could_not_be_read_to_its_end programs::tinyproxy_leads_to_the_server; do
        printf -- '--skip %s ' "$pattern"
    done
}

# What cargo built for all tests. Told to build these alone it would unite other features, and compile wasmtime again.
built=$(cargo test --workspace --no-run --message-format json | grep '"reason":"compiler-artifact"' | grep 'host-tests#')
program() {
    printf '%s\n' "$built" | sed -n 's/.*"kind":\["test"\].*"name":"'"$1"'".*"executable":"\([^"]*\)".*/\1/p'
}

failed=
cd host-tests
for suite in component wire network hostile_peer cpython; do
    program=$(program "$suite")
    [ -x "$program" ] || { echo "no such tests: $suite" >&2; exit 1; }
    echo "     Running tests/$suite over WASI 0.3 ($program)"
    # shellcheck disable=SC2046
    HTTPLIB_WASM=$component "$program" $(lacking) || failed="$failed $suite"
done
[ -z "$failed" ] || { echo "failed over WASI 0.3:$failed" >&2; exit 1; }
