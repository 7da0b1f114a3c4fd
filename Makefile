# Kickstand. The two commands: make run, make test.
# Needs Go and make; every other package is installed from Debian by the
# targets that need it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

PORT_BASE ?=
DATA ?= var
BIN := bin
TOOLS := $(BIN)/tools

# Ebitengine's window: headers to build, libraries it opens at run time, and a
# screen for machines that have none.
RUN_PACKAGES := gcc libc6-dev libxrandr-dev libxcursor-dev libxi-dev libxinerama-dev \
	libxxf86vm-dev libgl-dev libgles2 libegl1 libgl1 libgl1-mesa-dri xvfb
TEST_PACKAGES := $(RUN_PACKAGES) xdotool imagemagick chromium sqlite3 postgresql strace zbar-tools fonts-noto-core

.PHONY: help run test check bench build docs fuzz clean run-packages test-packages tools

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

run: run-packages build ## a shop to try: hub, counter and kiosk with virtual hardware
	@exec $(BIN)/demo --bin $(BIN) --data "$(DATA)" $(if $(PORT_BASE),--port-base $(PORT_BASE))

build: ## all binaries into bin/
	@mkdir -p $(BIN)
	@CGO_ENABLED=0 go build -trimpath -o $(BIN)/hub ./hub/cmd/hub
	@CGO_ENABLED=0 go build -trimpath -o $(BIN)/demo ./hub/cmd/demo
	@CGO_ENABLED=1 go build -trimpath -o $(BIN)/kiosk ./device/cmd/kiosk

test: export KICKSTAND_S3 := $(CURDIR)/$(TOOLS)/versitygw
test: test-packages tools build ## every test, under the race detector; those of the hub on both databases
	@go test -tags headless -race ./...
	@$(BIN)/demo --postgres -- go test -tags headless $$(go list ./hub/... | grep -v -e /cmd/bench -e hub/pay)
	@$(BIN)/demo --xvfb -- go test -tags x11 ./display
	@$(BIN)/demo --xvfb -- go test -tags x11 -run TestWindow ./hub/cmd/demo

check: run-packages tools ## formatting, vet, staticcheck, layout, builds without cgo
	@out="$$($(TOOLS)/gofumpt -l .)"; [ -z "$$out" ] || { echo "gofumpt -w these:"; echo "$$out"; exit 1; }
	@go mod tidy -diff
	@go vet ./...
	@go vet -tags x11 ./display ./hub/cmd/demo
	@$(TOOLS)/staticcheck ./...
	@go test -run 'TestImportRules|TestPure|TestLayout|TestShape|TestPackageDocs|TestExamples' .
	@for arch in amd64 arm64; do CGO_ENABLED=0 GOARCH=$$arch go build -o /dev/null ./hub/cmd/hub; done

bench: test-packages build ## ratios against limits measured in the same run, into var/bench.tsv
	@mkdir -p var
	@go run ./hub/cmd/bench --out var/bench.tsv

docs: ## regenerate what is generated: schemas, table descriptions
	@go generate ./...

fuzz: ## ten seconds of every fuzz target
	@go test -list '^Fuzz' ./... | awk '/^Fuzz/{f[n++]=$$1} /^ok/{for(i=0;i<n;i++)print $$2,f[i];n=0}' | \
		while read -r pkg target; do go test -run '^$$' -fuzz "^$$target$$" -fuzztime 10s "$$pkg"; done

clean: ## remove what was built; the data under var stays
	@rm -rf $(BIN)

tools: $(TOOLS)/.stamp

$(TOOLS)/.stamp: tools.mod tools.sum
	@mkdir -p $(TOOLS)
	@GOBIN="$(CURDIR)/$(TOOLS)" go install -modfile=tools.mod mvdan.cc/gofumpt honnef.co/go/tools/cmd/staticcheck github.com/stripe/stripe-mock github.com/versity/versitygw/cmd/versitygw
	@touch $@

# Installs only what is missing, and says so; without root it asks sudo.
define install
	@missing="$$(for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done)"; \
	if [ -n "$$missing" ]; then \
		echo "installing Debian packages:" $$missing; \
		sudo="$$( [ "$$(id -u)" = 0 ] || echo sudo )"; \
		$$sudo apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

run-packages:
	$(call install,$(RUN_PACKAGES))

test-packages:
	$(call install,$(TEST_PACKAGES))
