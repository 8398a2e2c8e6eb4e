# One command each. The same as CMake presets: cmake --workflow --preset all.
SHELL := /bin/bash
VENV := .venv/bin
SOURCES := $(shell find include src python scripts/apigen.py CMakeLists.txt cmake pyproject.toml -type f -not -name '*.pyc' -not -path '*/__pycache__/*')
ARGS ?=

.PHONY: run test lab bench docs test-slow test-gpu bench-gpu build check format clean
.DELETE_ON_ERROR:

run: .venv/installed  ## Set up, build, and answer the question of episode 52 on a real trace
	@$(VENV)/python -m qsm run episode-52 --output reports $(ARGS)

test: setup-test .venv/installed  ## Set up, build and run the whole suite
	@scripts/test.sh

lab: .venv/installed  ## JupyterLab on the notebooks
	@$(VENV)/python -m jupyterlab --notebook-dir=notebooks $(ARGS)

bench: setup-test .venv/installed  ## Benchmarks beside the peers; results into benchmarks/results
	@scripts/bench.sh $(ARGS)

docs: setup-test .venv/installed  ## The documentation, in docs/_build/html
	@$(VENV)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html && echo "docs/_build/html/index.html"

test-slow: setup-slow .venv/installed  ## Static analysis, clang, sanitizers, fuzzing, slow Python tests; ARGS="tidy fuzz" for parts
	@scripts/test-slow.sh $(ARGS)

test-gpu:  ## CUDA kernels against their CPU twins, where there is a GPU
	@scripts/test-gpu.sh

bench-gpu:  ## CUDA kernels beside cuBLAS and torch, where there is a GPU
	@scripts/bench-gpu.sh

check:  ## Formatters and fast linters
	@scripts/check.sh

format:  ## Let the formatters write
	@clang-format-16 -i $$(git ls-files '*.hpp' '*.ipp' '*.cpp') && $(VENV)/python -m ruff format -q . && $(VENV)/python -m ruff check -q --fix .

.PHONY: setup-run setup-test setup-slow
setup-run:
	@scripts/setup.sh run
setup-test:
	@scripts/setup.sh test
setup-slow:
	@scripts/setup.sh slow

# The package, built in the one build tree that the tests use too.
.venv/installed: $(SOURCES) | setup-run
	@echo "Building qsm (about two minutes the first time)"
	@$(VENV)/python -m pip uninstall -q -y --disable-pip-version-check qsm 2>/dev/null  # an install that was cut short breaks the next build
	@$(VENV)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps --force-reinstall \
	  -Cbuild-dir=build -Ccmake.define.CMAKE_CXX_COMPILER_LAUNCHER=ccache -Ccmake.define.QSM_BUILD_TESTS=OFF .
	@touch $@

clean:
	rm -rf build dist reports docs/_build
