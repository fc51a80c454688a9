//===- PlaceBuffers.cpp - The runtime's memory plan on a command line -----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Places the buffers that standard input describes, as numbers:
//
//   WORKERS SYMBOLS BUFFERS
//   size of each symbol
//   for each buffer: FIRST LAST PER_WORKER LENGTH, LENGTH pairs OPCODE VALUE
//
// and prints the bytes of the workspace, then offset and stride of each buffer.
// python/tests/test_compiled_memory.py feeds it the plans of whole models.
//
//===----------------------------------------------------------------------===//

#include "lib/Runtime/perceiver_runtime.h"

#include <iostream>
#include <vector>

template <typename T>
static T next() {
  T value{};
  std::cin >> value;
  return value;
}

int main() {
  auto workers = next<int32_t>();
  std::vector<int64_t> sizes(next<size_t>());
  std::vector<perceiver_buffer> buffers(next<size_t>());
  std::vector<std::vector<perceiver_size_instruction>> programs(buffers.size());
  for (int64_t &size : sizes)
    size = next<int64_t>();
  for (size_t i = 0; i < buffers.size(); ++i) {
    buffers[i].first = next<int32_t>();
    buffers[i].last = next<int32_t>();
    buffers[i].per_worker = next<int32_t>();
    programs[i].resize(next<size_t>());
    for (perceiver_size_instruction &instruction : programs[i]) {
      instruction.opcode = next<int64_t>();
      instruction.value = next<int64_t>();
    }
    buffers[i].size = programs[i].data();
    buffers[i].size_length = static_cast<int32_t>(programs[i].size());
  }
  if (!std::cin) {
    std::cerr << "expected numbers that describe buffers\n";
    return 1;
  }

  perceiver_entry entry{};
  entry.name = "run";
  entry.buffers = buffers.data();
  entry.symbol_count = static_cast<int32_t>(sizes.size());
  entry.buffer_count = static_cast<int32_t>(buffers.size());
  std::vector<int64_t> places(2 * buffers.size());
  int64_t total = 0;
  if (perceiver_rt_plan(&entry, sizes.data(), workers, places.data(), &total) !=
      PERCEIVER_OK) {
    std::cerr << perceiver_rt_last_error() << '\n';
    return 1;
  }
  std::cout << total << '\n';
  for (size_t i = 0; i < buffers.size(); ++i)
    std::cout << places[2 * i] << ' ' << places[2 * i + 1] << '\n';
  return 0;
}
