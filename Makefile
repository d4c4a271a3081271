# Everything that can be built, run and tested here. `make` alone says what there is.

TARGET := wasm32-wasip2
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
# Where the harness looks for it, too.
COMPONENT_TARGET := $(TARGET_DIR)/component
COMPONENT := $(COMPONENT_TARGET)/$(TARGET)/release/httplib.wasm
# The one over WASI 0.3, whose flags differ.
P3_TARGET := $(TARGET_DIR)/p3
P3 := $(P3_TARGET)/httplib-p3.wasm
WASI_HTTP := $(P3_TARGET)/httplib-wasi-http.wasm
SMALL := $(TARGET_DIR)/small/httplib.wasm
SMALL_P3 := $(TARGET_DIR)/small/httplib-p3.wasm
SMALL_WASI_HTTP := $(TARGET_DIR)/small/httplib-wasi-http.wasm
SMALL_PROGRAM := $(TARGET_DIR)/small/program.wasm
CLI := $(TARGET_DIR)/$(TARGET)/release/httplib-cli.wasm

# Crates for WebAssembly outside the workspace, as a consumer's are. They share a target folder.
GUESTS := cli examples/fetch examples/p3 examples/plugin examples/recipes host-tests/guests/bench \
	host-tests/guests/bench-linked \
	host-tests/guests/bench-wasi-http host-tests/guests/caller host-tests/guests/hostile \
	host-tests/guests/kernel host-tests/guests/p3-bench host-tests/guests/p3-caller \
	host-tests/guests/p3-calls host-tests/guests/p3-client host-tests/guests/rust-client \
	host-tests/guests/wasi-http host-tests/guests/wasi-http-server
# Those that need clang: for the benchmark alone.
C_GUESTS := host-tests/guests/bench-attohttpc
GUEST_TARGET := $(TARGET_DIR)/guest

# Programs are built for the whole workspace: cargo unites the features of what it is told to build, and with fewer
# packages it would compile wasmtime again.
TOOL = cargo build --quiet --workspace --bin $(1) && $(TARGET_DIR)/debug/$(1)

.DEFAULT_GOAL := help

.PHONY: help
help: ## show this
	@echo 'usage: make <target>'
	@echo
	@sed -n 's/^\([a-z0-9-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 12
	@echo
	@echo 'make run URL=https://example.com/ [METHOD=HEAD] [CA=ca.pem] [PROXY=http://host:port]'

# Its package is a library, for native tests and for programs that have it linked in.
BUILD := CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS="$$(./remap.sh)" cargo rustc --lib --crate-type cdylib --release --target $(TARGET) --target-dir

# The linker's stack is a mebibyte, most of the memory of an instance at rest. All tests pass with half of this one, and
# whatever needs more traps: below it there is nothing.
LINK := -- -C link-arg=-zstack-size=131072

.PHONY: build
build: rust ## build the component
	@$(BUILD) $(COMPONENT_TARGET) $(LINK)
	@echo 'built $(COMPONENT)'

# Of randomness, the crates know the interface of WASI 0.2 alone: here they ask ours.
P3_FLAGS := --cfg getrandom_backend=\"custom\"
P3_RUSTFLAGS := CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS="$$(./remap.sh) $(P3_FLAGS)"
BUILD_P3 := $(P3_RUSTFLAGS) cargo rustc --lib --crate-type cdylib --release --target $(TARGET) --target-dir $(P3_TARGET) --features

.PHONY: p3
p3: rust ## build the component over WASI 0.3
	@$(BUILD_P3) p3 $(LINK)
	@cp $(P3_TARGET)/$(TARGET)/release/httplib.wasm $(P3)
	@echo 'built $(P3)'

.PHONY: wasi-http
wasi-http: rust ## build the provider of wasi:http/client
	@$(BUILD_P3) wasi-http $(LINK)
	@cp $(P3_TARGET)/$(TARGET)/release/httplib.wasm $(WASI_HTTP)
	@echo 'built $(WASI_HTTP)'

.PHONY: js
js: build ## build the npm package
	cd js && npm ci --no-audit --no-fund && npm run build -- '$(abspath $(COMPONENT))'

.PHONY: cli
cli: build ## build the command line
	cargo build --release --target $(TARGET) --manifest-path cli/Cargo.toml --target-dir $(GUEST_TARGET)
	@mkdir -p $(dir $(CLI))
	@$(call TOOL,compose) \
		$(GUEST_TARGET)/$(TARGET)/release/httplib-cli.wasm --plug $(COMPONENT) -o $(CLI)

# Two runs write the same bytes.
.PHONY: dist
dist: needs small p3 wasi-http ## write what is published into dist/, and check its size
	@CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS="$$(./remap.sh)" \
		cargo build --release --target $(TARGET) --manifest-path cli/Cargo.toml --target-dir $(dir $(SMALL))
	@$(call TOOL,shrink) $(dir $(SMALL))$(TARGET)/release/httplib-cli.wasm $(SMALL_PROGRAM)
	@$(call TOOL,shrink) $(P3) $(SMALL_P3)
	@$(call TOOL,shrink) $(WASI_HTTP) $(SMALL_WASI_HTTP)
	@$(call TOOL,dist) --component $(SMALL) --p3 $(SMALL_P3) --wasi-http $(SMALL_WASI_HTTP) --program $(SMALL_PROGRAM)

.PHONY: reference
reference: rust ## write docs/reference.md from the comments in wit/
	@$(call TOOL,wit-pages) > docs/reference.md.new
	@mv docs/reference.md.new docs/reference.md

.PHONY: pages
pages: reference ## write docs/reference.md, and docs/recipes.md from the recipes
	@$(call TOOL,recipe-pages) > docs/recipes.md.new
	@mv docs/recipes.md.new docs/recipes.md

# What is published. Tests take it in place of their own where HTTPLIB_WASM names it.
.PHONY: small
small: build ## make the component small with binaryen, and print its size by part
	@command -v npm >/dev/null || { echo 'missing: npm' >&2; exit 1; }
	@cd shrink && npm ci --silent
	@mkdir -p $(dir $(SMALL))
	@$(call TOOL,shrink) $(COMPONENT) $(SMALL)
	@echo 'made $(abspath $(SMALL))'

# The same code, from a build with names.
.PHONY: size
size: small ## print the size of the small component, by part and by crate
	@CARGO_PROFILE_RELEASE_STRIP=none $(BUILD) $(TARGET_DIR)/named --quiet $(LINK)
	@$(call TOOL,shrink) $(TARGET_DIR)/named/$(TARGET)/release/httplib.wasm

# The program finds URL and the rest in the environment: make puts its command line's variables there. The component is
# built beside it: its last step is for one core.
.PHONY: run
run: rust ## run the examples of the httplib reference, or fetch URL=…
	@[ -e $(TARGET_DIR)/debug/run ] || echo 'Building the component, and a host with wasmtime: four minutes on two cores.'
	@$(BUILD) $(COMPONENT_TARGET) --quiet $(LINK) & cargo build --workspace --bin run && wait $$!
	@$(TARGET_DIR)/debug/run

RUST := --manifest-path rust/Cargo.toml --target-dir $(GUEST_TARGET) --features async,http,json

# How long each part of the last `make test` took.
TIMES := $(TARGET_DIR)/times
PART := @./part.sh $(TIMES)

.PHONY: test
test: needs p3 ## check the format and the lints, and run all tests
	@echo 'Format, lints and all tests: the first time a quarter to half an hour on two cores, after make run. The last lines say how long each part took.'
	@mkdir -p $(TARGET_DIR) && rm -f $(TIMES)
	$(PART) format cargo fmt --all --check
	$(PART) 'format of the guests' sh -ec '$(foreach guest,fuzz rust $(GUESTS) $(C_GUESTS),cargo fmt --manifest-path $(guest)/Cargo.toml --check;)'
	$(PART) lints cargo clippy --workspace --all-targets -- -D warnings
	$(PART) 'lints of the component' cargo clippy --target $(TARGET) -- -D warnings
	$(PART) 'lints over WASI 0.3' sh -ec '$(foreach features,p3 wasi-http,$(P3_RUSTFLAGS) \
		cargo clippy --release --target $(TARGET) --target-dir $(P3_TARGET) --features $(features) -- -D warnings;)'
	$(PART) 'lints of the guests' sh -ec '$(foreach guest,$(GUESTS),cargo clippy --release --target $(TARGET) \
		--target-dir $(GUEST_TARGET) --manifest-path $(guest)/Cargo.toml -- -D warnings;)'
	$(PART) 'the crate for Rust' sh -ec '\
		cargo clippy --release $(RUST) --target $(TARGET) --all-targets -- -D warnings; \
		RUSTDOCFLAGS="-D warnings" cargo doc --release $(RUST) --target $(TARGET) --no-deps; \
		cargo test $(RUST) --doc'
	$(PART) 'lints of the fuzzing' env RUSTFLAGS='--cfg fuzzing' cargo clippy --manifest-path fuzz/Cargo.toml \
		--target-dir $(TARGET_DIR)/fuzz/lints --all-targets -- -D warnings
	$(PART) fuzzing env RUNS=100000 ./fuzz/run.sh 10
	$(PART) dependencies cargo deny --workspace check bans licenses sources
	$(PART) 'the oldest Rust' ./msrv.sh
	$(PART) 'build of the tests' cargo test --workspace --no-run
	$(PART) 'the component, built again' ./reproducible.sh $(COMPONENT)
	$(PART) tests cargo test --workspace --no-fail-fast
	$(PART) 'tests over WASI 0.3' ./host-tests/p3.sh $(P3)
	@[ -n "$(CI)" ] || { printf '\nseconds\n'; cat $(TIMES); }

# New inputs are forgotten unless CORPUS names a folder for them.
.PHONY: fuzz
fuzz: rust ## let each fuzz target run for a minute, or for EACH=seconds; ONLY=tls runs one
	@ONLY=$(ONLY) CORPUS=$(CORPUS) ./fuzz/run.sh $(or $(EACH),60)

.PHONY: deny
deny: ## check the dependencies with cargo-deny, advisories included
	@cargo deny --version >/dev/null 2>&1 || { echo 'missing: cargo-deny (cargo install --locked cargo-deny)' >&2; exit 1; }
	cargo deny --workspace check

.PHONY: reproducible
reproducible: build ## build the component twice, and compare the bytes
	@./reproducible.sh $(COMPONENT)

.PHONY: msrv
msrv: rust ## check what users compile with the oldest Rust that the manifests promise
	@./msrv.sh

# SAMPLES is how often each operation is timed.
.PHONY: timing
timing: rust ## see whether the time that cryptography takes tells something about secrets
	@cargo build --quiet --release --target $(TARGET) --target-dir $(GUEST_TARGET) --manifest-path host-tests/guests/kernel/Cargo.toml
	@$(call TOOL,wasmtime) run $(GUEST_TARGET)/$(TARGET)/release/kernel.wasm timing $(or $(SAMPLES),1000000)

.PHONY: conformance
conformance: rust ## run CPython's tests and write docs/conformance.md
	@cargo build --quiet --workspace --bin cpython-page
	cargo test --workspace --test cpython --no-fail-fast -- --skip list:: | $(TARGET_DIR)/debug/cpython-page

# PYTHON3 and PYTHON27 name other Pythons than those in the path.
.PHONY: oracle
oracle: rust ## hold the component against python3 and python2.7, case by case
	cargo test --workspace --test oracle -- --nocapture

.PHONY: golden
golden: rust ## record what python2.7 says, for machines without it
	GOLDEN=write cargo test --workspace --test oracle -- recorded

.PHONY: boto3
boto3: rust ## run boto3 in a component against moto's server: both are installed for it
	cargo test --workspace --test consumers -- --ignored boto3

.PHONY: faults
faults: ## let the way fail at every byte, in memory
	FAULTS=all cargo test --profile trials --test faults

# COUNT sequences; SEED repeats what failed.
.PHONY: sequences
sequences: rust ## make ten million random sequences of calls, and hold them against the model
	COUNT=$(or $(COUNT),10000000) SEED=$(or $(SEED),1) \
		cargo test --workspace --test caller -- sequences_over_wasi_02 --nocapture

.PHONY: mutations
mutations: ## plant mistakes in the sources, and see that the tests find them
	@tests/mutations.sh

.PHONY: hostile
hostile: rust ## run what peers may send without end, and bodies of ten gibibytes
	cargo test --lib hostile
	cargo test --workspace --test hostile_peer -- --include-ignored --nocapture

.PHONY: soak
soak: rust ## run a mixed load with faults for MINUTES=10, and write docs/soak.svg
	@$(call TOOL,soak) --minutes $(or $(MINUTES),10) --write docs

# What the benchmark runs. attohttpc's ring is partly C, which clang compiles: `make test` leaves that one alone.
BENCH_GUESTS := $(filter cli examples/plugin host-tests/guests/bench% \
	$(addprefix host-tests/guests/,kernel p3-bench wasi-http),$(GUESTS)) \
	$(C_GUESTS)
BENCH := $(TARGET_DIR)/measure/bench --guests $(GUEST_TARGET)/$(TARGET)/release --p3 $(P3) --provider $(WASI_HTTP) --npm js

.PHONY: bench
bench: bench-build ## time the component beside its peers, and write docs/bench.md; ONLY=http prints one subject
	@$(BENCH) $(if $(ONLY),--only $(ONLY),--write docs)

.PHONY: bench-quick
bench-quick: bench-build ## the same in two minutes: ratios alone
	@$(BENCH) --quick $(if $(ONLY),--only $(ONLY))

.PHONY: bench-build
bench-build: rust
	@./host-tests/needs.sh bench
	@[ -e $(TARGET_DIR)/measure/bench ] || echo 'Building the components, the programs, and a host with wasmtime: ten minutes on two cores.'
	@$(MAKE) --no-print-directory p3 wasi-http js
	@for guest in $(BENCH_GUESTS); do CC_wasm32_wasip2=clang AR_wasm32_wasip2=llvm-ar cargo build --quiet --release \
		--target $(TARGET) --target-dir $(GUEST_TARGET) --manifest-path $$guest/Cargo.toml || exit; done
	@cargo build --workspace --bin bench --bin host --bin wasmtime --profile measure

.PHONY: needs
needs: rust ## say what the tests need that this machine lacks
	@./host-tests/needs.sh

# Rust itself, and the target of the component.
.PHONY: rust
rust:
	@command -v rustup >/dev/null || { echo 'missing: rustup, see https://rustup.rs' >&2; exit 1; }
	@[ -d "$$(rustc --print target-libdir --target $(TARGET))" ] || rustup --quiet target add $(TARGET)
