#!/usr/bin/env bash
# Says in one sentence what this machine lacks. `machine.sh build`: for building; `node`: for the page; `browser`: for
# the browser's tests, where Debian's chromium is installed if that is allowed.
set -euo pipefail

python=${PYTHON:-python3}

fail() {
    echo "$1" >&2
    exit 1
}

may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

need_build() {
    local missing=()
    command -v "$python" >/dev/null || fail "inkmeans needs Python 3.11 or newer, and '$python' was not found; on Debian: sudo apt-get install python3 python3-venv python3-dev"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "inkmeans needs Python 3.11 or newer, and '$python' is $("$python" -c 'import platform; print(platform.python_version())'); name a newer one with: make PYTHON=python3.11 ..."
    "$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
    "$python" -c 'import pathlib, sys, sysconfig; sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").is_file())' ||
        missing+=(python3-dev)
    command -v "${CXX:-g++}" >/dev/null || command -v c++ >/dev/null || missing+=(g++)
    [ ${#missing[@]} = 0 ] || fail "inkmeans is built on this machine, which lacks ${missing[*]}; on Debian: sudo apt-get install ${missing[*]}"
}

need_node() {
    command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
        fail "The page needs Node 20.19 or newer with npm, and this machine has $(node --version 2>/dev/null || echo none); install it from https://nodejs.org or with your system's packages."
}

need_browser() {
    local chromium=${INKMEANS_CHROMIUM:-chromium}
    ! command -v "$chromium" >/dev/null || return 0
    [ -z "${INKMEANS_CHROMIUM:-}" ] || fail "INKMEANS_CHROMIUM names '$chromium', which is no program."
    may_install || fail "The browser's tests need Chromium; on Debian: sudo apt-get install chromium; elsewhere name it in INKMEANS_CHROMIUM, or leave these tests out with: make test BROWSER=no"
    echo "Installing Debian's chromium for the browser's tests"
    {
        as_root apt-get update --quiet=2
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends chromium fonts-liberation </dev/null
    } >/dev/null || fail "Debian's chromium could not be installed; see the lines above, or leave the browser's tests out with: make test BROWSER=no"
}

"need_$1"
