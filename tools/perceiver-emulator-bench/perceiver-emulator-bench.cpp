//===- perceiver-emulator-bench.cpp - How fast the emulated device is -----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// perceiver-emulator-bench [SECONDS [KERNEL]]: runs two kernels, or the one of
// that name, with checks and without, on one thread and on two, each for at
// least SECONDS (default 1), and prints a line of JSON for each: rates by the
// clock, and per second of the processor.
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/DriverApi.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

extern "C" {
extern const char attention_ptx[];
extern const char product_ptx[];
}

static void check(CUresult result, const char *what) {
  if (result == CUDA_SUCCESS)
    return;
  fprintf(stderr, "%s: error %d %s\n", what, result, perceiverEmulatorError());
  exit(1);
}
#define CHECK(call) check(call, #call)

/// Seconds by the clock, and of all processors.
struct Seconds {
  double wall, processor;
};

static double readClock(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

static Seconds now() {
  return {readClock(CLOCK_MONOTONIC), readClock(CLOCK_PROCESS_CPUTIME_ID)};
}

/// A kernel with memory of its own.
struct Workload {
  const char *name;
  const char *ptx;
  unsigned grid[2], threads, sharedBytes;
  /// Of each of the pointers that it begins with, and what comes after them.
  std::vector<size_t> arrays;
  std::vector<uint32_t> numbers;
};

/// Fill with numbers between 0 and 2, as halves or as floats.
static CUdeviceptr makeArray(size_t bytes) {
  std::vector<uint16_t> values(bytes / 2);
  uint32_t state = 1;
  for (uint16_t &value : values) {
    state = state * 1664525 + 1013904223;
    value = 0x3000 + (state >> 20);
  }
  CUdeviceptr address;
  CHECK(cuMemAlloc_v2(&address, bytes));
  CHECK(cuMemcpyHtoD_v2(address, values.data(), bytes));
  return address;
}

/// Return the sum of the numbers of "warp_instructions", or the value of "mma".
static double readCounter(const std::string &json, const char *name) {
  size_t at = json.find(std::string("\"") + name + "\": ");
  at = json.find_first_of("0123456789{", at + std::string(name).size());
  if (json[at] != '{')
    return strtod(&json[at], nullptr);
  double sum = 0;
  for (size_t end = json.find('}', at); (at = json.find(": ", at)) < end; ++at)
    sum += strtod(&json[at + 2], nullptr);
  return sum;
}

static std::string counters() {
  std::string json(perceiverEmulatorCounters(nullptr, 0), 0);
  perceiverEmulatorCounters(json.data(), json.size());
  return json;
}

static void run(const Workload &work, const char *words, double seconds) {
  check(perceiverEmulatorConfigure(words), words);
  Seconds before = now();
  CUmodule module;
  CUfunction function;
  CHECK(cuModuleLoadData(&module, work.ptx));
  double load = now().wall - before.wall;
  CHECK(cuModuleGetFunction(&function, module, work.name));
  CHECK(cuFuncSetAttribute(function,
                           CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                           work.sharedBytes));
  std::vector<CUdeviceptr> arrays;
  std::vector<uint32_t> numbers = work.numbers;
  std::vector<void *> parameters;
  arrays.reserve(work.arrays.size());
  parameters.reserve(work.arrays.size() + numbers.size());
  for (size_t bytes : work.arrays)
    arrays.push_back(makeArray(bytes));
  for (CUdeviceptr &array : arrays)
    parameters.push_back(&array);
  for (uint32_t &number : numbers)
    parameters.push_back(&number);
  perceiverEmulatorReset();
  Seconds begin = now(), end;
  do {
    CHECK(cuLaunchKernel(function, work.grid[0], work.grid[1], 1, work.threads,
                         1, 1, work.sharedBytes, nullptr, parameters.data(),
                         nullptr));
    CHECK(cuCtxSynchronize());
    end = now();
  } while (end.wall - begin.wall < seconds);
  std::string json = counters();
  double instructions = readCounter(json, "warp_instructions");
  double products = readCounter(json, "mma");
  double wall = end.wall - begin.wall;
  double processor = end.processor - begin.processor;
  printf("{\"kernel\": \"%s\", \"words\": \"%s\", \"load_ms\": %.2f, "
         "\"instructions_per_s\": %.3g, \"mma_per_s\": %.3g, "
         "\"instructions_per_cpu_s\": %.3g, \"mma_per_cpu_s\": %.3g, "
         "\"findings\": %d}\n",
         work.name, words, 1e3 * load, instructions / wall, products / wall,
         instructions / processor, products / processor,
         perceiverEmulatorFindings(nullptr, 0));
  fflush(stdout);
  for (CUdeviceptr array : arrays)
    CHECK(cuMemFree_v2(array));
  CHECK(cuModuleUnload(module));
}

int main(int argc, char **argv) {
  double seconds = argc > 1 ? strtod(argv[1], nullptr) : 1;
  CUcontext context;
  CHECK(cuInit(0));
  CHECK(cuDevicePrimaryCtxRetain(&context, 0));
  CHECK(cuCtxPushCurrent_v2(context));
  constexpr unsigned rows = 512, keys = 1024, channels = 64, size = 256;
  constexpr uint32_t scale = 0x3e38aa3b; // log2(e) / 8
  const Workload attention = {"attention",
                              attention_ptx,
                              {rows / 128, 1},
                              128,
                              (128 + 4 * 64) * 128,
                              {rows * channels * 2, keys * channels * 2,
                               keys * channels * 2, rows * channels * 2},
                              {rows, keys, scale}};
  const Workload product = {"product",
                            product_ptx,
                            {size / 64, size / 64},
                            64,
                            0,
                            {size * size * 4, size * size * 4, size * size * 4},
                            {size, size}};
  for (const Workload *work : {&attention, &product}) {
    if (argc > 2 && strcmp(argv[2], work->name) != 0)
      continue;
    for (const char *words :
         {"threads=1 checks=on", "threads=1 checks=off", "threads=2 checks=on"})
      run(*work, words, seconds);
  }
  CHECK(cuDevicePrimaryCtxRelease_v2(0));
  return 0;
}
