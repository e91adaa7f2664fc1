# Martinet: `make demo` and `make test` work from a bare clone.
LEVEL = $(or $(MARTINET_CPU),$(shell cat .deps/processor 2>/dev/null))
export PKG_CONFIG_PATH := $(CURDIR)/.deps/pkgconfig

.PHONY: build test set-up
set-up:
	@set-up/core

build: set-up
	swift build -c release --scratch-path .build/$(LEVEL)
	@ln -sfn $(LEVEL)/release .build/release

test: set-up
	swift test -c release --scratch-path .build/$(LEVEL)
