# Martinet: `make demo` and `make test` work from a bare clone. `make help` lists the rest.

# Read when a recipe runs, after set-up has recorded the machine's level. It is exported because
# SwiftPM keeps what the manifest printed, and asks again only when the environment differs.
LEVEL = $(or $(MARTINET_CPU),$(shell cat .deps/processor 2>/dev/null))
SCRATCH = .build/$(LEVEL)
SWIFT_ENVIRONMENT = MARTINET_CPU=$(LEVEL) PKG_CONFIG_PATH=$(CURDIR)/.deps/pkgconfig
FORMATTED = Sources Tests Benchmarks Package.swift

.DEFAULT_GOAL := help
.PHONY: help set-up build demo test nightly coverage lint format bench peers check clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

set-up: ## install what a build needs (set-up/core)
	@set-up/core

build: set-up ## release builds of martinet and bench in .build/release/
	@$(SWIFT_ENVIRONMENT) swift build -c release --scratch-path $(SCRATCH)
	@ln -sfn $(LEVEL)/release .build/release

demo: build ## a back-test on the sample data and its page, demo/report.html
	@.build/release/martinet demo

test: ## every test in release mode, and a few in debug mode
	@set-up/test
	@$(SWIFT_ENVIRONMENT) Tests/run $(SCRATCH)

nightly: ## the same tests, searching deeper
	@set-up/test
	@$(SWIFT_ENVIRONMENT) MARTINET_NIGHTLY=1 Tests/run $(SCRATCH)

coverage: ## lines covered by the tests, by room; fails below what Tests/Coverage/rules asks
	@set-up/test
	@$(SWIFT_ENVIRONMENT) Tests/Coverage/run $(SCRATCH)-coverage

lint: ## is everything formatted as .swift-format says?
	@swift format lint --strict --recursive $(FORMATTED)

format: ## make it so
	@swift format --in-place --recursive $(FORMATTED)

bench: build ## measure every row, beside its peer where peers are installed: docs/BENCHMARKS.md
	@.build/release/bench $(if $(wildcard .deps/peers),--peer) --page docs/BENCHMARKS.md

peers: ## install the programs we are compared with (12 GB at most; bench --peer uses them)
	@set-up/peers

check: ## what continuous integration runs
	@.ci/run

clean: ## remove builds; what set-up installed stays
	@rm -rf .build demo
