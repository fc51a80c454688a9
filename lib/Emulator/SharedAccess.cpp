//===- SharedAccess.cpp - Accesses to shared memory -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/SharedAccess.h"

using namespace perceiver::emulator;

static std::string sharedPlace(const LaneRequest &, uint64_t offset) {
  return "shared+" + std::to_string(offset);
}

static uint32_t checkSharedBounds(const LaneRequest &request, bool isWrite) {
  uint64_t size = request.warp.block->shared.size();
  return checkBounds(request, isWrite, sharedPlace,
                     "is outside the block's " + std::to_string(size) +
                         " bytes of shared memory",
                     [&](uint64_t offset) {
                       return offset < size && size - offset >= request.bytes;
                     });
}

static std::string nameWriter(const LaneRequest &, const SharedWord &word) {
  return "warp=" + std::to_string(word.warp) +
         ",lane=" + std::to_string(word.lane) +
         ",line=" + std::to_string(word.writeLine);
}

static std::string nameReader(const LaneRequest &request,
                              const SharedWord &word) {
  uint32_t others = word.readers & ~(1u << request.warp.index);
  return "warp=" + std::to_string(__builtin_ctz(others)) +
         ",line=" + std::to_string(word.readLine);
}

using Suspects = SuspectLanes<SharedWord>;

void perceiver::emulator::checkSharedRead(const LaneRequest &request) {
  const Warp &warp = request.warp;
  SharedShadow &words = warp.block->sharedWords;
  const SharedShadow::Moment now = momentOf(request);
  Suspects empty = {FindingKind::Uninitialised,
                    "shared memory is read that the block has not written",
                    nullptr};
  Suspects pending = {FindingKind::PendingCopy,
                      "shared memory is read that a copy under way writes",
                      nameWriter};
  Suspects foreign = {FindingKind::RaceShared,
                      "shared memory is read that another warp has written "
                      "since the last barrier",
                      nameWriter};
  Suspects unordered = {FindingKind::RaceLanes,
                        "shared memory is read that another lane has written "
                        "since the warp was last synchronised",
                        nameWriter};
  auto look = [&](unsigned lane, const SharedWord &word) {
    if (word.writeEpoch == SharedShadow::kPending)
      pending.add(lane, word);
    else if (word.writeEpoch < now.firstEpoch)
      empty.add(lane, word);
    else if (word.writeEpoch < now.epoch || word.narrow || request.bytes < 4)
      return;
    else if (word.warp != warp.index)
      foreign.add(lane, word);
    else if (word.warpEpoch == now.warpEpoch && word.lane != lane)
      unordered.add(lane, word);
  };
  forEachLane(request.lanes, [&](unsigned lane) {
    for (unsigned byte = 0; byte < request.bytes; byte += 4) {
      size_t word = (request.addresses[lane] + byte) / 4;
      look(lane, words.at(word));
      words.noteRead(word, now);
    }
  });
  for (const Suspects *suspects : {&empty, &pending, &foreign, &unordered})
    suspects->report(request, sharedPlace);
}

void perceiver::emulator::checkSharedWrite(const LaneRequest &request,
                                           const LaneWords *values) {
  const Warp &warp = request.warp;
  Block &block = *warp.block;
  const SharedShadow::Moment now = momentOf(request);
  bool narrow = request.bytes < 4;
  Suspects pending = {FindingKind::PendingCopy,
                      "shared memory is written that a copy under way writes",
                      nameWriter};
  Suspects written = {FindingKind::RaceShared,
                      "shared memory is written that another warp has written "
                      "since the last barrier",
                      nameWriter};
  Suspects read = {FindingKind::RaceShared,
                   "shared memory is written that another warp has read since "
                   "the last barrier",
                   nameReader};
  Suspects unordered = {FindingKind::RaceLanes,
                        "shared memory is written that another lane has "
                        "written since the warp was last synchronised",
                        nameWriter};
  forEachLane(request.lanes, [&](unsigned lane) {
    uint64_t offset = request.addresses[lane];
    for (unsigned i = 0; 4 * i < request.bytes; ++i) {
      size_t number = offset / 4 + i;
      uint8_t *memory = &block.shared[offset + 4 * i];
      SharedWord word = block.sharedWords.at(number);
      // Lanes may write the same value.
      bool isSame =
          values && !narrow && !memcmp(&(*values)[i][lane], memory, 4);
      if (word.writeEpoch == SharedShadow::kPending)
        pending.add(lane, word);
      else if (word.writeEpoch == now.epoch && !word.narrow && !narrow) {
        if (word.warp != warp.index)
          written.add(lane, word);
        else if (word.warpEpoch == now.warpEpoch && word.lane != lane &&
                 !isSame)
          unordered.add(lane, word);
      }
      if (word.readEpoch == now.epoch && (word.readers & ~now.self()) &&
          !narrow)
        read.add(lane, word);
      block.sharedWords.noteWrite(number, now, lane, narrow);
      if (values && !narrow)
        memcpy(memory, &(*values)[i][lane], 4);
    }
  });
  for (const Suspects *suspects : {&pending, &written, &read, &unordered})
    suspects->report(request, sharedPlace);
}

uint32_t perceiver::emulator::admitEachSharedRead(const LaneRequest &request) {
  uint32_t lanes = checkSharedBounds(request, false);
  Block &block = *request.warp.block;
  if (block.checks && lanes) {
    count(block, countWavefronts(request.addresses, lanes, request.bytes));
    checkSharedRead(request.with(lanes));
  }
  return lanes;
}

uint32_t perceiver::emulator::admitEachSharedWrite(const LaneRequest &request,
                                                   const LaneWords *words) {
  uint32_t lanes = checkSharedBounds(request, true);
  Block &block = *request.warp.block;
  if (block.checks && lanes) {
    count(block, countWavefronts(request.addresses, lanes, request.bytes));
    checkSharedWrite(request.with(lanes), words);
  }
  return lanes;
}
