//===- TaskReport.cpp - Tasks, and how many threads they keep busy --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/LoaderTaskReportTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/TaskReport.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

using namespace perceiver;

std::vector<PhaseWork> perceiver::findWork(const Entry &entry,
                                           const std::vector<int64_t> &sizes) {
  auto evaluate = [&](const SizeExpression &figure) {
    return figure.isEmpty() ? std::nullopt : figure.evaluate(sizes);
  };
  std::vector<PhaseWork> phases;
  for (const Phase &phase : entry.phases) {
    std::optional<double> tasks = evaluate(phase.tasks),
                          times = evaluate(phase.times),
                          flop = evaluate(phase.flop);
    PhaseWork work;
    work.name = phase.name;
    work.isKnown = tasks && times && flop;
    if (work.isKnown) {
      double all = *tasks * *times;
      work.times = *times;
      work.tasks = *tasks;
      work.flopOfTask = all > 0 ? *flop / all : 0;
    }
    phases.push_back(std::move(work));
  }
  return phases;
}

double perceiver::findBestSpeedup(const std::vector<PhaseWork> &phases,
                                  int64_t threads) {
  double work = 0, time = 0;
  for (const PhaseWork &phase : phases) {
    double rounds = std::ceil(phase.tasks / static_cast<double>(threads));
    work += phase.times * phase.tasks * phase.flopOfTask;
    time += phase.times * rounds * phase.flopOfTask;
  }
  return time > 0 ? work / time : 1;
}

/// Return the sizes of `entry`, in order: the least, but for those named.
static Result<std::vector<int64_t>> chooseSizes(const Entry &entry,
                                                const SizeValues &named) {
  std::vector<int64_t> sizes;
  for (const NamedSize &size : entry.sizes) {
    sizes.push_back(size.min);
    for (const auto &[name, value] : named) {
      if (name != size.name)
        continue;
      if (value < size.min || value > size.max)
        return Error{"the size " + name + " of entry '" + entry.name +
                     "' cannot be " + std::to_string(value)};
      sizes.back() = value;
    }
  }
  return sizes;
}

static std::string format(const char *pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof(text), pattern, value);
  return text;
}

/// Return what stands right of the name of `phase`.
static std::string describeFigures(const PhaseWork &phase) {
  if (!phase.isKnown)
    return "       ?        ?                ?          ?";
  std::string text =
      format("%8.0f", phase.times) + format("%9.0f", phase.tasks);
  double flop = phase.tasks * phase.flopOfTask;
  if (flop <= 0)
    return text + "                -          -";
  return text + format("%17.3f", phase.flopOfTask / 1e6) +
         format("%11.1f", flop / 1e6);
}

static std::string describeTasks(const Entry &entry,
                                 const std::vector<int64_t> &sizes) {
  std::string text = "entry " + entry.name;
  for (size_t i = 0; i < sizes.size(); ++i)
    text += (i == 0 ? " at " : ", ") + entry.sizes[i].name + " = " +
            std::to_string(sizes[i]);
  text += "\n";
  std::vector<PhaseWork> phases = findWork(entry, sizes);
  size_t width = 5;
  for (const PhaseWork &phase : phases)
    width = std::max(width, phase.name.size());
  text += "  phase" + std::string(width - 5, ' ') +
          "   times    tasks  MFLOP of a task      MFLOP\n";
  for (const PhaseWork &phase : phases)
    text += "  " + phase.name + std::string(width - phase.name.size(), ' ') +
            describeFigures(phase) + "\n";
  if (!std::all_of(phases.begin(), phases.end(),
                   [](const PhaseWork &phase) { return phase.isKnown; }))
    return text + "  best possible speed-up: not known, as a phase is not\n";
  text += "  best possible speed-up:";
  constexpr std::array<int64_t, 3> kThreads = {2, 16, 64};
  for (int64_t threads : kThreads)
    text += (threads == kThreads.front() ? " " : ", ") +
            format("%.1f", findBestSpeedup(phases, threads)) + " on " +
            std::to_string(threads) + " threads";
  return text + "\n";
}

Result<std::string> perceiver::describeTasks(const Metadata &metadata,
                                             const SizeValues &named) {
  for (const auto &[name, value] : named) {
    auto has = [&, &wanted = name](const Entry &entry) {
      return std::any_of(
          entry.sizes.begin(), entry.sizes.end(),
          [&](const NamedSize &size) { return size.name == wanted; });
    };
    if (std::none_of(metadata.entries.begin(), metadata.entries.end(), has))
      return Error{"no entry has a size " + name};
  }
  std::string text;
  for (const Entry &entry : metadata.entries) {
    Result<std::vector<int64_t>> sizes = chooseSizes(entry, named);
    if (!sizes)
      return sizes.error();
    text += ::describeTasks(entry, *sizes);
  }
  return text;
}
