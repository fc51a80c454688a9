//===- TaskReport.h - Tasks, and how many threads they keep busy *- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_TASKREPORT_H
#define PERCEIVER_LIB_LOADER_TASKREPORT_H

#include "lib/Loader/Binding.h"
#include "lib/Loader/Metadata.h"

namespace perceiver {

/// What a phase takes at certain sizes.
struct PhaseWork {
  std::string name;
  double times = 0;
  /// Of one execution; in FLOPs, 0 where no matrices are multiplied.
  double tasks = 0;
  double flopOfTask = 0;
  /// Where it depends on more than sizes, as on a mask, only the name is known.
  bool isKnown = true;
};

/// Return the phases of `entry` at `sizes`.
std::vector<PhaseWork> findWork(const Entry &entry,
                                const std::vector<int64_t> &sizes);

/// Return the work of all phases over the time that they take on `threads`
/// threads, if a FLOP always takes the same time, all tasks of a phase are
/// equal, each thread takes the next one when it is done, and a phase begins
/// when the one before has ended. No order of tasks is faster. 1 without work.
double findBestSpeedup(const std::vector<PhaseWork> &phases, int64_t threads);

/// Return a table of the phases of each entry that has the sizes named: their
/// tasks and FLOPs, and the best possible speed-up on 2, 16 and 64 threads.
/// Sizes that are not named are the least that they can be. Fails if a size is
/// none of any entry, or out of its range.
Result<std::string> describeTasks(const Metadata &metadata,
                                  const SizeValues &sizes);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_TASKREPORT_H
