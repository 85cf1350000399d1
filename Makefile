# SPDX-License-Identifier: GPL-2.0-only
.DEFAULT_GOAL := help
SHELL := /bin/bash

CLANG ?= clang
BPFTOOL ?= bpftool
PREFIX ?= /usr
SYSCONFDIR ?= /etc
KDIR ?= /lib/modules/$(shell uname -r)/build

CFLAGS ?= -O2 -g
CFLAGS += -std=gnu11 -Wall -Wextra -Iinclude -Iebpf -Iuserspace
BPF_CFLAGS := -O2 -g -Wall -Wextra -target bpf -mcpu=v3 -Iinclude \
	-I/usr/include/$(shell gcc -print-multiarch 2>/dev/null)

TOOL_LIBS := -lbpf -lmnl -ljansson -lpcap -larchive -lnettle -lsodium -lsqlite3 -lz
HEADERS := $(wildcard include/uapi/linux/*.h include/xeir/*.h)
BPF_OBJECTS := ebpf/xeir.bpf.o ebpf/xeir_nf.bpf.o
SKELETONS := $(BPF_OBJECTS:.bpf.o=.skel.h)
TOOL_OBJECTS := $(patsubst %.c,%.o,$(wildcard userspace/*.c userspace/*/*.c))

# All processors, unless the caller said how many jobs.
JOBS = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

.DELETE_ON_ERROR:
.PHONY: help all module modules_install demo check check-long check-debug bench fuzz style install clean selftests

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

all: ## Install missing packages; build the data path, the tool and the tests
	@scripts/packages build
	@$(MAKE) $(JOBS) --no-print-directory userspace/xeir selftests

module: ## Build the kernel module for the running kernel (KDIR=), or for KERNEL=6.1, 6.12 or newest
	@scripts/module $(or $(KERNEL),$(KDIR))

modules_install:
	@scripts/module --install $(KDIR) $(DESTDIR)

demo: ## Show on real traffic how a listed handset is stopped; VM=1: in a VM, with the module
	@scripts/packages demo
	@$(MAKE) $(JOBS) --no-print-directory userspace/xeir selftests
	@scripts/demo $(if $(VM),--vm)

check: ## Run every test, on this kernel and in virtual machines
	@scripts/packages check
	@$(MAKE) $(JOBS) --no-print-directory userspace/xeir selftests
	@selftests/run

check-long: ## Run the tests that repeat, or kill at random moments, as often as they can
	@scripts/packages check
	@$(MAKE) $(JOBS) --no-print-directory userspace/xeir selftests
	@selftests/run --long

check-debug: ## Run tests of the module on a kernel that reports its own faults; takes long
	@scripts/packages check debug
	@$(MAKE) $(JOBS) --no-print-directory userspace/xeir selftests
	@selftests/run --on debug

bench: ## Measure xeir and its alternatives; PART=datapath: only that part
	@scripts/packages bench
	@$(MAKE) $(JOBS) --no-print-directory userspace/xeir selftests
	@bench/run $(PART)

fuzz: ## Fuzz parser and readers with ASan and UBSan for SECONDS=600; print what was covered
	@scripts/packages check
	@fuzz/run $(or $(SECONDS),600)

$(BPF_OBJECTS): %.o: %.c $(wildcard ebpf/*.bpf.h) $(HEADERS)
	@echo "  CLANG  $@"
	@$(CLANG) $(BPF_CFLAGS) -c $< -o $@

$(SKELETONS): ebpf/%.skel.h: ebpf/%.bpf.o
	@echo "  GEN    $@"
	@$(BPFTOOL) gen skeleton $< name $*_bpf > $@

userspace/%.o: userspace/%.c | $(SKELETONS)
	@echo "  CC     $@"
	@$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

-include $(TOOL_OBJECTS:.o=.d)

# All of the tool but its main(): the tests link what they need of it.
userspace/xeir.a: $(filter-out userspace/xeir.o,$(TOOL_OBJECTS))
	@echo "  AR     $@"
	@rm -f $@
	@$(AR) qc $@ $^

userspace/xeir: userspace/xeir.o userspace/xeir.a
	@echo "  LD     $@"
	@$(CC) $(LDFLAGS) $^ $(TOOL_LIBS) -o $@

selftests: userspace/xeir.a ## Build the tests and the measuring programs
	@$(MAKE) --no-print-directory -C selftests
	@$(MAKE) --no-print-directory -C bench

style: ## Check the format of C code and scripts, and which folder includes which
	@scripts/style

install: userspace/xeir modules_install ## Install xeir, its manual pages and, if built, its module; PREFIX=/usr, DESTDIR=
	install -D -m 755 userspace/xeir $(DESTDIR)$(PREFIX)/sbin/xeir
	install -D -m 755 scripts/xeir-refresh $(DESTDIR)$(PREFIX)/lib/xeir/xeir-refresh
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/xeir/refresh scripts/refresh/*.sh
	ln -sf ../lib/xeir/xeir-refresh $(DESTDIR)$(PREFIX)/sbin/xeir-refresh
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man8 man/*.8
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/xeir/examples examples/refresh.conf
	install -d $(DESTDIR)$(SYSCONFDIR)/xeir
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/systemd/system dist/systemd/*
	install -D -m 644 -t $(DESTDIR)$(SYSCONFDIR)/cron.d dist/cron/xeir-refresh
	sed -i 's|/usr/sbin/|$(PREFIX)/sbin/|' $(DESTDIR)$(SYSCONFDIR)/cron.d/xeir-refresh \
		$(addprefix $(DESTDIR)$(PREFIX)/lib/systemd/system/,$(notdir $(wildcard dist/systemd/*)))

clean: ## Remove what was built
	find userspace -name '*.[od]' -delete
	rm -rf build userspace/xeir.a userspace/xeir $(BPF_OBJECTS) $(SKELETONS)
	@$(MAKE) --no-print-directory -C selftests clean
	@$(MAKE) --no-print-directory -C bench clean
