# make app and make test each install what they need into .venv; nothing else is required but Python >= 3.11.
PYTHON ?= python3
VENV := .venv
KERAS := .venv-keras
BIN := $(VENV)/bin
# the shipped runs, variant-recipe; GAN_ATELIER_DATA must point to the full MNIST to rebuild them
SHIPPED := $(notdir $(patsubst %/config.json,%,$(wildcard checkpoints/*/config.json)))

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

app: $(VENV)/.app  ## install, and open the app in the browser
	$(BIN)/streamlit run app.py

# two processes, a file each: every test has a runs folder, a port and one torch thread of its own
test: $(VENV)/.dev  ## install, and run all tests (those with a browser too, where Chromium is)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

quick: $(VENV)/.dev  ## what one runs while writing: no browser, no processes, no training of more than seconds
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not browser and not slow" $(ARGS)

check: $(VENV)/.dev  ## format, lint, types, import boundaries
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_boundaries.py
	@if command -v npm >/dev/null; then npm install --no-package-lock --no-audit --no-fund --silent && npx biome check; \
	else echo "JavaScript is not checked: there is no npm here."; fi

format: $(VENV)/.dev  ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	@if test -x node_modules/.bin/biome; then npx biome check --write; fi

checkpoints: $(VENV)/.app  ## train and ship every checkpoint anew (full MNIST, hours on two cores)
	for run in $(SHIPPED); do $(BIN)/python -m gan_core build $${run%-*} --recipe $${run##*-} || exit 1; done

bench: $(VENV)/.dev $(KERAS)/.done  ## measure: speed beside Keras and plain PyTorch, how cost grows, first paint, reruns, the latent page under a hand
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.first_paint
	$(BIN)/python -m benchmarks.rerun
	$(BIN)/python -m benchmarks.latent

clean:  ## remove the environment and caches; runs and data stay
	rm -rf $(VENV) $(KERAS) .pytest_cache .ruff_cache .mypy_cache

docs: $(VENV)/.dev  ## write the tables of README.md and docs/ anew
	$(BIN)/python docs/tables.py

words: $(VENV)/.dev  ## write the texts for visitors into gan_core/translation/atelier.pot, for translators
	$(BIN)/python docs/words.py

lock: $(VENV)/.dev  ## write requirements*.txt anew from pyproject.toml, keeping what still fits; ARGS=--upgrade takes the newest
	$(call LOCK,requirements.txt,)
	$(call LOCK,requirements-dev.txt,--extra dev --constraint requirements.txt)

# One file for Python 3.11 to 3.14 on every system. CUDA's packages follow torch, which names its own: pinned here they would come to
# machines whose torch has none.
define LOCK
$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --custom-compile-command "make lock" $(ARGS) $(2) --output-file $(1) pyproject.toml
grep -vE '^(nvidia-|cuda-|triton)' $(1) > $(1).new && mv $(1).new $(1)
endef

$(VENV)/.app: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --constraint requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.app
	$(BIN)/python -m pip install --quiet --editable ".[dev]" --constraint requirements-dev.txt
	touch $@

# Keras for the comparison in `bench`, which goes on without it where TensorFlow cannot be had; `make -B .venv-keras/.done` tries again
$(KERAS)/.done: benchmarks/speed/requirements-keras.txt
	test -x $(KERAS)/bin/python || $(PYTHON) -m venv $(KERAS)
	$(KERAS)/bin/python -m pip install --quiet -r $< || { echo "No TensorFlow here: the comparison goes without Keras."; rm -f $(KERAS)/bin/python; }
	touch $@

.PHONY: help app test quick check format checkpoints bench docs lock clean
