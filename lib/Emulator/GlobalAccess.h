//===- GlobalAccess.h - Accesses to device memory --------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// As in SharedAccess.h: what happens to nearly all accesses is here, and
/// functions that look at lanes one by one find out what is wrong.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_GLOBALACCESS_H
#define PERCEIVER_LIB_EMULATOR_GLOBALACCESS_H

#include "lib/Emulator/LaneAccess.h"

#include <algorithm>

namespace perceiver::emulator {

/// Return the lanes that may do what they ask for, count and note it, and
/// report whatever is wrong, lane by lane.
uint32_t admitEachGlobal(const LaneRequest &request, bool isWrite);
/// Report lanes that read or write what another block writes, or that read what
/// nobody has written, and note what they do.
void checkOwners(const LaneRequest &request, bool isWrite);
/// Let the warp remember the region of the first lane, if there is one.
void findRegion(const LaneRequest &request);

EMULATOR_INLINE void countBytes(const LaneRequest &request, unsigned sectors,
                                bool isWrite) {
  KernelCounters &counters = request.warp.block->count;
  unsigned bytes = __builtin_popcount(request.lanes) * request.bytes;
  counters.globalSectors += sectors;
  counters.idealSectors += std::min((bytes + 31) / 32, sectors);
  (isWrite ? counters.bytesWritten : counters.bytesRead) += bytes;
}

/// Return the lanes that may read or write.
template <bool isWrite>
EMULATOR_INLINE uint32_t admitGlobal(const LaneRequest &request) {
  Warp &warp = request.warp;
  Block &block = *warp.block;
  const std::vector<Region> &regions = block.context.regions;
  const uint64_t base = request.base();
  const AccessPattern *pattern = findPattern(request);
  auto isInside = [&] {
    if (warp.lastRegion >= regions.size())
      return false;
    const Region &region = regions[warp.lastRegion];
    return pattern->isInside(base, region.begin, region.end) &&
           !(isWrite && region.readOnly);
  };
  if (!pattern)
    return admitEachGlobal(request, isWrite);
  if (!isInside()) {
    findRegion(request);
    if (!isInside())
      return admitEachGlobal(request, isWrite);
  }
  if (!block.checks)
    return request.lanes;
  OwnerMap &owners = block.context.memory.owners();
  const OwnerMap::Access access = {block.context.launch, block.owner,
                                   request.nonCoherent,
                                   block.context.isParallel};
  // They are rarely in a cache: let them come while others are looked at.
  pattern->forEachRun(base,
                      [&](uint64_t address, const AccessPattern::Run &run) {
                        owners.prefetch(address, run.words);
                      });
  bool isGood = true;
  unsigned sectors = 0;
  uint64_t previous = 0;
  pattern->forEachRun(
      base, [&](uint64_t address, const AccessPattern::Run &run) {
        uint64_t first = address >> 5;
        uint64_t last = (address + 4 * run.words - 1) >> 5;
        sectors += last - first + (first != previous);
        previous = last;
        isGood &= isWrite ? owners.noteWrites(address, run.words, access)
                          : owners.noteReads(address, run.words, access);
      });
  countBytes(request, sectors, isWrite);
  if (!isGood)
    checkOwners(request, isWrite);
  return request.lanes;
}

struct GlobalMemory {
  static EMULATOR_INLINE uint32_t admitRead(const LaneRequest &request) {
    return admitGlobal<false>(request);
  }
  template <typename F>
  static EMULATOR_INLINE uint32_t admitWrite(const LaneRequest &request, F) {
    return admitGlobal<true>(request);
  }
  static EMULATOR_INLINE uint8_t *at(const LaneRequest &request,
                                     unsigned lane) {
    return request.warp.block->context.memory.host(request.addresses[lane]);
  }
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_GLOBALACCESS_H
