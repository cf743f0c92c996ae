# Two commands do everything: `make run` shows the main job, `make test` runs all tests.

PYTHON := .venv/bin/python
# How many random filters the differential tests try, and from which seed.
N ?= 300
SEED ?= 1
# PROFILE=--release builds the Python package slowly and runs long differential tests several times faster.
PROFILE ?=
# How many random queries and rules are given to other tools.
CASES ?= 1000
# How many random inputs a fuzz run gives to each reader.
ITERATIONS ?= 100000

# Each step in its turn: two builds at once only wait for each other.
.NOTPARALLEL:

.PHONY: run test tools format lint rust doc python node readme peers fuzz differential distributed chaos python-package node-package schema clean help

help: ## This list.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

run: ## The quickstart. CUSTOMERS=path.csv for your own customers, KEY=column if the key can't be found.
	@command -v cargo >/dev/null || { echo "install Rust 1.94 or later from https://rustup.rs"; exit 1; }
	@cargo build --locked --package cvm-quickstart
	@cargo run --quiet --locked --package cvm-quickstart

test: tools format lint rust doc python node readme peers differential ## All tests.
	@echo "all tests passed"

tools:
	@bash .ci/tools

format:
	cargo fmt --all --check

lint:
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	bash .ci/check-dependencies
	bash .ci/check-unify

rust: ## Tests of the Rust crates.
	@if cargo nextest --version >/dev/null 2>&1; then \
		cargo nextest run --locked --workspace --no-fail-fast; \
	else \
		echo "cargo-nextest is not installed, so cargo test runs the tests (cargo install cargo-nextest --locked)"; \
		cargo test --locked --workspace --tests; \
	fi

fuzz: ## Bytes from anywhere, ITERATIONS=1000000 of them for each reader.
	BOLERO_RANDOM_ITERATIONS=$(ITERATIONS) cargo test --locked --release --package cvm-fuzz

doc: ## Examples in the documentation.
	cargo test --locked --workspace --doc
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --package cvm-core --package cvm-sql --package cvm

.venv/ready: bindings/python/requirements-test.txt tests/differential/requirements.txt
	python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --upgrade pip
	$(PYTHON) -m pip install --quiet -r bindings/python/requirements-test.txt -r tests/differential/requirements.txt
	@touch $@

python-package: .venv/ready ## The Python package, into .venv.
	cd bindings/python && VIRTUAL_ENV=$(CURDIR)/.venv ../../.venv/bin/maturin develop --quiet --locked $(PROFILE)

python: python-package ## Tests of the Python package.
	cd bindings/python && ../../.venv/bin/ruff check . && ../../.venv/bin/ruff format --check . && ../../.venv/bin/mypy
	$(PYTHON) -m pytest -q bindings/python/tests

node-package: ## The Node package.
	cd bindings/node && npm ci --no-audit --no-fund --loglevel=error && npm run build

node: node-package ## Tests of the Node package.
	cd bindings/node && npm test

readme: python-package node-package ## The code blocks of the documents, run.
	$(PYTHON) -m pytest -q -rs tests/readme

peers: .venv/ready ## Filters beside react-querybuilder's and JsonLogic's own answers: CASES=20000 for a long run.
	cd tests/peers && npm ci --no-audit --no-fund --loglevel=error
	$(PYTHON) -m pytest -q -rs tests/peers --cases $(CASES) --seed $(SEED)

differential: python-package ## The same filters on real databases: N=10000 for a long run, SEED=… for another.
	$(PYTHON) -m pytest -q -rs tests/differential --filters $(N) --seed $(SEED)

distributed: ## The same segments on a Ballista cluster of three processes; builds for some minutes.
	sh examples/distributed/run.sh

chaos: ## Processes of journeys, killed N times, with a folder and with PostgreSQL: N=200, SEED=… for other times.
	DURABLE_KILLS=$(N) DURABLE_SEED=$(SEED) cargo test --locked --release --package cvm-journey --all-features --test durable -- --nocapture chaos::
	POSTGRES_KILLS=$(N) POSTGRES_SEED=$(SEED) cargo test --locked --release --package cvm-journey --all-features --test postgres -- --exact --nocapture killed::a_worker_that_is_killed_loses_nothing_and_repeats_nothing

schema: ## Writes schema/*.schema.json anew.
	UPDATE=1 cargo test --package cvm-core --test schema
	UPDATE=1 cargo test --package cvm-journey --test generated

clean:
	rm -rf .venv target bindings/node/node_modules examples/distributed/target
