# make help lists the targets. Everything is built in one profile, release, so that what takes
# minutes (the bindings to libtorch) is built once.

CARGO ?= cargo
PYTHON ?= python3
# More flags for make train or make bench-peers: make train ARGS="--seed 2 --T 5..12"
ARGS ?=

.DEFAULT_GOAL := help
