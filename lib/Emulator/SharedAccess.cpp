//===- SharedAccess.cpp - Accesses to shared memory -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/LaneAccess.h"

using namespace perceiver::emulator;

std::string perceiver::emulator::sharedName(uint64_t offset) {
  return "shared+" + std::to_string(offset);
}

static std::string sharedPlace(const LaneRequest &, uint64_t offset) {
  return sharedName(offset);
}

uint32_t perceiver::emulator::checkSharedBounds(const LaneRequest &request,
                                                bool isWrite) {
  uint64_t size = request.warp.block->shared.size();
  AddressRange range = rangeOf(request.addresses, request.lanes);
  if (range.high < size && size - range.high >= request.bytes &&
      !(range.bits & (request.bytes - 1)))
    return request.lanes;
  return checkBounds(request, isWrite, sharedPlace,
                     "is outside the block's " + std::to_string(size) +
                         " bytes of shared memory",
                     [&](uint64_t offset) {
                       return offset < size && size - offset >= request.bytes;
                     });
}

void perceiver::emulator::countWavefronts(const LaneRequest &request) {
  // Lanes are served in groups that move 128 bytes at most. Addresses are
  // aligned, so the words of one lane lie in banks of their own.
  unsigned bytes = request.bytes < 4 ? 4 : request.bytes;
  unsigned shift = __builtin_ctz(bytes), banks = 128 / bytes;
  KernelCounters &counters = request.warp.block->count;
  for (unsigned first = 0; first < kLanes; first += banks) {
    uint32_t lanes = request.lanes >> first & (UINT32_MAX >> (32 - banks));
    if (!lanes)
      continue;
    // What each bank has been asked for; lanes that want the same share it.
    uint32_t seen[32][32];
    uint8_t counts[32] = {};
    unsigned most = 1, distinct = 0;
    uint32_t last = UINT32_MAX;
    forEachLane(lanes, [&](unsigned lane) {
      uint32_t unit = request.addresses[first + lane] >> shift;
      if (unit == last)
        return;
      last = unit;
      unsigned bank = unit & (banks - 1), count = counts[bank];
      for (unsigned i = 0; i < count; ++i)
        if (seen[bank][i] == unit)
          return;
      seen[bank][count] = unit;
      counts[bank] = count + 1;
      ++distinct;
      most = count + 1 > most ? count + 1 : most;
    });
    counters.sharedWavefronts += most;
    counters.idealWavefronts += (distinct * bytes + 127) / 128;
  }
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
  Block &block = *warp.block;
  const uint32_t epoch = block.epoch, first = block.firstEpoch;
  const uint16_t warpEpoch = warp.epoch;
  const uint32_t self = 1u << warp.index;
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
  // Not inline: it hardly ever happens.
  auto suspect = [&](unsigned lane,
                     const SharedWord &word) __attribute__((noinline)) {
    if (word.writeEpoch == SharedWord::kPending)
      pending.add(lane, word);
    else if (word.writeEpoch < first)
      empty.add(lane, word);
    else if (word.narrow || request.bytes < 4)
      return;
    else if (word.warp != warp.index)
      foreign.add(lane, word);
    else if (word.warpEpoch == warpEpoch && word.lane != lane)
      unordered.add(lane, word);
  };
  // Lanes that read what the one before them reads, and is in order, are too.
  uint64_t last = UINT64_MAX;
  forEachLane(request.lanes, [&](unsigned lane) {
    uint64_t offset = request.addresses[lane];
    if (offset == last)
      return;
    last = offset;
    SharedWord *word = &block.sharedWords[offset / 4];
    for (unsigned byte = 0; byte < request.bytes; byte += 4, ++word) {
      // Written by this block before the last barrier: nothing can be wrong.
      if (word->writeEpoch - first >= epoch - first) {
        suspect(lane, *word);
        last = UINT64_MAX;
      }
      if (word->readEpoch == epoch && word->readers & self)
        continue;
      if (word->readEpoch != epoch)
        word->readers = 0;
      word->readEpoch = epoch;
      word->readers |= self;
      word->readLine = request.operation.line;
    }
  });
  for (const Suspects *suspects : {&empty, &pending, &foreign, &unordered})
    suspects->report(request, sharedPlace);
}

void perceiver::emulator::checkSharedWrite(const LaneRequest &request,
                                           const LaneWords *words) {
  const Warp &warp = request.warp;
  Block &block = *warp.block;
  const uint32_t epoch = block.epoch;
  const uint16_t warpEpoch = warp.epoch;
  const uint32_t self = 1u << warp.index;
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
    SharedWord *word = &block.sharedWords[offset / 4];
    for (unsigned i = 0; 4 * i < request.bytes; ++i, ++word) {
      if (word->writeEpoch == SharedWord::kPending)
        pending.add(lane, *word);
      else if (word->writeEpoch == epoch && !word->narrow && !narrow) {
        if (word->warp != warp.index)
          written.add(lane, *word);
        // Lanes may write the same value.
        else if (word->warpEpoch == warpEpoch && word->lane != lane &&
                 (!words ||
                  memcmp(&(*words)[i][lane], &block.shared[offset + 4 * i], 4)))
          unordered.add(lane, *word);
      }
      if (word->readEpoch == epoch && (word->readers & ~self) && !narrow)
        read.add(lane, *word);
      word->writeEpoch = epoch;
      word->warpEpoch = warpEpoch;
      word->warp = warp.index;
      word->lane = lane;
      word->narrow = narrow;
      word->writeLine = request.operation.line;
      if (words && !narrow)
        memcpy(&block.shared[offset + 4 * i], &(*words)[i][lane], 4);
    }
  });
  for (const Suspects *suspects : {&pending, &written, &read, &unordered})
    suspects->report(request, sharedPlace);
}

void perceiver::emulator::loadShared(const LaneRequest &request,
                                     LaneWords &words) {
  Block &block = *request.warp.block;
  LaneRequest inside = {request.warp, request.operation, request.addresses,
                        checkSharedBounds(request, false), request.bytes};
  if (block.checks && inside.lanes) {
    countWavefronts(inside);
    checkSharedRead(inside);
  }
  const uint8_t *memory = block.shared.data();
  gatherLanes(inside.lanes, request.bytes, words,
              [&](unsigned lane) { return memory + request.addresses[lane]; });
}

void perceiver::emulator::storeShared(const LaneRequest &request,
                                      const LaneWords &words) {
  Block &block = *request.warp.block;
  uint32_t lanes = checkSharedBounds(request, true);
  if (!lanes)
    return;
  if (block.checks) {
    LaneRequest inside = {request.warp, request.operation, request.addresses,
                          lanes, request.bytes};
    countWavefronts(inside);
    checkSharedWrite(inside, &words);
    if (request.bytes >= 4)
      return;
  }
  uint8_t *memory = block.shared.data();
  scatterLanes(lanes, request.bytes, words,
               [&](unsigned lane) { return memory + request.addresses[lane]; });
}
