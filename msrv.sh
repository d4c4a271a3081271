#!/bin/sh
# Checks what users compile with the oldest Rust that the manifests promise: the component, and the crate for Rust.
set -eu
cd "$(dirname "$0")"

oldest=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
others=$(git ls-files '*Cargo.toml' | xargs grep -L "^rust-version = \"$oldest\"$" || true)
if [ -n "$others" ]; then
    printf 'not Rust %s:\n%s\n' "$oldest" "$others" >&2
    exit 1
fi

case $(rustc --version) in
"rustc $oldest".*)
    echo "this is Rust $oldest: all else here is built with the oldest that is promised"
    exit
    ;;
esac
rustup toolchain install "$oldest" --profile minimal --target wasm32-wasip2
target=${CARGO_TARGET_DIR:-target}/msrv
cargo "+$oldest" check --locked --target wasm32-wasip2 --target-dir "$target"
cargo "+$oldest" check --locked --target wasm32-wasip2 --target-dir "$target" --manifest-path rust/Cargo.toml \
    --features async,http,json
