// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/rcupdate_trace.h>
#include <linux/stringify.h>

#include "sweep.h"

/* Sessions age, and peers restart, also while nobody changes the list. */
#define XEIR_SWEEP_EVERY (60 * HZ)

/*
 * Not bound to a CPU, as a million sessions would delay other work there for a third of a second.
 * Not the system's queue for such work either, as its name depends on the kernel's version.
 */
static struct workqueue_struct *queue;

int xeir_sweep_queue_init(void)
{
	queue = alloc_workqueue("xeir", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

void xeir_sweep_queue_exit(void)
{
	destroy_workqueue(queue);
}

static void arm(struct xeir_sweep *sweep)
{
	queue_delayed_work(queue, &sweep->again, XEIR_SWEEP_EVERY);
}

static void sweep_again(struct work_struct *work)
{
	struct xeir_sweep *sweep = container_of(to_delayed_work(work), struct xeir_sweep, again);
	struct xeir_cutting found;

	xeir_sweep_run(sweep, &found);
	arm(sweep);
}

void xeir_sweep_init(struct xeir_sweep *sweep)
{
	mutex_init(&sweep->lock);
	INIT_DELAYED_WORK(&sweep->again, sweep_again);
}

static const char *check(const struct bpf_prog *prog, const struct xeir_maps *maps)
{
	if (strcmp(prog->aux->name, XEIR_SWEEP_NAME))
		return "the sweep is another program than " XEIR_SWEEP_NAME;
	/* It gets none. */
	if (prog->aux->max_ctx_offset)
		return "the sweep reads a context, expected none";
	if (!xeir_maps_list_is_of(maps, prog))
		return "the sweep uses another list than the one that is to be bound";
	return NULL;
}

int xeir_sweep_bind(struct xeir_sweep *sweep, const struct xeir_maps *maps, u32 fd,
		    const char **why)
{
	const struct xeir_cutting *cutting;
	struct bpf_prog *prog, *former;

	prog = bpf_prog_get_type_dev(fd, BPF_PROG_TYPE_SYSCALL, false);
	if (IS_ERR(prog)) {
		*why = "the sweep's descriptor is not one of a BPF_PROG_TYPE_SYSCALL program";
		return PTR_ERR(prog);
	}
	*why = check(prog, maps);
	cutting = xeir_maps_value_of(prog, __stringify(XEIR_MAP_CUTTING), sizeof(*cutting));
	if (!*why && !cutting)
		*why = "the sweep has no array " __stringify(XEIR_MAP_CUTTING) " of 1 element";
	if (*why) {
		bpf_prog_put(prog);
		return -EINVAL;
	}

	mutex_lock(&sweep->lock);
	former = sweep->prog;
	sweep->prog = prog;
	sweep->cutting = cutting;
	mutex_unlock(&sweep->lock);
	if (former)
		bpf_prog_put(former);
	arm(sweep);
	return 0;
}

void xeir_sweep_unbind(struct xeir_sweep *sweep)
{
	/* Before taking the lock, as the work takes it too. */
	cancel_delayed_work_sync(&sweep->again);
	mutex_lock(&sweep->lock);
	if (sweep->prog)
		bpf_prog_put(sweep->prog);
	sweep->prog = NULL;
	sweep->cutting = NULL;
	mutex_unlock(&sweep->lock);
}

/* Like BPF_PROG_TEST_RUN for a program that may sleep. */
static u32 run(const struct bpf_prog *prog)
{
	u32 failed;

	rcu_read_lock_trace();
	failed = bpf_prog_run_pin_on_cpu(prog, NULL);
	rcu_read_unlock_trace();
	return failed;
}

bool xeir_sweep_run(struct xeir_sweep *sweep, struct xeir_cutting *found)
{
	bool done;

	mutex_lock(&sweep->lock);
	done = sweep->prog && !run(sweep->prog);
	if (done)
		*found = *sweep->cutting;
	mutex_unlock(&sweep->lock);
	return done;
}

/*
 * The module runs the program under this lock alone. So one that ran has ended, and one that
 * begins later sees all that was written before. The tool runs the program only where the module
 * does not.
 *
 * No deadlock: this lock is taken inside that of the namespace, and nothing that runs under it
 * takes that. synchronize_rcu_tasks_trace() would wait for everybody's programs that sleep.
 */
void xeir_sweep_wait(struct xeir_sweep *sweep)
{
	mutex_lock(&sweep->lock);
	mutex_unlock(&sweep->lock);
}
