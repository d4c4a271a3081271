#!/bin/sh
# Prints flags for rustc that keep the folders of this machine out of what is built: the texts of panics name files, and
# two machines are to make the same component.
set -eu

root=$(cd "$(dirname "$0")" && pwd)
registry=${CARGO_HOME:-$HOME/.cargo}/registry/src
commit=$(rustc --version --verbose | sed -n 's/^commit-hash: //p')

# The standard library was built elsewhere, under a name with the compiler's commit; the compiler puts the folder of the
# component rust-src in its place where that is installed.
library=$(rustc --print sysroot)/lib/rustlib/src/rust/library
printf -- '--remap-path-prefix=%s= ' "$root" "/rustc/$commit/library" "$library"
for folder in "$registry"/*/; do
    printf -- '--remap-path-prefix=%s= ' "${folder%/}"
done
