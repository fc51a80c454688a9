//===- ModelRun.cpp - Run an entry of a model -----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/ModelRun.h"

#include "lib/Loader/LoadedModel.h"

#include "nlohmann/json.hpp"

#include <chrono>

using namespace perceiver;

/// Return RunOutcome::report.
static std::string
writeReport(const Entry &entry, const std::vector<int64_t> &sizes,
            const RoundTimes &times, double loadMs, size_t workspaceBytes,
            const perceiver_pool *pool, const Device &device) {
  using nlohmann::ordered_json;
  ordered_json namedSizes = ordered_json::object();
  for (size_t i = 0; i < entry.sizes.size(); ++i)
    namedSizes[entry.sizes[i].name] = sizes[i];
  double median = percentile(times, 0.5);
  ordered_json gflop, speed, threads;
  if (pool)
    threads = pool->worker_count;
  std::optional<double> flop;
  if (!entry.flop.isEmpty())
    flop = entry.flop.evaluate(sizes);
  if (flop) {
    gflop = *flop / 1e9;
    if (median > 0)
      speed = *flop / 1e6 / median;
  }
  ordered_json report = {{"min_ms", percentile(times, 0)},
                         {"median_ms", median},
                         {"p90_ms", percentile(times, 0.9)},
                         {"rounds", times.size()},
                         {"gflop", gflop},
                         {"gflop_per_s", speed},
                         {"peak_resident_mib", peakResidentMiB()},
                         {"load_ms", loadMs},
                         {"workspace_bytes", workspaceBytes},
                         {"threads", threads},
                         {"device", device.str()},
                         {"emulated", device.kind == Device::Kind::Emulated},
                         {"entry", entry.name},
                         {"sizes", namedSizes}};
  return report.dump();
}

/// Run a bound entry; return the report of a benchmark.
static Result<std::string> runEntry(const RunOptions &options,
                                    const Metadata &metadata,
                                    const Entry &entry,
                                    const Binding &binding) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now();
  Result<LoadedModel> model = LoadedModel::open(
      options.model, metadata, options.weights, options.placement);
  if (!model)
    return model.error();
  std::chrono::duration<double, std::milli> loadTime = Clock::now() - start;
  bool onCpu = model->device().kind == Device::Kind::CPU;
  if (!onCpu && options.threads)
    return Error{"a model on a device has no threads of the CPU",
                 options.model};
  Result<ThreadPool> pool = onCpu ? model->createPool(options.threads)
                                  : Result<ThreadPool>(ThreadPool());
  if (!pool)
    return pool.error();
  int workers = onCpu ? (*pool)->worker_count : 1;
  Result<size_t> bytes = model->workspaceSize(entry, binding.sizes, workers);
  if (!bytes)
    return bytes.error();
  // A device has memory of its own.
  Result<AlignedBuffer> workspace =
      AlignedBuffer::allocate(onCpu ? *bytes : 0, "the workspace");
  if (!workspace)
    return workspace.error();
  auto run = [&]() {
    return model->run(entry, binding.sizes, binding.arguments,
                      workspace->data(), *bytes, pool->get());
  };
  if (!options.benchmark) {
    if (Status status = run(); !status)
      return status.error();
    return std::string();
  }
  Result<RoundTimes> times = timeRounds(*options.benchmark, run);
  if (!times)
    return times.error();
  return writeReport(entry, binding.sizes, *times, loadTime.count(), *bytes,
                     pool->get(), model->device());
}

Result<RunOutcome> perceiver::runModel(const RunOptions &options,
                                       const TensorSet &inputs) {
  Result<Metadata> metadata = readMetadata(options.model);
  if (!metadata)
    return metadata.error();
  Result<const Entry *> entry = metadata->findEntry(options.entry);
  if (!entry)
    return Error{entry.error().message, options.model};
  Result<Binding> binding = bindArguments(**entry, inputs, options.binding);
  if (!binding)
    return binding.error();
  Result<std::string> report = runEntry(options, *metadata, **entry, *binding);
  if (!report)
    return report.error();
  return RunOutcome{std::move(*binding), std::move(*report)};
}
