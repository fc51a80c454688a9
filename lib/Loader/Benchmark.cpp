//===- Benchmark.cpp - Time repeated runs ---------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Benchmark.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <string>

using namespace perceiver;

constexpr int kMostRounds = 100;
constexpr size_t kFewestRounds = 3;
constexpr double kEnoughMilliseconds = 5000;

Result<RoundTimes> perceiver::timeRounds(const BenchmarkOptions &options,
                                         const std::function<Status()> &body) {
  using Clock = std::chrono::steady_clock;
  for (int i = 0; i < options.warmup; ++i)
    if (Status status = body(); !status)
      return status.error();
  RoundTimes times;
  double total = 0;
  int rounds = options.rounds ? options.rounds : kMostRounds;
  for (int i = 0; i < rounds; ++i) {
    if (options.rounds == 0 && total > kEnoughMilliseconds &&
        times.size() >= kFewestRounds)
      break;
    Clock::time_point start = Clock::now();
    if (Status status = body(); !status)
      return status.error();
    std::chrono::duration<double, std::milli> time = Clock::now() - start;
    times.push_back(time.count());
    total += time.count();
  }
  std::sort(times.begin(), times.end());
  return times;
}

double perceiver::percentile(const RoundTimes &times, double fraction) {
  if (times.empty())
    return 0;
  if (fraction == 0.5 && times.size() % 2 == 0)
    return (times[times.size() / 2 - 1] + times[times.size() / 2]) / 2;
  double rank = std::ceil(fraction * static_cast<double>(times.size()));
  return times[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}

double perceiver::peakResidentMiB() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    double kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes)
      return kibibytes / 1024;
  }
  return 0;
}
