//===- perceiver-peak.c - What this machine can do at most ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   perceiver-peak THREADS MILLISECONDS [MIB]
//
// prints {"gflop_per_s": .., "lanes": .., "l2_bytes": .., "gb_per_s": ..}: the
// speed of float32 multiply-adds that stay in registers, the size of a core's
// second-level cache (0 if unknown), and the speed of reading MIB mebibytes of
// memory (null if none are given), by so many threads at once. tools/bench runs
// it around what it measures, because the clock varies and neighbours come and
// go.
//
//===----------------------------------------------------------------------===//

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Enough independent sums to hide the latency of an FMA, few enough for the 16
   registers of AVX2 and NEON. */
enum { kChains = 12, kMaxThreads = 4096, kRepeats = 20000 };

typedef float vector4 __attribute__((vector_size(16)));
typedef float vector8 __attribute__((vector_size(32)));
typedef float vector16 __attribute__((vector_size(64)));

#define CHAINS(STATEMENT)                                                      \
  STATEMENT(0)                                                                 \
  STATEMENT(1)                                                                 \
  STATEMENT(2)                                                                 \
  STATEMENT(3)                                                                 \
  STATEMENT(4)                                                                 \
  STATEMENT(5)                                                                 \
  STATEMENT(6)                                                                 \
  STATEMENT(7)                                                                 \
  STATEMENT(8)                                                                 \
  STATEMENT(9)                                                                 \
  STATEMENT(10)                                                                \
  STATEMENT(11)

/* kRepeats * kChains multiply-adds of vectors. The factor and the summand come
   from memory, so that nothing folds; x = x/2 + 1 stays at 2. */
#define DEFINE_LOOP(NAME, VECTOR, TARGET)                                      \
  TARGET static float NAME(const float *start) {                               \
    VECTOR factor, summand, sum;                                               \
    VECTOR x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11;                   \
    memcpy(&factor, start, sizeof(factor));                                    \
    memcpy(&summand, start + 16, sizeof(summand));                             \
    x0 = x1 = x2 = x3 = x4 = x5 = x6 = x7 = x8 = x9 = x10 = x11 = summand;     \
    for (int i = 0; i < kRepeats; ++i) {                                       \
      CHAINS(STEP)                                                             \
    }                                                                          \
    sum = x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11;         \
    return sum[0];                                                             \
  }
#define STEP(I) x##I = x##I * factor + summand;

#pragma STDC FP_CONTRACT ON
#if defined(__x86_64__)
DEFINE_LOOP(loop16, vector16, __attribute__((target("avx512f"))))
DEFINE_LOOP(loop8, vector8, __attribute__((target("avx2,fma"))))
#endif
DEFINE_LOOP(loop4, vector4, )

typedef float (*loop)(const float *);

static loop chooseLoop(int *lanes) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) {
    *lanes = 16;
    return loop16;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    *lanes = 8;
    return loop8;
  }
#endif
  *lanes = 4;
  return loop4;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Eight sums of eight integers, so that loads and not additions limit. */
static uint64_t readMemory(const uint64_t *data, size_t words) {
  typedef uint64_t block __attribute__((vector_size(64)));
  block sums[8] = {{0}};
  for (size_t i = 0; i + 64 <= words; i += 64)
    for (int j = 0; j < 8; ++j) {
      block value;
      memcpy(&value, data + i + 8 * j, sizeof(value));
      sums[j] += value;
    }
  uint64_t sum = 0;
  for (int j = 0; j < 8; ++j)
    for (int k = 0; k < 8; ++k)
      sum += sums[j][k];
  return sum;
}

struct worker {
  pthread_t thread;
  pthread_barrier_t *barrier;
  double seconds;   /* to run at least */
  size_t words;     /* to read; 0: multiply-adds */
  loop body;        /* of the multiply-adds */
  double perSecond; /* multiply-adds of vectors, or bytes */
  volatile uint64_t result;
  int failed;
};

static void *work(void *argument) {
  struct worker *self = argument;
  uint64_t *memory = NULL;
  if (self->words) {
    memory = malloc(self->words * sizeof(*memory));
    self->failed = !memory;
    if (memory)
      memset(memory, 1, self->words * sizeof(*memory));
  }
  float start[32];
  for (int i = 0; i < 16; ++i) {
    start[i] = 0.5F;
    start[16 + i] = 1.0F;
  }
  pthread_barrier_wait(self->barrier);
  double begin = now(), end = begin, done = 0;
  while (!self->failed && end - begin < self->seconds) {
    if (self->words) {
      self->result = readMemory(memory, self->words);
      done += (double)(self->words * sizeof(*memory));
    } else {
      self->result = (uint64_t)self->body(start);
      done += (double)kRepeats * kChains;
    }
    end = now();
  }
  self->perSecond = done / (end - begin);
  free(memory);
  return NULL;
}

/* The speeds of all threads together; negative if it cannot be measured. */
static double measure(int threads, double seconds, size_t words, loop body) {
  struct worker *workers = calloc((size_t)threads, sizeof(*workers));
  pthread_barrier_t barrier;
  if (!workers || pthread_barrier_init(&barrier, NULL, (unsigned)threads))
    return -1;
  for (int i = 0; i < threads; ++i) {
    workers[i].barrier = &barrier;
    workers[i].seconds = seconds;
    workers[i].words = words;
    workers[i].body = body;
    if (i > 0 &&
        pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
      return -1; /* the others wait at the barrier; the program ends */
  }
  work(&workers[0]);
  double sum = workers[0].perSecond;
  int failed = workers[0].failed;
  for (int i = 1; i < threads; ++i) {
    pthread_join(workers[i].thread, NULL);
    sum += workers[i].perSecond;
    failed |= workers[i].failed;
  }
  pthread_barrier_destroy(&barrier);
  free(workers);
  return failed ? -1 : sum;
}

int main(int argc, char **argv) {
  long threads = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
  double milliseconds = argc > 2 ? strtod(argv[2], NULL) : 0;
  double mebibytes = argc > 3 ? strtod(argv[3], NULL) : 0;
  if (argc > 4 || threads < 1 || threads > kMaxThreads ||
      !(milliseconds > 0 && milliseconds <= 60000) ||
      !(mebibytes >= 0 && mebibytes <= 65536)) {
    fputs("perceiver-peak: error: expected THREADS MILLISECONDS [MIB]\n",
          stderr);
    return 1;
  }
  int lanes = 0;
  loop body = chooseLoop(&lanes);
  double fma = measure((int)threads, milliseconds / 1000, 0, body);
  size_t words = (size_t)(mebibytes * 131072 / (double)threads);
  double bytes =
      words ? measure((int)threads, milliseconds / 1000, words, body) : 0;
  if (fma < 0 || bytes < 0) {
    fputs("perceiver-peak: error: not enough threads or memory\n", stderr);
    return 1;
  }
  printf("{\"gflop_per_s\": %.2f, \"lanes\": %d, \"l2_bytes\": %ld, "
         "\"gb_per_s\": ",
         2e-9 * fma * lanes, lanes, sysconf(_SC_LEVEL2_CACHE_SIZE));
  printf(words ? "%.2f}\n" : "null}\n", 1e-9 * bytes);
  return 0;
}
