// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <jansson.h>
#include <linux/if_link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/attach_request.h"
#include "cmd/elsewhere.h"
#include "cmd/restore.h"
#include "cmd/verb.h"
#include "host/attachments.h"
#include "host/bpf_load.h"
#include "host/egress.h"
#include "host/interface.h"
#include "host/module.h"
#include "host/nf_links.h"
#include "host/replace.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pins.h"

struct attaching {
	int ifindex;
	const char *mode;
	int native_err; /* why native was not had, 0: it was, or was not tried */
	bool ingress, egress; /* what is asked for, and not attached yet */
	bool already; /* all that is asked for was attached before */
	bool kept_list;
	bool bound;
	struct pinned made;
	int lock; /* on the pins */
};

static int refuse_other(const char *ifname, __u32 id)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(id);

	if (fd >= 0) {
		bpf_obj_get_info_by_fd(fd, &info, &len);
		close(fd);
	}
	complain("%s: the XDP program \"%s\" (id %u) is attached; detach it first", ifname,
		 info.name, id);
	return -EBUSY;
}

/* One interface runs one XDP program at most, save that an offloaded one has its own place. */
static int check_free(const char *ifname, int ifindex)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, xdp);
	int err = bpf_xdp_query(ifindex, 0, &xdp);

	if (err) {
		complain("%s: its XDP program cannot be read: %s", ifname, strerror(-err));
		return err;
	}
	if (xdp.drv_prog_id)
		return refuse_other(ifname, xdp.drv_prog_id);
	if (xdp.skb_prog_id)
		return refuse_other(ifname, xdp.skb_prog_id);
	return 0;
}

/* Without an Ethernet header the program finds no IP header, and lets all pass. */
static int check_header(const char *ifname)
{
	int ethernet = interface_is_ethernet(ifname);

	if (ethernet > 0)
		return 0;
	if (ethernet < 0)
		complain("%s: its kind cannot be read: %s", ifname, strerror(-ethernet));
	else
		complain(
			"%s: found an interface without Ethernet headers, as tun, gre, ipip, "
			"wireguard and ppp are, expected one with them; nothing is filtered there. "
			"Attach one with Ethernet headers that the same packets pass, such as a "
			"veth behind the tunnel",
			ifname);
	return ethernet ? ethernet : -EPFNOSUPPORT;
}

static int refuse_pin(const struct attachment *ours)
{
	char text[ELSEWHERE_MAX];

	if (*ours->now) {
		complain("%s/%s holds what is named %s now; detach that first", opt.pins, ours->pin,
			 ours->now);
		return -EEXIST;
	}
	if (elsewhere(ours, text) == NETNS_FOUND)
		complain("%s/%s is taken, and each name can be there once; rename this one, or use "
			 "another --pins. %s",
			 opt.pins, ours->pin, text);
	else
		complain("%s/%s is taken: %s", opt.pins, ours->pin, text);
	return -EEXIST;
}

/* Is this direction attached already? 1, 0 or -errno; a link whose interface went is forgotten. */
static int is_attached(const struct attach_request *request, bool egress, struct attachment *links,
		       size_t n)
{
	struct attachment *ours = attachments_find(links, n, request->ifname, egress);
	int err;

	if (!ours)
		return 0;
	if (!strcmp(ours->now, request->ifname)) {
		if (egress)
			return 1;
		if (!request->mode || !strcmp(request->mode, ours->mode)) {
			/* of a former version, or moved */
			err = opt.dry_run ? 0 : attachment_record_netns(ours->ifname);
			return err ? err : 1;
		}
		complain("%s is attached in %s mode; detach it first", ours->now, ours->mode);
		return -EEXIST;
	}
	if (ours->ifindex)
		return refuse_pin(ours);
	if (opt.dry_run)
		return 0;
	err = attachment_remove(ours);
	/* the network namespace that it was in may have nothing else */
	return err ? err : nf_links_detach_idle(links, n);
}

/* What of the request there is to do. */
static int check_ours(const struct attach_request *request, struct attaching *at)
{
	struct attachment *links = NULL, *ours;
	int err, ingress, egress;
	size_t n;

	err = attachments_read(&links, &n);
	if (err)
		goto out;
	ingress = attach_wants(request, "ingress") ? is_attached(request, false, links, n) : 1;
	egress = attach_wants(request, "egress") ? is_attached(request, true, links, n) : 1;
	err = ingress < 0 ? ingress : egress < 0 ? egress : 0;
	at->ingress = !ingress;
	at->egress = !egress;
	at->already = ingress > 0 && egress > 0;
	ours = attachments_find(links, n, request->ifname, !attach_wants(request, "ingress"));
	at->mode = ours ? ours->mode : NULL;
out:
	free(links);
	return err;
}

static int try_mode(int program, int ifindex, const char *mode)
{
	LIBBPF_OPTS(bpf_link_create_opts, create);
	int fd;

	create.flags = strcmp(mode, "native") ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
	fd = bpf_link_create(program, ifindex, BPF_XDP, &create);
	return fd < 0 ? -errno : fd;
}

static void report_refused(const char *ifname, const char *mode, int err)
{
	char upper[IF_NAMESIZE];

	if (err == -EEXIST && interface_find_upper_xdp(ifname, upper))
		complain("%s: cannot be attached in %s mode while %s on top of it has an XDP "
			 "program; detach %s, whose packets pass %s too",
			 ifname, mode, upper, upper, ifname);
	else if (err == -EEXIST)
		complain("%s: cannot be attached in %s mode while an interface on top of it has an "
			 "XDP program; detach that, its packets pass %s too",
			 ifname, mode, ifname);
	else
		complain("%s: cannot be attached in %s mode: %s", ifname, mode, strerror(-err));
}

static int make_link(const struct attach_request *request, struct attaching *at)
{
	int program, fd;

	program = pins_open(PROGRAM_PIN);
	if (program < 0)
		return program;
	at->mode = request->mode ? request->mode : "native";
	fd = try_mode(program, at->ifindex, at->mode);
	if (fd < 0 && !request->mode) {
		at->native_err = -fd;
		at->mode = "generic";
		fd = try_mode(program, at->ifindex, at->mode);
	}
	if (fd < 0)
		report_refused(request->ifname, at->mode, fd);
	close(program);
	return fd;
}

static int pin(const char *ifname, bool egress, int fd)
{
	char path[PATH_MAX], name[ATTACHMENT_PIN_MAX];
	int err = 0;

	attachment_pin(name, ifname, egress);
	pins_path(path, name);
	if (bpf_obj_pin(fd, path)) {
		err = -errno;
		complain("%s: cannot be pinned: %s", path, strerror(-err));
	}
	return err;
}

/* Take back what pin() did, if it did; a link goes with it. */
static void unpin(const char *ifname, bool egress)
{
	char path[PATH_MAX], name[ATTACHMENT_PIN_MAX];

	attachment_pin(name, ifname, egress);
	pins_path(path, name);
	unlink(path);
}

static int attach_ingress(const struct attach_request *request, struct attaching *at)
{
	int fd = make_link(request, at), err;

	if (fd < 0)
		return fd;
	err = pin(request->ifname, false, fd);
	/* the pin keeps the link; without it, this takes the program off again */
	close(fd);
	return err;
}

static int attach_egress(const struct attach_request *request, struct attaching *at)
{
	int program = pins_open(EGRESS_PIN), err;

	if (program < 0)
		return program;
	if (!at->mode)
		at->mode = "egress";
	/* in this order, as a filter without a pin would be one that nobody finds */
	err = pin(request->ifname, true, program);
	if (!err) {
		err = egress_attach(request->ifname, at->ifindex, program);
		if (err)
			unpin(request->ifname, true);
	}
	close(program);
	return err;
}

/*
 * Whatever the maps were made for, the journal's list is in them before a packet is. One who was
 * killed may have left them without it. What is enforced already is not given up for a journal
 * that cannot be read.
 */
static int fill(struct attaching *at)
{
	struct figures figures;
	int err, lock;

	/* writers lock the journal first */
	close(at->lock);
	err = restore_from_journal(&figures);
	lock = pins_lock(true);
	at->lock = lock;
	if (err < 0 && !at->made.maps) {
		fputs("xeir: warning: the pinned list is enforced, not the list of the journal\n",
		      stderr);
		err = 0;
	}
	return err < 0 ? err : lock < 0 ? lock : 0;
}

/* The program on ingress, and the hooks that are there only for it. */
static void undo_ingress(const struct attach_request *request)
{
	struct attachment *links, *ours;
	size_t n;

	if (!attachments_read(&links, &n)) {
		ours = attachments_find(links, n, request->ifname, false);
		if (ours && !attachment_remove(ours))
			ours->ifindex = 0;
		nf_links_detach_idle(links, n - (n == 1 && ours));
	}
	free(links);
}

/* What was made has no other user: another attach waits for its turn. */
static void undo(const struct attach_request *request, struct attaching *at)
{
	if (at->ingress)
		undo_ingress(request);
	if (at->bound)
		module_unbind();
	bpf_load_unpin(&at->made);
}

/* A module that was loaded later does not have the list, so that there may be that to do yet. */
static int attach_missing(const struct attach_request *request, struct attaching *at)
{
	int err = bpf_load_pin(&request->capacity, &at->made);

	if (err)
		return err;
	err = module_bind(&at->bound);
	if (!err && !at->already)
		err = fill(at);
	if (!err && at->ingress)
		err = attach_ingress(request, at);
	if (!err && at->ingress)
		err = attachment_record_netns(request->ifname);
	if (!err && attach_wants(request, "ingress"))
		err = nf_links_attach();
	if (!err && at->egress)
		err = attach_egress(request, at);
	if (err && !at->already)
		undo(request, at);
	return err;
}

static int attach_locked(const struct attach_request *request, struct attaching *at)
{
	int err;

	at->kept_list = pins_has(PIN_NAME(XEIR_MAP_LIST));
	err = check_ours(request, at);
	if (!err && !at->already)
		err = check_header(request->ifname);
	if (!err && at->ingress)
		err = check_free(request->ifname, at->ifindex);
	return err || opt.dry_run ? err : attach_missing(request, at);
}

static void print_result(const struct attach_request *request, const struct attaching *at)
{
	json_t *answer;

	if (opt.json) {
		answer = json_pack("{s:s, s:i, s:s?, s:b, s:b, s:b, s:b}", "interface",
				   request->ifname, "ifindex", at->ifindex, "mode", at->mode,
				   "already", at->already, "kept_list", at->kept_list, "bound",
				   at->bound, "dry_run", (int)opt.dry_run);
		json_dumpf(answer, stdout, JSON_COMPACT);
		puts("");
		json_decref(answer);
		return;
	}
	if (opt.dry_run && !at->already) {
		printf("%s: would be attached\n", request->ifname);
		return;
	}
	if (attach_wants(request, "ingress"))
		printf("%s: attached %sin %s mode\n", request->ifname,
		       at->ingress ? "" : "already, ", at->mode);
	if (attach_wants(request, "egress"))
		printf("%s: attached %son egress\n", request->ifname,
		       at->egress ? "" : "already, ");
	if (at->native_err)
		printf("%s: native mode, which is faster, was refused: %s\n", request->ifname,
		       strerror(at->native_err));
	if (at->bound)
		puts("the module has the list now");
}

/* New maps get what the journal lists, or the host would be open for want of room. */
static int make_room(struct attach_request *request)
{
	if (opt.dry_run || pins_has(PIN_NAME(XEIR_MAP_LIST)))
		return 0;
	return restore_listed(&request->capacity.listed);
}

static int attach_alone(struct attach_request *request, struct attaching *at)
{
	int err;

	/* in front of the lock, as writers lock the journal first */
	err = make_room(request);
	if (err)
		return err;
	at->lock = pins_lock(true);
	if (at->lock < 0)
		return at->lock;
	if (pins_private())
		fprintf(stderr,
			"xeir: warning: %s exists in this mount namespace only, and ends with it; "
			"instead of \"ip netns exec NS\" use: nsenter --net=/run/netns/NS\n",
			opt.pins);
	err = attach_locked(request, at);
	close(at->lock);
	return err;
}

static int attach(struct attach_request *request, struct attaching *at)
{
	bool made_directory;
	int turn, err;

	at->ifindex = if_nametoindex(request->ifname);
	if (!at->ifindex) {
		complain("%s: there is no such interface", request->ifname);
		return -ENODEV;
	}
	turn = pins_create_locked(&made_directory);
	if (turn < 0)
		return turn;
	err = attach_alone(request, at);
	if ((err || opt.dry_run) && made_directory)
		pins_remove_directory();
	close(turn);
	return err;
}

static int replace(void)
{
	struct replaced done;
	json_t *object;

	if (replace_all(&done))
		return EXIT_FAILED;
	if (opt.json) {
		object = json_pack("{s:I, s:I, s:b}", "replaced", (json_int_t)done.replaced, "left",
				   (json_int_t)done.left, "dry_run", (int)opt.dry_run);
		json_dumpf(object, stdout, JSON_COMPACT);
		puts("");
		json_decref(object);
	} else if (opt.dry_run) {
		puts("the programs can be replaced");
	} else {
		printf("%zu program%s replaced, the list %skept\n", done.replaced,
		       done.replaced == 1 ? "" : "s", done.unbound ? "" : "and all session data ");
	}
	if (done.unbound)
		fputs("xeir: warning: the former version has no map of TEID bindings: sessions "
		      "that are up are no longer tracked, and cannot be cut until they are set "
		      "up again\n",
		      stderr);
	return done.left ? EXIT_FAILED : EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct attach_request request = {};
	struct attaching at = {};
	int status;

	if (opt.replace)
		return argc == 1 ?
			       replace() :
			       bad_usage(&verb_attach,
					 "--replace takes no operand: it is for all interfaces");
	status = attach_request_read(argc, argv, &request);
	if (status)
		return status;
	if (attach(&request, &at))
		return EXIT_FAILED;
	print_result(&request, &at);
	return EXIT_DONE;
}

const struct verb verb_attach = {
	.name = "attach",
	.usage = "dev INTERFACE [ingress|egress|both] [mode native|generic] [entries N]\n"
		 "                   [sessions N] [sightings N] | --replace",
	.summary = "enforce the list on an interface",
	.help = "Loads and pins the programs and maps, unless they are pinned already, and puts\n"
		"the program on the interface. It stays there when the tool ends. Without mode,\n"
		"it is native, or generic where native is impossible. An interface that is\n"
		"attached stays attached as before.\n\n"
		"ingress (the default) filters requests that arrive: for a host that grants\n"
		"sessions (GGSN, SGW, PGW). egress filters requests that the host sends: for one\n"
		"that asks for sessions (SGSN, MME); it is a tc filter before all others.\n\n"
		"Capacity of the maps, set when they are created: entries of the list (default\n"
		"262144), sessions (1000000), sightings (4000000). A host with little memory gets\n"
		"less by default. The list gets at least 125 % of the journal's entries.\n\n"
		"--replace puts the programs of this version in place of older ones, on all\n"
		"interfaces of the pin directory. No packet passes unfiltered; list, sessions,\n"
		"sightings and counters stay.\n\n"
		"examples:\n"
		"  xeir attach dev eth1\n"
		"  xeir attach dev eth1 mode generic entries 1000000\n"
		"  xeir attach dev eth1 both sessions 5000000 sightings 20000000\n"
		"  xeir attach dev s11 both\n"
		"  xeir attach --replace\n",
	.run = run,
};
