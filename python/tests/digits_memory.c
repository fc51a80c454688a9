/*===- digits_memory.c - What a run of a model touches ------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* Run by test_compiled_memory.py with one argument:

     guard        the workspace is exactly as large as the model asks for and
                  ends at a page that cannot be touched; one that is 64 bytes
                  smaller is refused. What it holds before a run does not
                  matter.
     allocations  nothing is allocated or mapped while the model runs.
     concurrency  one model runs on several threads at once, on one pool, and
                  gives what it gives alone. */

#define _GNU_SOURCE
#include <digits.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PIXELS 64
#define CLASSES 10
#define MOST 5

static void check(int holds, const char *what) {
  if (holds)
    return;
  printf("expected %s; the last error is \"%s\"\n", what, digits_last_error());
  exit(1);
}

/*===----------------------------------------------------------------------===*
 * Every way to get memory, counted. The model's calls come here as well.
 *===----------------------------------------------------------------------===*/

static atomic_int allocations;

extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *old, size_t bytes);
extern void *__libc_memalign(size_t alignment, size_t bytes);

void *malloc(size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
  ++allocations;
  return __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes) {
  ++allocations;
  return __libc_realloc(old, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
  ++allocations;
  return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **result, size_t alignment, size_t bytes) {
  ++allocations;
  *result = __libc_memalign(alignment, bytes);
  return *result ? 0 : ENOMEM;
}

void *mmap(void *address, size_t bytes, int protection, int flags, int file,
           off_t offset) {
  ++allocations;
  return (void *)syscall(SYS_mmap, address, bytes, protection, flags, file,
                         offset);
}

/*===----------------------------------------------------------------------===*
 * Runs
 *===----------------------------------------------------------------------===*/

static digits_model *model;
static float images[MOST * PIXELS];
/* Of all images, in one run on one thread. */
static float expected[MOST * CLASSES];

static size_t workspace_size(int64_t batch, int32_t workers) {
  size_t bytes = 0;
  check(digits_run_workspace_size(model, batch, workers, &bytes) ==
            PERCEIVER_OK,
        "a size of the workspace");
  return bytes;
}

static void prepare(void) {
  check(digits_load(NULL, &model) == PERCEIVER_OK, "a model");
  for (int i = 0; i < MOST * PIXELS; ++i)
    images[i] = (float)(i * 37 % 17) / 16;
  size_t bytes = workspace_size(MOST, 1);
  void *workspace = aligned_alloc(PERCEIVER_WORKSPACE_ALIGNMENT, bytes);
  check(digits_run(model, MOST, images, expected, workspace, bytes, NULL) ==
            PERCEIVER_OK,
        "a run");
  free(workspace);
}

static void run_at_guard(int64_t batch, const perceiver_pool *pool,
                         int32_t workers) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t bytes = workspace_size(batch, workers);
  size_t room = (bytes + page - 1) / page * page;
  char *pages = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  check(pages != MAP_FAILED, "pages");
  check(mprotect(pages + room, page, PROT_NONE) == 0, "a guard page");
  check(bytes % PERCEIVER_WORKSPACE_ALIGNMENT == 0, "whole lines");
  char *workspace = pages + room - bytes;
  memset(pages, 0xff, room); /* NaN, if anyone reads it */
  float logits[MOST * CLASSES];
  check(digits_run(model, batch, images, logits, workspace, bytes, pool) ==
            PERCEIVER_OK,
        "a run in a workspace of the size asked for");
  check(!memcmp(logits, expected, sizeof(float) * CLASSES * (size_t)batch),
        "the same logits in any workspace");
  for (char *byte = pages; byte < workspace; ++byte)
    check(*byte == (char)0xff, "nothing written before the workspace");
  check(digits_run(model, batch, images, logits,
                   workspace + PERCEIVER_WORKSPACE_ALIGNMENT,
                   bytes - PERCEIVER_WORKSPACE_ALIGNMENT,
                   pool) == PERCEIVER_WORKSPACE_TOO_SMALL,
        "a smaller workspace to be refused");
  munmap(pages, room + page);
}

static void test_guard(void) {
  for (int32_t workers = 1; workers <= 3; ++workers) {
    perceiver_pool *pool = NULL;
    check(digits_pool_create(workers, &pool) == PERCEIVER_OK, "a pool");
    for (int64_t batch = 1; batch <= MOST; ++batch)
      run_at_guard(batch, pool, workers);
    digits_pool_destroy(pool);
  }
  for (int64_t batch = 1; batch <= MOST; ++batch)
    run_at_guard(batch, NULL, 1);
}

static void test_allocations(void) {
  perceiver_pool *pool = NULL;
  check(digits_pool_create(2, &pool) == PERCEIVER_OK, "a pool");
  size_t bytes = workspace_size(MOST, 2);
  void *workspace = aligned_alloc(PERCEIVER_WORKSPACE_ALIGNMENT, bytes);
  check(allocations > 0, "allocations to be counted");
  float logits[MOST * CLASSES];
  int before = allocations;
  for (int round = 0; round < 3; ++round)
    for (int64_t batch = 1; batch <= MOST; ++batch) {
      check(digits_run(model, batch, images, logits, workspace, bytes,
                       round ? pool : NULL) == PERCEIVER_OK,
            "a run");
    }
  check(allocations == before, "no allocation during a run");
  free(workspace);
  digits_pool_destroy(pool);
}

static void *run_often(void *pool) {
  for (int round = 0; round < 20; ++round) {
    int64_t batch = 1 + round % MOST;
    size_t bytes =
        workspace_size(batch, ((perceiver_pool *)pool)->worker_count);
    void *workspace = aligned_alloc(PERCEIVER_WORKSPACE_ALIGNMENT, bytes);
    float logits[MOST * CLASSES];
    check(digits_run(model, batch, images, logits, workspace, bytes, pool) ==
              PERCEIVER_OK,
          "a run");
    check(!memcmp(logits, expected, sizeof(float) * CLASSES * (size_t)batch),
          "the same logits on any thread");
    free(workspace);
  }
  return NULL;
}

static void test_concurrency(void) {
  perceiver_pool *pool = NULL;
  check(digits_pool_create(2, &pool) == PERCEIVER_OK, "a pool");
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    check(!pthread_create(&threads[i], NULL, run_often, pool), "a thread");
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
  digits_pool_destroy(pool);
}

int main(int argc, char **argv) {
  check(argc == 2, "one argument");
  prepare();
  if (!strcmp(argv[1], "guard"))
    test_guard();
  else if (!strcmp(argv[1], "allocations"))
    test_allocations();
  else if (!strcmp(argv[1], "concurrency"))
    test_concurrency();
  else
    check(0, "guard, allocations or concurrency");
  printf("%s: ok\n", argv[1]);
  digits_free(model);
  return 0;
}
