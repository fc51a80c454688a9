//===- SharedAccess.h - Accesses to shared memory --------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What happens to nearly all accesses is here, so that handlers have it in the
/// vectors of their processor: nothing is wrong with words that lie beside each
/// other. The functions that look at lanes one by one find out what is.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_SHAREDACCESS_H
#define PERCEIVER_LIB_EMULATOR_SHAREDACCESS_H

#include "lib/Emulator/LaneAccess.h"

namespace perceiver::emulator {

/// Return the lanes that may do what they ask for, count and note it, and
/// report whatever is wrong, lane by lane. Lanes that write the same word write
/// the same value, if there are words.
uint32_t admitEachSharedRead(const LaneRequest &request);
uint32_t admitEachSharedWrite(const LaneRequest &request,
                              const LaneWords *words);
/// Report races of lanes that are inside, and note what they do.
void checkSharedRead(const LaneRequest &request);
void checkSharedWrite(const LaneRequest &request, const LaneWords *words);

EMULATOR_INLINE SharedShadow::Moment momentOf(const LaneRequest &request) {
  const Warp &warp = request.warp;
  const Block &block = *warp.block;
  return {block.firstEpoch, block.epoch, warp.index, uint16_t(warp.epoch),
          request.operation.line};
}

EMULATOR_INLINE void count(Block &block, const Wavefronts &wavefronts) {
  block.count.sharedWavefronts += wavefronts.needed;
  block.count.idealWavefronts += wavefronts.ideal;
}

/// Return the lanes that may read; those of a good request, or one by one.
EMULATOR_INLINE uint32_t admitSharedRead(const LaneRequest &request) {
  Block &block = *request.warp.block;
  const AccessPattern *pattern = findPattern(request);
  if (!pattern || !pattern->isInside(request.base(), 0, block.shared.size()))
    return admitEachSharedRead(request);
  if (!block.checks)
    return request.lanes;
  count(block, pattern->wavefronts());
  SharedShadow::Moment now = momentOf(request);
  bool isGood = true;
  pattern->forEachRun(
      request.base(), [&](uint64_t offset, const AccessPattern::Run &run) {
        isGood &= block.sharedWords.noteReads(offset / 4, run.words, now);
      });
  if (!isGood)
    checkSharedRead(request);
  return request.lanes;
}

/// Return the lanes that may write what `values()` points to, if that is not
/// null. They may have done so.
template <typename F>
EMULATOR_INLINE uint32_t admitSharedWrite(const LaneRequest &request,
                                          F values) {
  Block &block = *request.warp.block;
  const AccessPattern *pattern = findPattern(request);
  if (!pattern || !pattern->isInside(request.base(), 0, block.shared.size()))
    return admitEachSharedWrite(request, values());
  if (!block.checks)
    return request.lanes;
  count(block, pattern->wavefronts());
  SharedShadow::Moment now = momentOf(request);
  bool isGood = pattern->isDistinct();
  pattern->forEachRun(
      request.base(), [&](uint64_t offset, const AccessPattern::Run &run) {
        isGood &= block.sharedWords.areQuiet(offset / 4, run.words, now);
      });
  if (!isGood) {
    checkSharedWrite(request, values());
    return request.lanes;
  }
  pattern->forEachRun(
      request.base(), [&](uint64_t offset, const AccessPattern::Run &run) {
        block.sharedWords.noteWrites(offset / 4, run.words, now, run.lane,
                                     request.bytes / 4);
      });
  return request.lanes;
}

struct SharedMemory {
  static EMULATOR_INLINE uint32_t admitRead(const LaneRequest &request) {
    return admitSharedRead(request);
  }
  template <typename F>
  static EMULATOR_INLINE uint32_t admitWrite(const LaneRequest &request,
                                             F values) {
    return admitSharedWrite(request, values);
  }
  static EMULATOR_INLINE uint8_t *at(const LaneRequest &request,
                                     unsigned lane) {
    return request.warp.block->shared.data() + request.addresses[lane];
  }
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_SHAREDACCESS_H
