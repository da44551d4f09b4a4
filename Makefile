# Two commands for everybody: `make run` opens the app, `make test` tests it. Neither needs root.

PYTHON ?= $(shell for p in python3.11 python3.12 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check format screenshots variations lock firmware glove-sim clean

run: .venv/run.stamp
	$(BIN)/python main.py

test: .venv/dev.stamp
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The lock is complete, so nothing is resolved; torch alone may ask for libraries that only its own build knows.
.venv/run.stamp: requirements.lock
	@test -n "$(PYTHON)" || { echo "Dacapo needs Python 3.11 or 3.12; set PYTHON=/path/to/python3.11" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-warn-conflicts -c requirements.lock torch
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps -r requirements-dev.lock
	touch $@

# The pictures of the documentation, made by the program itself.
screenshots: .venv/run.stamp
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.screenshots docs/screenshots

# Ten variations of library pieces, each beside its source as score and roll.
variations: .venv/run.stamp
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.variations docs/composer

# The glove's firmware for an ATmega328P (avr-gcc), and the same program on a simulated chip (libsimavr).
firmware:
	$(MAKE) -C tutor/glove/firmware firmware

glove-sim: .venv/run.stamp firmware
	$(MAKE) -C tutor/glove/firmware sim
	$(BIN)/python main.py glove simulate --chip

# Resolve both lists anew in an empty environment and write the locks.
lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	grep -v '^tinysoundfont\|^basic-pitch\|^abc-xml' requirements.in > build/lock/with-dependencies.in
	build/lock/bin/pip install --quiet -r build/lock/with-dependencies.in
	grep '^tinysoundfont\|^basic-pitch\|^abc-xml' requirements.in > build/lock/alone.in
	build/lock/bin/pip install --quiet --no-deps -r build/lock/alone.in
	build/lock/bin/pip freeze | sed 's/+cpu$$//' | sort -f > requirements.lock
	build/lock/bin/pip install --quiet -r requirements-dev.in
	build/lock/bin/pip freeze | sed 's/+cpu$$//' | sort -f | grep -vxFf requirements.lock > requirements-dev.lock

clean:
	rm -rf .venv build
