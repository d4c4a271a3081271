#!/bin/sh
# Says which of the tools that the tests need are missing, all at once, and fails where one is.

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
python3 -c 'import ensurepip, venv' 2>/dev/null || lacks "venv for python3"
# Where Debian has programs that serve.
PATH=$PATH:/usr/sbin
for proxy in squid tinyproxy haproxy; do
    has "$proxy" || lacks "$proxy"
done
[ -x /usr/lib/squid/basic_ncsa_auth ] || lacks "squid's basic_ncsa_auth"
has openssl || lacks "openssl"
has nginx || lacks "nginx (Debian: nginx-light)"
has cc || lacks "a C compiler"

exit "$missing"
