# Python ≥ 3.11 and make are all that a machine needs; everything else is installed into this folder.
PYTHON ?= python3
CLUSTER ?=
ARGS ?=

TOOLCHAIN = $(PYTHON) deploy/toolchain

.DEFAULT_GOAL := help
.PHONY: web help up dev test lint format bench schema cluster install clean

help: ## list these commands
	@echo "Moorage: make TARGET [CLUSTER=embedded|real|path/to/kubeconfig] [PYTHON=python3]"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

up: ## install what is missing and serve app and API on one port
	@$(TOOLCHAIN) up --cluster '$(CLUSTER)' $(ARGS)

dev: ## the same with reload on both sides, for those who change the code
	@$(TOOLCHAIN) dev --cluster '$(CLUSTER)' $(ARGS)

test: ## every check and test: Python, web, browser, real cluster
	@$(TOOLCHAIN) test $(ARGS)

lint: ## format, lint, strict types and import contracts
	@$(TOOLCHAIN) lint

format: ## format the Python code
	@$(TOOLCHAIN) format

bench: ## print the benchmark tables
	@$(TOOLCHAIN) bench $(ARGS)

schema: ## print graphql_schema/schema.graphql and generate the web client from it
	@$(TOOLCHAIN) schema

cluster: ## run a real Kubernetes API server with simulated nodes, and print its kubeconfig
	@$(TOOLCHAIN) cluster

install: ## install what `make up` needs without serving
	@$(TOOLCHAIN) install

web: ## build the web app alone, for those who run the server by themselves
	@$(TOOLCHAIN) web

clean: ## remove everything that was built, installed or stored here
	@$(TOOLCHAIN) clean
