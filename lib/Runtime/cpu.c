/*===- cpu.c - What the processor offers --------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* The runtime itself is compiled for the oldest processor of its architecture,
   so that it can say what is missing before anything newer is executed. */

#include "lib/Runtime/runtime_internal.h"

#include <stdio.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* Where CPUID reports a feature: leaf and subleaf, register, bit. */
enum { LEAF_1, LEAF_7, LEAF_7_1, LEAF_EXTENDED_1, LEAF_COUNT };
enum { EAX, EBX, ECX, EDX };

/* Register state that the operating system has to save (bits of XCR0). */
enum {
  NO_STATE = 0,
  AVX_STATE = 0x6,
  AVX512_STATE = 0xe6,
  AMX_STATE = 0x60000,
};

typedef struct cpu_feature {
  const char *name; /* as in LLVM */
  uint8_t leaf;
  uint8_t reg;
  uint8_t bit;
  uint32_t state;
} cpu_feature;

/* The place in this table is the bit in perceiver_artifact.cpu_features: only
   ever append. */
static const cpu_feature features[] = {
    {"sse3", LEAF_1, ECX, 0, NO_STATE},
    {"ssse3", LEAF_1, ECX, 9, NO_STATE},
    {"sse4.1", LEAF_1, ECX, 19, NO_STATE},
    {"sse4.2", LEAF_1, ECX, 20, NO_STATE},
    {"popcnt", LEAF_1, ECX, 23, NO_STATE},
    {"cx16", LEAF_1, ECX, 13, NO_STATE},
    {"sahf", LEAF_EXTENDED_1, ECX, 0, NO_STATE},
    {"lzcnt", LEAF_EXTENDED_1, ECX, 5, NO_STATE},
    {"movbe", LEAF_1, ECX, 22, NO_STATE},
    {"bmi", LEAF_7, EBX, 3, NO_STATE},
    {"bmi2", LEAF_7, EBX, 8, NO_STATE},
    {"avx", LEAF_1, ECX, 28, AVX_STATE},
    {"f16c", LEAF_1, ECX, 29, AVX_STATE},
    {"fma", LEAF_1, ECX, 12, AVX_STATE},
    {"avx2", LEAF_7, EBX, 5, AVX_STATE},
    {"avxvnni", LEAF_7_1, EAX, 4, AVX_STATE},
    {"avxifma", LEAF_7_1, EAX, 23, AVX_STATE},
    {"avxvnniint8", LEAF_7_1, EDX, 4, AVX_STATE},
    {"avxneconvert", LEAF_7_1, EDX, 5, AVX_STATE},
    {"gfni", LEAF_7, ECX, 8, NO_STATE},
    {"avx512f", LEAF_7, EBX, 16, AVX512_STATE},
    {"avx512dq", LEAF_7, EBX, 17, AVX512_STATE},
    {"avx512ifma", LEAF_7, EBX, 21, AVX512_STATE},
    {"avx512cd", LEAF_7, EBX, 28, AVX512_STATE},
    {"avx512bw", LEAF_7, EBX, 30, AVX512_STATE},
    {"avx512vl", LEAF_7, EBX, 31, AVX512_STATE},
    {"avx512vbmi", LEAF_7, ECX, 1, AVX512_STATE},
    {"avx512vbmi2", LEAF_7, ECX, 6, AVX512_STATE},
    {"avx512vnni", LEAF_7, ECX, 11, AVX512_STATE},
    {"avx512bitalg", LEAF_7, ECX, 12, AVX512_STATE},
    {"avx512vpopcntdq", LEAF_7, ECX, 14, AVX512_STATE},
    {"avx512fp16", LEAF_7, EDX, 23, AVX512_STATE},
    {"avx512bf16", LEAF_7_1, EAX, 5, AVX512_STATE},
    {"amx-tile", LEAF_7, EDX, 24, AMX_STATE},
    {"amx-int8", LEAF_7, EDX, 25, AMX_STATE},
    {"amx-bf16", LEAF_7, EDX, 22, AMX_STATE},
    {"amx-fp16", LEAF_7_1, EAX, 21, AMX_STATE},
    {"crc32", LEAF_1, ECX, 20, NO_STATE}, /* with sse4.2 */
    {"xsave", LEAF_1, ECX, 26, NO_STATE},
    {"sse4a", LEAF_EXTENDED_1, ECX, 6, NO_STATE},
    {"tbm", LEAF_EXTENDED_1, ECX, 21, NO_STATE},
    {"fma4", LEAF_EXTENDED_1, ECX, 16, AVX_STATE},
    {"xop", LEAF_EXTENDED_1, ECX, 11, AVX_STATE},
    {"avxvnniint16", LEAF_7_1, EDX, 10, AVX_STATE},
};

enum { FEATURE_COUNT = sizeof features / sizeof *features };
_Static_assert(FEATURE_COUNT <= 64, "the features are bits of 64");

uint64_t perceiver_rt_cpu_feature(const char *name) {
  for (int i = 0; i < FEATURE_COUNT; ++i)
    if (strcmp(features[i].name, name) == 0)
      return UINT64_C(1) << i;
  return 0;
}

#if defined(__x86_64__)

/* Leaves all zero what this processor does not report. */
static void read_leaf(unsigned leaves[LEAF_COUNT][4], int leaf, unsigned number,
                      unsigned sub) {
  unsigned *regs = leaves[leaf];
  __get_cpuid_count(number, sub, &regs[EAX], &regs[EBX], &regs[ECX],
                    &regs[EDX]);
}

uint64_t perceiver_rt_host_cpu_features(void) {
  unsigned leaves[LEAF_COUNT][4] = {{0}};
  read_leaf(leaves, LEAF_1, 1, 0);
  read_leaf(leaves, LEAF_EXTENDED_1, 0x80000001, 0);
  read_leaf(leaves, LEAF_7, 7, 0);
  if (leaves[LEAF_7][EAX] >= 1) /* the last subleaf */
    read_leaf(leaves, LEAF_7_1, 7, 1);
  uint32_t state = 0, unused;
  const unsigned osxsave = 1u << 27;
  if (leaves[LEAF_1][ECX] & osxsave)
    __asm__ volatile("xgetbv" : "=a"(state), "=d"(unused) : "c"(0));
  uint64_t offered = 0;
  for (int i = 0; i < FEATURE_COUNT; ++i) {
    const cpu_feature *feature = &features[i];
    if ((leaves[feature->leaf][feature->reg] >> feature->bit & 1) &&
        (state & feature->state) == feature->state)
      offered |= UINT64_C(1) << i;
  }
  return offered;
}

/* Linux lets a process use AMX only after it has asked. */
static bool acquire_state(uint64_t required) {
  if (!(required & perceiver_rt_cpu_feature("amx-tile")))
    return true;
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

#else

/* Other architectures: only what every processor has. */
uint64_t perceiver_rt_host_cpu_features(void) { return 0; }

static bool acquire_state(uint64_t required) {
  (void)required;
  return true;
}

#endif

perceiver_status perceiver_rt_check_cpu(uint64_t required,
                                        const char *model_name) {
  uint64_t missing = required & ~perceiver_rt_host_cpu_features();
  if (!missing) {
    if (acquire_state(required))
      return PERCEIVER_OK;
    return perceiver_rt_fail(PERCEIVER_CPU_UNSUPPORTED,
                             "model \"%s\" needs AMX, which the operating "
                             "system does not grant: %m",
                             model_name);
  }
  char names[256] = "";
  size_t length = 0;
  for (int i = 0; i < 64 && length < sizeof names; ++i)
    if (missing >> i & 1)
      length += (size_t)snprintf(
          names + length, sizeof names - length, "%s%s", length ? ", " : "",
          i < FEATURE_COUNT ? features[i].name : "an unknown feature");
  return perceiver_rt_fail(
      PERCEIVER_CPU_UNSUPPORTED,
      "model \"%s\" was compiled for another processor; this one lacks %s",
      model_name, names);
}
