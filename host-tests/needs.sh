#!/bin/sh
# needs.sh [bench]: says which of the tools that the tests or the benchmark need are missing, all at once, and fails
# where one is.

missing=0

lacks() {
    echo "missing: $1" >&2
    missing=1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

if has node; then
    version=$(node --version)
    major=${version#v}
    [ "${major%%.*}" -ge 20 ] || lacks "node 20 or newer (this is $version)"
else
    lacks "node 20 or newer"
fi
has npm || lacks "npm"
has python3 || lacks "python3"
has cc || lacks "a C compiler"
# Where Debian has programs that serve.
PATH=$PATH:/usr/sbin
has nginx || lacks "nginx (Debian: nginx-light)"

if [ "$1" = bench ]; then
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || lacks "python3 3.10 or newer"
    has curl || lacks "curl"
    # ring in WebAssembly is partly C.
    clang --print-targets 2>/dev/null | grep -q wasm32 || lacks "clang, for wasm32"
    has llvm-ar || lacks "llvm-ar (Debian: llvm)"
    exit "$missing"
fi

python3 -c 'import ensurepip, venv' 2>/dev/null || lacks "venv for python3"
for proxy in squid tinyproxy haproxy; do
    has "$proxy" || lacks "$proxy"
done
cargo deny --version >/dev/null 2>&1 || lacks "cargo-deny (cargo install --locked cargo-deny)"
cargo fuzz --version >/dev/null 2>&1 || lacks "cargo-fuzz (cargo install --locked cargo-fuzz)"
has c++ || lacks "a C++ compiler, for cargo-fuzz"
[ -x /usr/lib/squid/basic_ncsa_auth ] || lacks "squid's basic_ncsa_auth"
has openssl || lacks "openssl"

exit "$missing"
