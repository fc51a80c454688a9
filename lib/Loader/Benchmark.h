//===- Benchmark.h - Time repeated runs -------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_BENCHMARK_H
#define PERCEIVER_LIB_LOADER_BENCHMARK_H

#include "lib/Support/Result.h"

#include <functional>
#include <vector>

namespace perceiver {

struct BenchmarkOptions {
  int warmup = 2;
  /// 0: until 100 rounds or five seconds have passed, but at least three.
  int rounds = 0;
};

/// Times of the measured rounds, in milliseconds, ascending.
using RoundTimes = std::vector<double>;

/// Run `body` repeatedly and time it; stop at its first error.
Result<RoundTimes> timeRounds(const BenchmarkOptions &options,
                              const std::function<Status()> &body);

/// Return the smallest time that at least `fraction` of all do not exceed;
/// for a half and an even number, the mean of the two in the middle.
double percentile(const RoundTimes &times, double fraction);

/// The most memory that this process has had in use, mapped files included, in
/// MiB; 0 if the system does not tell.
double peakResidentMiB();

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_BENCHMARK_H
