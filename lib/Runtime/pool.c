/*===- pool.c - Threads -------------------------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* A run (one run_tasks call that found the pool free) has an epoch of its own:

     owner     seeds the workers' ranges   epoch becomes odd (open)
               works as worker 0           until no task is unclaimed
               epoch becomes even (closed) waits for the workers that joined
     worker    sees an odd epoch, says that it joins, looks at the epoch again:
               still odd: works until no task is unclaimed; leaves

   Nobody waits for a thread that has not joined, so one that the system does
   not schedule costs its help and nothing else. A worker that joins and then
   reads an odd epoch is seen by the owner after it has closed the epoch: both
   write before they read, sequentially consistent.

   Each worker owns a contiguous range of tasks, so that consecutive phases with
   the same number of tasks find their rows in the same caches. A worker that is
   done with its own range takes tasks from the others' one by one.

   The child of a fork() has none of the threads: the caller does all tasks.

   Waiting is spinning for a bounded time, then a futex. The C library's own
   condition variables are avoided because artefacts are linked without its
   symbol versions.

   Test: test/Unit/RuntimePoolTest.cpp. */

#include "lib/Runtime/runtime_internal.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Two cache lines: processors fetch them in pairs. */
#define SLOT_ALIGNMENT 128
/* Waits between two phases of a model are shorter than this. */
#define SPIN_NANOSECONDS 50000
/* With more workers than processors somebody else could use the time. */
#define SPIN_NANOSECONDS_CROWDED 2000

/* perceiver_worker.presence */
enum { ABSENT, JOINED, JOINED_AND_AWAITED };

typedef struct perceiver_worker {
  /* The next task of the own range, and its end. */
  _Alignas(SLOT_ALIGNMENT) atomic_int_least64_t next;
  int64_t end;
  /* Whether this worker takes part in the current run: a futex. */
  atomic_uint presence;
  int32_t number;
  struct pool_state *pool;
  pthread_t thread;
} perceiver_worker;

typedef struct pool_state {
  perceiver_pool interface;
  /* A page that fork() empties: zero in a child, which has none of the
     threads. */
  int32_t *has_threads;
  pid_t process;
  int64_t spin_nanoseconds;
  /* Odd while a run is open: a futex. */
  _Alignas(SLOT_ALIGNMENT) atomic_uint epoch;
  atomic_uint sleepers;
  atomic_bool stop;
  /* The run. Written while the epoch is even and nobody has joined. */
  perceiver_task task;
  void *context;
  /* Whether a run is going on, and on whose thread. */
  _Alignas(SLOT_ALIGNMENT) atomic_bool busy;
  atomic_uintptr_t owner;
  perceiver_worker workers[];
} pool_state;

/*===----------------------------------------------------------------------===*
 * Waiting
 *===----------------------------------------------------------------------===*/

static void futex_wait(atomic_uint *word, unsigned value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void futex_wake(atomic_uint *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* Bounded spinning. */
typedef struct spin {
  int64_t deadline; /* 0: not started */
  int32_t turns;
} spin;

/* Pass a moment. Returns false when it is time to sleep. */
static bool spin_once(spin *state, const pool_state *pool) {
  relax();
  /* Reading the clock takes as long as a few turns. */
  if (++state->turns % 32)
    return true;
  int64_t time = now();
  if (!state->deadline)
    state->deadline = time + pool->spin_nanoseconds;
  return time < state->deadline;
}

/*===----------------------------------------------------------------------===*
 * Working
 *===----------------------------------------------------------------------===*/

/* Run tasks of the given range until it is empty. */
static void drain(pool_state *pool, perceiver_worker *range, int32_t worker) {
  /* Looking is cheaper than taking, and most foreign ranges are empty. */
  while (atomic_load_explicit(&range->next, memory_order_relaxed) <
         range->end) {
    int64_t index =
        atomic_fetch_add_explicit(&range->next, 1, memory_order_relaxed);
    if (index >= range->end)
      return;
    pool->task(pool->context, index, worker);
  }
}

/* Take part in the open run as `worker`. */
static void work(pool_state *pool, int32_t worker) {
  for (int32_t i = 0; i < pool->interface.worker_count; ++i) {
    int32_t victim = worker + i;
    if (victim >= pool->interface.worker_count)
      victim -= pool->interface.worker_count;
    drain(pool, &pool->workers[victim], worker);
  }
}

static unsigned await_run(pool_state *pool, unsigned last_epoch) {
  spin state = {0};
  for (;;) {
    unsigned epoch = atomic_load_explicit(&pool->epoch, memory_order_acquire);
    if ((epoch & 1 && epoch != last_epoch) ||
        atomic_load_explicit(&pool->stop, memory_order_relaxed))
      return epoch;
    if (spin_once(&state, pool))
      continue;
    atomic_fetch_add(&pool->sleepers, 1);
    futex_wait(&pool->epoch, epoch);
    atomic_fetch_sub(&pool->sleepers, 1);
  }
}

static void *worker_main(void *argument) {
  perceiver_worker *self = argument;
  pool_state *pool = self->pool;
  prctl(PR_SET_NAME, "perceiver");
  unsigned epoch = 0;
  for (;;) {
    epoch = await_run(pool, epoch);
    if (atomic_load_explicit(&pool->stop, memory_order_relaxed))
      return NULL;
    atomic_store(&self->presence, JOINED);
    epoch = atomic_load(&pool->epoch);
    if (epoch & 1)
      work(pool, self->number);
    if (atomic_exchange(&self->presence, ABSENT) == JOINED_AND_AWAITED)
      futex_wake(&self->presence, 1);
  }
}

/*===----------------------------------------------------------------------===*
 * Giving out work
 *===----------------------------------------------------------------------===*/

static bool acquire(pool_state *pool) {
  if (atomic_load_explicit(&pool->busy, memory_order_relaxed) ||
      atomic_exchange_explicit(&pool->busy, true, memory_order_acquire))
    return false;
  atomic_store_explicit(&pool->owner, (uintptr_t)pthread_self(),
                        memory_order_relaxed);
  return true;
}

static void release(pool_state *pool) {
  atomic_store_explicit(&pool->owner, 0, memory_order_relaxed);
  atomic_store_explicit(&pool->busy, false, memory_order_release);
}

static void await_absence(pool_state *pool, perceiver_worker *worker) {
  spin state = {0};
  for (;;) {
    unsigned presence = atomic_load(&worker->presence);
    if (presence == ABSENT)
      return;
    if (spin_once(&state, pool))
      continue;
    if (presence == JOINED_AND_AWAITED ||
        atomic_compare_exchange_strong(&worker->presence, &presence,
                                       JOINED_AND_AWAITED))
      futex_wait(&worker->presence, JOINED_AND_AWAITED);
  }
}

/* Split [first, task_count) evenly. Without 128-bit products. */
static void seed(pool_state *pool, int64_t first, int64_t task_count) {
  int64_t share = (task_count - first) / pool->interface.worker_count;
  int64_t larger = (task_count - first) % pool->interface.worker_count;
  for (int32_t i = 0; i < pool->interface.worker_count; ++i) {
    perceiver_worker *worker = &pool->workers[i];
    atomic_store_explicit(&worker->next, first, memory_order_relaxed);
    first += share + (i < larger);
    worker->end = first;
  }
}

/* Run tasks [first, task_count) on all threads. The caller has acquired. */
static void run_open(pool_state *pool, int64_t first, int64_t task_count,
                     perceiver_task task, void *context) {
  int64_t helpers = task_count - first - 1;
  seed(pool, first, task_count);
  pool->task = task;
  pool->context = context;
  atomic_fetch_add(&pool->epoch, 1);
  if (atomic_load(&pool->sleepers))
    futex_wake(&pool->epoch, helpers < pool->interface.worker_count
                                 ? (int)helpers
                                 : pool->interface.worker_count);
  work(pool, 0);
  atomic_fetch_add(&pool->epoch, 1);
  for (int32_t i = 1; i < pool->interface.worker_count; ++i)
    await_absence(pool, &pool->workers[i]);
}

/* The worker that the calling thread is in the current run; 0 if none: then it
   has a run of its own, and is its worker 0. */
static int32_t current_worker(pool_state *pool) {
  if (!atomic_load_explicit(&pool->busy, memory_order_relaxed))
    return 0;
  uintptr_t self = (uintptr_t)pthread_self();
  if (atomic_load_explicit(&pool->owner, memory_order_relaxed) == self)
    return 0;
  for (int32_t i = 1; i < pool->interface.worker_count; ++i)
    if ((uintptr_t)pool->workers[i].thread == self)
      return i;
  return 0;
}

static void run_tasks(void *state, int64_t task_count, perceiver_task task,
                      void *context) {
  pool_state *pool = state;
  int64_t next = 0;
  int32_t worker = -1;
  while (next < task_count) {
    /* A single task needs nobody's help. */
    if (task_count - next > 1 && *pool->has_threads && acquire(pool)) {
      run_open(pool, next, task_count, task, context);
      release(pool);
      return;
    }
    if (worker < 0)
      worker = current_worker(pool);
    task(context, next++, worker);
  }
}

/*===----------------------------------------------------------------------===*
 * Creation and destruction
 *===----------------------------------------------------------------------===*/

static int32_t *make_fork_marker(void) {
  int32_t *marker = mmap(NULL, sizeof *marker, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (marker == MAP_FAILED)
    return NULL;
  *marker = 1;
  /* Old kernels refuse. Then a child can still use a pool that was idle: its
     runs are open, but nobody joins. */
  (void)madvise(marker, sizeof *marker, MADV_WIPEONFORK);
  return marker;
}

static void free_pool(pool_state *pool) {
  if (pool->has_threads)
    munmap(pool->has_threads, sizeof *pool->has_threads);
  free(pool);
}

/* Stop and join workers [1, end). */
static void stop_workers(pool_state *pool, int32_t end) {
  atomic_store(&pool->stop, true);
  atomic_fetch_add(&pool->epoch, 2);
  futex_wake(&pool->epoch, INT32_MAX);
  for (int32_t i = 1; i < end; ++i)
    pthread_join(pool->workers[i].thread, NULL);
}

/* Start workers [1, worker_count). They leave signals to the program's own
   threads, but for those that a thread causes itself and a profiler's. */
static perceiver_status start_workers(pool_state *pool) {
  static const int own_signals[] = {SIGSEGV, SIGBUS,  SIGFPE, SIGILL,
                                    SIGTRAP, SIGABRT, SIGSYS, SIGPROF};
  sigset_t blocked, before;
  sigfillset(&blocked);
  for (size_t i = 0; i < sizeof own_signals / sizeof *own_signals; ++i)
    sigdelset(&blocked, own_signals[i]);
  pthread_sigmask(SIG_SETMASK, &blocked, &before);
  int error = 0;
  int32_t count = pool->interface.worker_count, started = 1;
  for (; started < count; ++started) {
    perceiver_worker *worker = &pool->workers[started];
    worker->number = started;
    worker->pool = pool;
    error = pthread_create(&worker->thread, NULL, worker_main, worker);
    if (error)
      break;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (!error)
    return PERCEIVER_OK;
  stop_workers(pool, started);
  errno = error;
  return perceiver_rt_fail(PERCEIVER_THREADS,
                           "cannot start thread %d of %d: %m", started, count);
}

perceiver_status perceiver_rt_pool_create(int32_t threads,
                                          perceiver_pool **pool) {
  if (!pool)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "the place for the pool is null");
  *pool = NULL;
  if (threads < 0 || threads > PERCEIVER_RT_MAX_WORKERS)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "a pool cannot have %d threads, only 1 to %d, or "
                             "0 for one per processor",
                             threads, PERCEIVER_RT_MAX_WORKERS);
  int32_t processors = perceiver_rt_processor_count();
  if (!threads)
    threads = processors;
  size_t bytes =
      sizeof(pool_state) + (size_t)threads * sizeof(perceiver_worker);
  pool_state *state = aligned_alloc(SLOT_ALIGNMENT, bytes);
  if (!state)
    return perceiver_rt_fail(PERCEIVER_OUT_OF_MEMORY,
                             "no memory for a pool of %d threads", threads);
  memset(state, 0, bytes);
  state->interface = (perceiver_pool){
      .version = PERCEIVER_ABI_VERSION,
      .worker_count = threads,
      .state = state,
      .run_tasks = run_tasks,
  };
  state->process = getpid();
  state->spin_nanoseconds =
      threads > processors ? SPIN_NANOSECONDS_CROWDED : SPIN_NANOSECONDS;
  state->has_threads = make_fork_marker();
  perceiver_status status =
      state->has_threads
          ? start_workers(state)
          : perceiver_rt_fail(PERCEIVER_OUT_OF_MEMORY,
                              "no memory for a pool of %d threads", threads);
  if (status != PERCEIVER_OK) {
    free_pool(state);
    return status;
  }
  *pool = &state->interface;
  return PERCEIVER_OK;
}

perceiver_status perceiver_rt_pool_destroy(perceiver_pool *pool) {
  if (!pool)
    return PERCEIVER_OK;
  if (pool->version != PERCEIVER_ABI_VERSION || pool->run_tasks != run_tasks)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "this pool was made by somebody else, who has to "
                             "destroy it");
  pool_state *state = pool->state;
  if (state->process == getpid())
    stop_workers(state, pool->worker_count);
  free_pool(state);
  return PERCEIVER_OK;
}
