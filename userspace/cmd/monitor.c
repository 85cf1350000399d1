// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "cmd/monitor.h"
#include "cmd/verb.h"
#include "lib/address.h"
#include "lib/clock.h"
#include "lib/enum_names.h"
#include "lib/gtp_text.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/netlink_events.h"
#include "transport/netlink_module.h"
#include "transport/pins.h"
#include "transport/transport_bpf.h"

/* A directory, since a BPF file system holds no plain files; only its lock counts. */
#define LOCK_PIN "monitor"

#define TIME_TEXT 48

/* How often to look at what no descriptor tells of. */
#define REST_MS 1000

struct monitor {
	struct ring_buffer *ring;
	struct genl notices;
	bool module; /* notices is open */
	int signals;
	bool counted;
	unsigned long left; /* events to go, when counted */
	struct transport *figures;
	uint64_t lost; /* events that were lost so far */
	bool done;
	int err; /* of the output */
};

/* One event as text; NULL: the message does not have it. */
struct fields {
	char time[TIME_TEXT];
	char ifname[IF_NAMESIZE];
	char peer[INET6_ADDRSTRLEN];
	char imei_text[GTP_TEXT_DIGITS], imsi_text[GTP_TEXT_DIGITS], msisdn_text[GTP_TEXT_DIGITS];
	const char *imei, *imsi, *msisdn;
};

/* RFC 3339, UTC, with milliseconds. */
static void time_text(const struct timespec *at, char text[TIME_TEXT])
{
	struct tm tm;
	size_t len;

	gmtime_r(&at->tv_sec, &tm);
	len = strftime(text, TIME_TEXT, "%FT%T", &tm);
	snprintf(text + len, TIME_TEXT - len, ".%03ldZ", at->tv_nsec / 1000000);
}

static size_t at_most(size_t n, size_t max)
{
	return n < max ? n : max;
}

static void event_fields(const struct xeir_event *event, struct fields *fields)
{
	struct timespec at = clock_of_tai(event->time_ns);

	time_text(&at, fields->time);
	if (!if_indextoname(event->ifindex, fields->ifname))
		snprintf(fields->ifname, sizeof(fields->ifname), "if%u", event->ifindex);
	address_text(event->peer, fields->peer);
	fields->imei = gtp_text_digits(event->imei, at_most(event->imei_len, sizeof(event->imei)),
				       fields->imei_text);
	fields->imsi = gtp_text_imsi(event->imsi, at_most(event->imsi_len, sizeof(event->imsi)),
				     fields->imsi_text);
	fields->msisdn = gtp_text_msisdn(event->version, event->msisdn,
					 at_most(event->msisdn_len, sizeof(event->msisdn)),
					 fields->msisdn_text);
}

static void print_json(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
	puts("");
	json_decref(object);
}

static void event_json(const struct xeir_event *event, const struct fields *fields)
{
	print_json(json_pack(
		"{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:s?, s:I, s:I, s:s?, s:s?, "
		"s:s?, s:s, s:s, s:o}",
		"event", "message", "time", fields->time, "interface", fields->ifname, "peer",
		fields->peer, "port", event->peer_port, "gtp", event->version, "type", event->type,
		"message", gtp_text_message(event->version, event->type), "sequence",
		(json_int_t)event->sequence, "teid", (json_int_t)event->teid, "imei", fields->imei,
		"imsi", fields->imsi, "msisdn", fields->msisdn, "action",
		action_name(event->action), "rule", rule_name(event->rule), "directive",
		event->directive ? json_integer(event->directive) : json_null()));
}

static void event_text(const struct xeir_event *event, const struct fields *fields)
{
	const char *name = gtp_text_message(event->version, event->type);
	bool v6 = strchr(fields->peer, ':');

	printf("%s %s %s%s%s:%u GTPv%u %s seq %u teid 0x%x", fields->time, fields->ifname,
	       v6 ? "[" : "", fields->peer, v6 ? "]" : "", event->peer_port, event->version,
	       name ? name : "message", event->sequence, event->teid);
	if (fields->imei)
		printf(" imei %s", fields->imei);
	if (fields->imsi)
		printf(" imsi %s", fields->imsi);
	if (fields->msisdn)
		printf(" msisdn %s", fields->msisdn);
	printf(" %s by %s", action_name(event->action), rule_name(event->rule));
	if (event->directive)
		printf(" of directive %u", event->directive);
	puts("");
}

/* A reader that is gone ends the monitor. */
static void flush(struct monitor *monitor)
{
	if (!fflush(stdout))
		return;
	monitor->done = true;
	if (errno != EPIPE) {
		monitor->err = -errno;
		complain("the events cannot be written: %s", strerror(errno));
	}
	clearerr(stdout); /* it is told */
}

/* The message before it was the one too many. */
static void tell_tripped(const struct xeir_event *event, const struct fields *fields)
{
	if (opt.json)
		print_json(json_pack(
			"{s:s, s:s, s:o}", "event", "breaker", "time", fields->time, "directive",
			event->directive ? json_integer(event->directive) : json_null()));
	else if (event->directive)
		printf("%s BREAKER TRIPPED: directive %u is not enforced any more\n", fields->time,
		       event->directive);
	else
		printf("%s BREAKER TRIPPED: the last change is not enforced any more\n",
		       fields->time);
}

static int on_event(void *arg, void *data, size_t size)
{
	struct monitor *monitor = arg;
	struct fields fields;

	if (size < sizeof(struct xeir_event))
		return 0;
	event_fields(data, &fields);
	if (opt.json)
		event_json(data, &fields);
	else
		event_text(data, &fields);
	if (((const struct xeir_event *)data)->tripped)
		tell_tripped(data, &fields);
	flush(monitor);
	if (monitor->counted && !--monitor->left)
		monitor->done = true;
	return monitor->done ? -ECANCELED : 0;
}

static const char *module_event(uint32_t event)
{
	switch (event) {
	case XEIR_EVENT_BOUND:
		return "bound";
	case XEIR_EVENT_UNBOUND:
		return "unbound";
	case XEIR_EVENT_ABANDONED:
		return "abandoned";
	}
	return "unknown";
}

static void notice_json(const struct netlink_event *notice, const char *time)
{
	const struct outcome *outcome = &notice->outcome;

	if (notice->kind)
		print_json(json_pack("{s:s, s:s, s:s, s:I}", "event", "module", "time", time,
				     "what", module_event(notice->kind), "generation",
				     (json_int_t)outcome->generation));
	else
		print_json(json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "event", "list", "time",
				     time, "generation", (json_int_t)outcome->generation, "added",
				     (json_int_t)outcome->added, "changed",
				     (json_int_t)outcome->changed, "removed",
				     (json_int_t)outcome->removed, "entries",
				     (json_int_t)outcome->entries));
}

static void on_notice(const struct netlink_event *notice, void *arg)
{
	const struct outcome *outcome = &notice->outcome;
	char time[TIME_TEXT];
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	time_text(&now, time);
	if (opt.json)
		notice_json(notice, time);
	else if (notice->kind)
		printf("%s module: %s, generation %u\n", time, module_event(notice->kind),
		       outcome->generation);
	else
		printf("%s list: %u added, %u changed, %u removed, %u entries, generation %u\n",
		       time, outcome->added, outcome->changed, outcome->removed, outcome->entries,
		       outcome->generation);
	flush(arg);
}

/* Who holds the lock of the directory behind @fd; 0: not found out. */
static int lock_holder(int fd)
{
	FILE *locks = fopen("/proc/locks", "re");
	char *line = NULL;
	int pid, found = 0;
	unsigned int major, minor;
	unsigned long inode;
	struct stat st;
	size_t room = 0;

	if (!locks || fstat(fd, &st))
		goto out;
	while (!found && getline(&line, &room, locks) > 0) {
		if (sscanf(line, "%*d: FLOCK %*s %*s %d %x:%x:%lu", &pid, &major, &minor, &inode) ==
			    4 &&
		    makedev(major, minor) == st.st_dev && inode == st.st_ino)
			found = pid;
	}
out:
	free(line);
	if (locks)
		fclose(locks);
	return found;
}

static int lock_monitor(void)
{
	char path[PATH_MAX];
	int fd, err, pid;

	pins_path(path, LOCK_PIN);
	if (mkdir(path, 0700) && errno != EEXIST) {
		err = -errno;
		complain("%s: %s", path, strerror(-err));
		return err;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	err = -errno;
	if (err != -EWOULDBLOCK) {
		complain("%s: %s", path, strerror(-err));
	} else {
		/* two readers would each get a part of the events */
		pid = lock_holder(fd);
		complain(pid ? "another monitor is running, as process %d" :
			       "another monitor is running",
			 pid);
	}
	if (fd >= 0)
		close(fd);
	return err;
}

void monitor_forget(void)
{
	char path[PATH_MAX];

	pins_path(path, LOCK_PIN);
	rmdir(path);
}

static int open_ring(struct monitor *monitor)
{
	int fd, err;

	fd = pins_open(PIN_NAME(XEIR_MAP_EVENTS));
	if (fd < 0)
		return fd;
	monitor->ring = ring_buffer__new(fd, on_event, monitor, NULL);
	err = monitor->ring ? 0 : -errno;
	close(fd);
	if (err)
		complain("the events cannot be read: %s", strerror(-err));
	return err;
}

static int open_signals(struct monitor *monitor)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	monitor->signals = signalfd(-1, &set, SFD_CLOEXEC);
	return monitor->signals < 0 ? -errno : 0;
}

static int read_lost(struct monitor *monitor, uint64_t *lost)
{
	struct figures figures;
	int err = monitor->figures->ops->figures(monitor->figures, &figures);

	*lost = 0;
	for (int rule = 0; !err && rule <= XEIR_RULE_MAX; rule++)
		*lost += figures.counters[rule].lost;
	return err;
}

/* By bpf(2), which may read beside the module, also when the module gives the list back. */
static int open_figures(struct monitor *monitor)
{
	monitor->figures = transport_bpf_open();
	return monitor->figures ? read_lost(monitor, &monitor->lost) : -EIO;
}

static int tell_lost(struct monitor *monitor)
{
	char time[TIME_TEXT];
	struct timespec now;
	uint64_t lost;
	int err = read_lost(monitor, &lost);

	if (err || lost <= monitor->lost)
		return err;
	clock_gettime(CLOCK_REALTIME, &now);
	time_text(&now, time);
	if (opt.json)
		print_json(json_pack("{s:s, s:s, s:I}", "event", "lost", "time", time, "events",
				     (json_int_t)(lost - monitor->lost)));
	else
		printf("%s %llu events were lost\n", time,
		       (unsigned long long)(lost - monitor->lost));
	monitor->lost = lost;
	flush(monitor);
	return 0;
}

/* What no descriptor tells of. */
static int check_rest(struct monitor *monitor, int lock)
{
	struct stat st;

	if (!fstat(lock, &st) && st.st_nlink)
		return tell_lost(monitor);
	complain("the list was removed, by xeir detach all or otherwise");
	return -ENOENT;
}

static int watch(struct monitor *monitor, int lock)
{
	struct pollfd fds[] = {
		{ .fd = ring_buffer__epoll_fd(monitor->ring), .events = POLLIN },
		{ .fd = monitor->signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO }, /* tells when its reader is gone */
		{ .fd = -1, .events = POLLIN },
	};
	int err;

	if (monitor->module)
		fds[3].fd = mnl_socket_get_fd(monitor->notices.nl);
	while (!monitor->done) {
		err = ring_buffer__consume(monitor->ring);
		if (err < 0 && err != -ECANCELED) {
			complain("the events cannot be read: %s", strerror(-err));
			return err;
		}
		if (monitor->done)
			break;
		err = check_rest(monitor, lock);
		if (err)
			return err;
		if (poll(fds, sizeof(fds) / sizeof(*fds), REST_MS) < 0 && errno != EINTR)
			return -errno;
		if (fds[1].revents || fds[2].revents)
			break;
		if (fds[3].revents) {
			err = netlink_events_read(&monitor->notices, on_notice, monitor);
			if (err)
				return err;
		}
	}
	return monitor->err;
}

static int monitor_run(struct monitor *monitor)
{
	int lock, err;

	err = open_ring(monitor);
	if (err)
		return err;
	lock = err = lock_monitor();
	if (lock >= 0)
		err = open_signals(monitor);
	if (!err)
		err = open_figures(monitor);
	if (!err && netlink_module_present()) {
		err = netlink_events_open(&monitor->notices);
		monitor->module = !err;
	}
	if (!err)
		err = watch(monitor, lock);
	if (monitor->module)
		genl_close(&monitor->notices);
	ring_buffer__free(monitor->ring);
	if (monitor->figures)
		monitor->figures->ops->close(monitor->figures);
	if (monitor->signals >= 0)
		close(monitor->signals);
	if (lock >= 0)
		close(lock);
	return err;
}

static int run(int argc, char **argv)
{
	struct monitor monitor = { .signals = -1 };
	char *end;

	if (argc == 3 && !strcmp(argv[1], "count")) {
		monitor.left = strtoul(argv[2], &end, 10);
		monitor.counted = true;
		if (*argv[2] < '1' || *argv[2] > '9' || *end)
			return bad_usage(&verb_monitor,
					 "count: found \"%s\", expected a number from 1", argv[2]);
	} else if (argc > 1) {
		return bad_usage(&verb_monitor, "found \"%s\", expected count N", argv[1]);
	}
	return monitor_run(&monitor) ? EXIT_FAILED : EXIT_DONE;
}

const struct verb verb_monitor = {
	.name = "monitor",
	.usage = "[count N]",
	.summary = "print events as they come",
	.help = "Prints a line for each message that is dropped, rejected or watched, also those\n"
		"from before it started, oldest first. With the module, changes of the list too.\n"
		"count N ends it after N messages. Only one monitor runs at a time. Lost events\n"
		"are reported by number. It ends when the list is removed.\n\n"
		"examples:\n"
		"  xeir monitor\n"
		"  xeir --json monitor count 1 | jq .imei\n",
	.run = run,
};
