# Everything runs in a virtual environment of its own; Python 3.11 or later and make are all it takes.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
MEASURED := $(VENV)/measured

.PHONY: demo bench test faults cluster check lint types messages schema reference pictures clean

demo: $(VENV)/demo ## set up, load the Thái Bình example, print its attainment table, say how to open it in a browser
	@ledger="$$(mktemp -d)/thai-binh-2024.db"; \
	env UCLI_DB="$$ledger" PATH="$(CURDIR)/$(BIN):$$PATH" bash examples/02-thai-binh-2024.sh && \
	printf '\nXem trong trình duyệt / in a browser:\n  UCLI_DB=%s %s/ucli serve\n' "$$ledger" "$(BIN)"

# An ordinary install, alone as a user has it: what the peers import would weigh on it.
bench: ## measure a province beside what one would take instead, in some minutes
	test -x $(MEASURED)/ucli/bin/pip || $(PYTHON) -m venv $(MEASURED)/ucli
	test -x $(MEASURED)/peers/bin/pip || $(PYTHON) -m venv $(MEASURED)/peers
	rm -rf build
	$(MEASURED)/ucli/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt .
	$(MEASURED)/peers/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt duckdb pandas
	$(MEASURED)/ucli/bin/python -m benchmarks.run

test: $(VENV)/dev ## set up and run the tests
	$(BIN)/python -m pytest -n 3 --dist worksteal

faults: $(VENV)/dev ## kill, fill, turn over and fuzz for half an hour, and print what came of it
	UCLI_FAULTS=long $(BIN)/python -m pytest tests/faults -n 2

cluster: $(VENV)/dev ## hold all reports of the tests against their lakes, on DuckDB and on Spark; sets up Java and pyspark
	command -v java || { echo "Java is missing: installing a JRE with apt"; apt-get install -y default-jre-headless; }
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[spark]'
	UCLI_CLUSTER=1 $(BIN)/python -m pytest tests/exchange/test_cluster.py
	UCLI_LAKE=1 $(BIN)/python -m pytest tests/reports tests/cli tests/render tests/exchange -n 2

check: lint types messages schema reference test ## everything that must be clean before a change is handed in

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

messages: $(VENV)/dev
	$(BIN)/python scripts/messages.py --check

schema: $(VENV)/dev
	$(BIN)/python scripts/schema.py --check

reference: $(VENV)/dev
	$(BIN)/python scripts/reference.py --check

pictures: $(VENV)/dev ## make the pictures of docs/gallery.md anew; needs Chromium, LibreOffice and poppler
	$(BIN)/python scripts/pictures.py

clean:
	rm -rf $(VENV) benchmarks/made build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[web]'
	@touch $@

$(VENV)/dev: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/demo
