//===- ModelRun.h - Run an entry of a model ---------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_MODELRUN_H
#define PERCEIVER_LIB_LOADER_MODELRUN_H

#include "lib/Loader/Benchmark.h"
#include "lib/Loader/Binding.h"
#include "lib/Loader/Placement.h"

#include <optional>

namespace perceiver {

struct RunOptions {
  std::string model;
  /// Empty: the weights beside the model.
  std::string weights;
  std::string entry = "run";
  Placement placement;
  /// On the CPU; 0: one per processor.
  int threads = 0;
  BindOptions binding;
  /// Time the entry instead of running it once.
  std::optional<BenchmarkOptions> benchmark;
};

struct RunOutcome {
  /// With the outputs.
  Binding binding;
  /// A benchmark's result, a JSON object:
  ///   {"min_ms", "median_ms", "p90_ms", "rounds", "gflop", "gflop_per_s",
  ///    "peak_resident_mib", "load_ms", "workspace_bytes", "threads", "device",
  ///    "emulated", "entry", "sizes"}
  /// `gflop` and `gflop_per_s` (of the median) are null if the model does not
  /// tell; `load_ms` is the time to load the model and to map its weights (on a
  /// device: to copy them); `threads` is null on a device; `sizes` has the
  /// value of each named size.
  std::string report;
};

/// Load a model, run one of its entries on `inputs`, unload it. Its threads
/// have ended when this returns, so that a signal reaches the calling thread.
Result<RunOutcome> runModel(const RunOptions &options, const TensorSet &inputs);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_MODELRUN_H
