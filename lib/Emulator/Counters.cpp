//===- Counters.cpp - What kernels did, in numbers ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Counters.h"

using namespace perceiver::emulator;

static const char *const kClassNames[kOperationClasses] = {
    "ffma",     "float",      "double",  "half",    "special",
    "integer",  "predicate",  "convert", "move",    "parameter",
    "constant", "global",     "shared",  "generic", "async_copy",
    "matrix",   "collective", "barrier", "control",
};

KernelCounters &KernelCounters::operator+=(const KernelCounters &other) {
  launches += other.launches;
  for (unsigned kind = 0; kind < kOperationClasses; ++kind)
    instructions[kind] += other.instructions[kind];
  matrixProducts += other.matrixProducts;
  sharedWavefronts += other.sharedWavefronts;
  idealWavefronts += other.idealWavefronts;
  globalSectors += other.globalSectors;
  idealSectors += other.idealSectors;
  bytesRead += other.bytesRead;
  bytesWritten += other.bytesWritten;
  barriers += other.barriers;
  return *this;
}

static std::string quoted(const std::string &name) {
  std::string text = "\"";
  for (char c : name) {
    if (c == '"' || c == '\\')
      text += '\\';
    text += c;
  }
  return text + "\"";
}

static std::string field(const char *name, uint64_t value) {
  return ", " + quoted(name) + ": " + std::to_string(value);
}

static std::string writeKernel(const std::string &name,
                               const KernelCounters &counters) {
  std::string text = "{\"name\": " + quoted(name);
  text += field("launches", counters.launches);
  text += ", \"warp_instructions\": {";
  const char *separator = "";
  for (unsigned kind = 0; kind < kOperationClasses; ++kind)
    if (counters.instructions[kind]) {
      text += separator + quoted(kClassNames[kind]) + ": " +
              std::to_string(counters.instructions[kind]);
      separator = ", ";
    }
  text += "}";
  text += field("mma", counters.matrixProducts);
  text += field("shared_wavefronts", counters.sharedWavefronts);
  text += field("shared_wavefronts_ideal", counters.idealWavefronts);
  text += field("global_sectors", counters.globalSectors);
  text += field("global_sectors_ideal", counters.idealSectors);
  text += field("bytes_read", counters.bytesRead);
  text += field("bytes_written", counters.bytesWritten);
  text += field("barriers", counters.barriers);
  return text + "}";
}

std::string perceiver::emulator::writeCounters(
    const std::map<std::string, KernelCounters> &kernels,
    const std::map<std::string, uint64_t> &calls) {
  std::string text = "{\"kernels\": [";
  const char *separator = "";
  for (const auto &kernel : kernels) {
    text += separator + writeKernel(kernel.first, kernel.second);
    separator = ",\n ";
  }
  text += "],\n \"calls\": {";
  separator = "";
  for (const auto &call : calls) {
    text += separator + quoted(call.first) + ": " + std::to_string(call.second);
    separator = ", ";
  }
  return text + "}}\n";
}
