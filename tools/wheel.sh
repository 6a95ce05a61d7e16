#!/usr/bin/env bash
# Builds a wheel into dist/ whose name says the oldest glibc that it runs on; prints its path. PATH has the environment.
set -euo pipefail

made=build/wheel
rm -rf "$made"
python -m pip --disable-pip-version-check --quiet wheel --no-build-isolation --no-deps --wheel-dir "$made/plain" . >&2
# auditwheel looks up which versions of the system's libraries the core asks for, and writes them into the tag.
auditwheel repair --wheel-dir "$made/repaired" "$made"/plain/*.whl >"$made/log" 2>&1 ||
    { cat "$made/log" >&2; exit 1; }
mkdir -p dist
for wheel in "$made"/repaired/*.whl; do
    # A wheel of the same Python made before may have another tag, and pip would find two.
    rm -f dist/"$(basename "$wheel" | cut -d- -f1-4)"-*.whl
    mv "$wheel" dist/
    echo "dist/$(basename "$wheel")"
done
