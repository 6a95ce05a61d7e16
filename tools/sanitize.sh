#!/usr/bin/env bash
# Builds the core with the compiler's sanitizers and runs tests/native on it. SECONDS_EACH: how long the fuzzer runs.
set -euo pipefail

for kind in address,undefined thread; do
    folder=build/sanitize-${kind%%,*}
    cmake -S . -B "$folder" -G "Unix Makefiles" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DINKMEANS_PAGE=OFF \
        -DINKMEANS_SANITIZE="$kind" -DPython_EXECUTABLE="$(command -v python)" \
        -Dnanobind_DIR="$(python -m nanobind --cmake_dir)" >/dev/null
    cmake --build "$folder" --target fuzz self_check >/dev/null
    echo -n "Sanitizers of $kind: "
    told=$("$folder/self_check") || { echo "$told"; exit 1; }
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 "$folder/fuzz" "${SECONDS_EACH:-60}"
done
