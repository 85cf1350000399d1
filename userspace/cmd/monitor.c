// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cmd/monitor.h"
#include "cmd/monitor_print.h"
#include "cmd/verb.h"
#include "lib/clock.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/netlink_events.h"
#include "transport/netlink_module.h"
#include "transport/pins.h"
#include "transport/transport_bpf.h"

/* A directory, since a BPF file system holds no plain files; only its lock counts. */
#define LOCK_PIN "monitor"

/* How often to look at what no descriptor reports. */
#define REST_MS 1000

struct monitor {
	struct ring_buffer *ring;
	struct genl notices;
	bool module; /* notices is open */
	int signals;
	uint64_t since_ns; /* CLOCK_TAI; events from before that are left out */
	size_t left_out;
	bool counted;
	unsigned long left; /* events to go, when counted */
	struct transport *figures;
	uint64_t lost; /* events that were lost so far */
	bool done;
	int err; /* of the output */
};

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
	clearerr(stdout); /* it is reported */
}

static int on_event(void *arg, void *data, size_t size)
{
	struct monitor *monitor = arg;

	if (size < sizeof(struct xeir_event))
		return 0;
	if (((struct xeir_event *)data)->time_ns < monitor->since_ns) {
		monitor->left_out++;
		return 0;
	}
	monitor_print_event(data);
	flush(monitor);
	if (monitor->counted && !--monitor->left)
		monitor->done = true;
	return monitor->done ? -ECANCELED : 0;
}

static void on_notice(const struct netlink_event *notice, void *arg)
{
	monitor_print_notice(notice);
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

/* By bpf(2), which may read while the module has the list, and also when it gives it back. */
static int open_figures(struct monitor *monitor)
{
	monitor->figures = transport_bpf_open();
	return monitor->figures ? read_lost(monitor, &monitor->lost) : -EIO;
}

static int report_lost(struct monitor *monitor)
{
	uint64_t lost;
	int err = read_lost(monitor, &lost);

	if (err || lost <= monitor->lost)
		return err;
	monitor_print_lost(lost - monitor->lost);
	monitor->lost = lost;
	flush(monitor);
	return 0;
}

/* What no descriptor reports. */
static int check_rest(struct monitor *monitor, int lock)
{
	struct stat st;

	if (!fstat(lock, &st) && st.st_nlink)
		return report_lost(monitor);
	complain("the list was removed, by xeir detach all or otherwise");
	return -ENOENT;
}

static int consume(struct monitor *monitor)
{
	int err = ring_buffer__consume(monitor->ring);

	if (err >= 0 || err == -ECANCELED)
		return 0;
	complain("the events cannot be read: %s", strerror(-err));
	return err;
}

/* Only what waited for a monitor: a clock that is set back later must not hide events. */
static int consume_backlog(struct monitor *monitor)
{
	int err;

	if (!opt.backlog)
		monitor->since_ns = clock_tai_ns();
	err = consume(monitor);
	monitor->since_ns = 0;
	if (monitor->left_out)
		fprintf(stderr,
			"xeir: %zu events from before the start are left out, and now gone; to "
			"print such: xeir monitor --backlog\n",
			monitor->left_out);
	return err;
}

static int watch(struct monitor *monitor, int lock)
{
	struct pollfd fds[] = {
		{ .fd = ring_buffer__epoll_fd(monitor->ring), .events = POLLIN },
		{ .fd = monitor->signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO }, /* an error when its reader is gone */
		{ .fd = -1, .events = POLLIN },
	};
	int err;

	if (monitor->module)
		fds[3].fd = mnl_socket_get_fd(monitor->notices.nl);
	while (!monitor->done) {
		err = consume(monitor);
		if (err)
			return err;
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
		err = consume_backlog(monitor);
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
	.usage = "[count N] [--backlog]",
	.summary = "print events as they come",
	.help = "Prints a line for each message that is dropped, rejected or watched from now on.\n"
		"With --backlog those first that waited for a monitor; else they are left out, "
		"and\n"
		"their number is printed. With the module, changes of the list too.\n"
		"count N ends it after N messages. Only one monitor runs at a time. Lost events\n"
		"are reported by number. It ends when the list is removed.\n\n"
		"examples:\n"
		"  xeir monitor\n"
		"  xeir monitor --backlog >events\n"
		"  xeir --json monitor count 1 | jq .imei\n",
	.run = run,
};
