# Everything that can be built, run and tested here. `make` alone says what there is.

TARGET := wasm32-wasip2
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
# Where the harness looks for it, too.
COMPONENT_TARGET := $(TARGET_DIR)/component
COMPONENT := $(COMPONENT_TARGET)/$(TARGET)/release/httplib.wasm
SMALL := $(TARGET_DIR)/small/httplib.wasm
SMALL_PROGRAM := $(TARGET_DIR)/small/program.wasm
CLI := $(TARGET_DIR)/$(TARGET)/release/httplib-cli.wasm

# Crates for WebAssembly outside the workspace, as a consumer's are. They share a target folder.
GUESTS := cli examples/fetch examples/plugin examples/recipes host-tests/guests/hostile host-tests/guests/kernel
GUEST_TARGET := $(TARGET_DIR)/guest

.DEFAULT_GOAL := help

.PHONY: help
help: ## show this
	@echo 'usage: make <target>'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 12
	@echo
	@echo 'make run URL=https://example.com/ [METHOD=HEAD] [CA=ca.pem] [PROXY=http://host:port]'

# Its package is a library for native tests, too. Where cargo makes both it does not optimize across crates.
BUILD := CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS="$$(./remap.sh)" cargo rustc --lib --crate-type cdylib --release --target $(TARGET) --target-dir

.PHONY: build
build: rust ## build the component
	@$(BUILD) $(COMPONENT_TARGET)
	@echo 'built $(COMPONENT)'

.PHONY: js
js: build ## build the npm package
	cd js && npm ci --no-audit --no-fund && npm run build -- '$(abspath $(COMPONENT))'

.PHONY: cli
cli: build ## build the command line
	cargo build --release --target $(TARGET) --manifest-path cli/Cargo.toml --target-dir $(GUEST_TARGET)
	@mkdir -p $(dir $(CLI))
	@cargo run --quiet --package tools --bin compose -- \
		$(GUEST_TARGET)/$(TARGET)/release/httplib-cli.wasm --plug $(COMPONENT) -o $(CLI)

# Two runs write the same bytes.
.PHONY: dist
dist: needs small ## write what is published into dist/, and check its size
	@CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS="$$(./remap.sh)" \
		cargo build --release --target $(TARGET) --manifest-path cli/Cargo.toml --target-dir $(dir $(SMALL))
	@cargo run --quiet --package shrink $(dir $(SMALL))$(TARGET)/release/httplib-cli.wasm $(SMALL_PROGRAM)
	@cargo run --quiet --package tools --bin dist -- --component $(SMALL) --program $(SMALL_PROGRAM)

.PHONY: reference
reference: rust ## write docs/reference.md from the comments in wit/
	@cargo run --quiet --package tools --bin wit-pages > docs/reference.md.new
	@mv docs/reference.md.new docs/reference.md

# What is published. Tests take it in place of their own where HTTPLIB_WASM names it.
.PHONY: small
small: build ## make the component small with binaryen, and print its size by part
	@command -v npm >/dev/null || { echo 'missing: npm' >&2; exit 1; }
	@cd shrink && npm ci --silent
	@mkdir -p $(dir $(SMALL))
	@cargo run --quiet --package shrink $(COMPONENT) $(SMALL)
	@echo 'made $(abspath $(SMALL))'

# The same code, from a build with names.
.PHONY: size
size: small ## print the size of the small component, by part and by crate
	@CARGO_PROFILE_RELEASE_STRIP=none $(BUILD) $(TARGET_DIR)/named --quiet
	@cargo run --quiet --package shrink $(TARGET_DIR)/named/$(TARGET)/release/httplib.wasm

# The program finds URL and the rest in the environment: make puts its command line's variables there. It is built for
# the whole workspace, so that what the tests build later has the same features; and beside the component, whose last
# step is for one core.
.PHONY: run
run: rust ## run the examples of the httplib reference, or fetch URL=…
	@[ -e $(TARGET_DIR)/debug/run ] || echo 'Building the component, and a host with wasmtime: four minutes on two cores.'
	@$(BUILD) $(COMPONENT_TARGET) --quiet & cargo build --workspace --bin run && wait $$!
	@$(TARGET_DIR)/debug/run

.PHONY: test
test: needs ## check the format and the lints, and run all tests
	cargo fmt --all --check
	$(foreach guest,$(GUESTS),cargo fmt --manifest-path $(guest)/Cargo.toml --check &&) true
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --target $(TARGET) -- -D warnings
	$(foreach guest,$(GUESTS),cargo clippy --release --target $(TARGET) --target-dir $(GUEST_TARGET) \
		--manifest-path $(guest)/Cargo.toml -- -D warnings &&) true
	cargo test
	cargo test --package folded-bindings --package shrink
	cargo test --package host-tests

.PHONY: deny
deny: ## check the dependencies with cargo-deny, where it is installed
	@cargo deny --version >/dev/null 2>&1 || { echo 'missing: cargo-deny, see CONTRIBUTING.md' >&2; exit 1; }
	cargo deny --workspace check

.PHONY: conformance
conformance: rust ## run CPython's tests and write docs/conformance.md
	cargo test --package host-tests --test cpython --no-fail-fast -- --skip list:: | \
		cargo run --quiet --package tools --bin cpython-page

# PYTHON3 and PYTHON27 name other Pythons than those in the path.
.PHONY: oracle
oracle: rust ## hold the component against python3 and python2.7, case by case
	cargo test --package host-tests --test oracle -- --nocapture

.PHONY: golden
golden: rust ## record what python2.7 says, for machines without it
	GOLDEN=write cargo test --package host-tests --test oracle -- recorded

.PHONY: mutations
mutations: ## plant mistakes in the sources, and see that the tests find them
	@tests/mutations.sh

# What copies bodies out of the component is compiled with the harness, byte by byte if nobody optimizes it.
.PHONY: bench-tls
bench-tls: rust ## time TLS: records, downloads, handshakes
	@cargo run --quiet --config profile.dev.package.harness.opt-level=2 --config profile.dev.package.host-tests.opt-level=2 \
		--package host-tests --bin bench-tls

.PHONY: needs
needs: rust ## say what is missing on this machine
	@./host-tests/needs.sh

# Rust itself, and the target of the component.
.PHONY: rust
rust:
	@command -v rustup >/dev/null || { echo 'missing: rustup, see https://rustup.rs' >&2; exit 1; }
	@[ -d "$$(rustc --print target-libdir --target $(TARGET))" ] || rustup --quiet target add $(TARGET)
