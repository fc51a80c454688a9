//===- GlobalAccess.cpp - Accesses to device memory -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/GlobalAccess.h"

using namespace perceiver::emulator;

/// Return the region that holds an address, or null.
static const Region *regionOf(const std::vector<Region> &regions,
                              uint64_t address) {
  auto after = std::upper_bound(
      regions.begin(), regions.end(), address,
      [](uint64_t at, const Region &region) { return at < region.begin; });
  if (after == regions.begin() || std::prev(after)->end <= address)
    return nullptr;
  return &*std::prev(after);
}

static std::string globalPlace(const LaneRequest &request, uint64_t address) {
  return nameOf(request.warp.block->context.regions, address);
}

/// Return the lanes that may do what they ask for, one by one.
static uint32_t checkEach(const LaneRequest &request, bool isWrite) {
  const std::vector<Region> &regions = request.warp.block->context.regions;
  uint32_t lanes =
      checkBounds(request, isWrite, globalPlace, "is outside all buffers",
                  [&](uint64_t address) {
                    const Region *region = regionOf(regions, address);
                    return region && region->end - address >= request.bytes;
                  });
  uint32_t readOnly = 0;
  forEachLane(isWrite ? lanes : 0, [&](unsigned lane) {
    if (regionOf(regions, request.addresses[lane])->readOnly)
      readOnly |= 1u << lane;
  });
  reportLanes(request, FindingKind::ReadOnly, readOnly, globalPlace, "-",
              "a write of " + std::to_string(request.bytes) +
                  " bytes goes to a buffer that is only read");
  return lanes & ~readOnly;
}

void perceiver::emulator::findRegion(const LaneRequest &request) {
  const std::vector<Region> &regions = request.warp.block->context.regions;
  if (const Region *region = regionOf(regions, request.base()))
    request.warp.lastRegion = region - regions.data();
}

static unsigned countSectors(const LaneRequest &request) {
  uint64_t sectors[kLanes];
  unsigned count = 0;
  forEachLane(request.lanes, [&](unsigned lane) {
    uint64_t sector = request.addresses[lane] >> 5;
    // Neighbours mostly share one.
    for (unsigned i = count; i-- > 0;)
      if (sectors[i] == sector)
        return;
    sectors[count++] = sector;
  });
  return count;
}

/// Name a block by its number in `BlockOwner`.
static std::string nameBlock(const LaneRequest &request,
                             const uint64_t &number) {
  if (number == BlockOwner::several())
    return "blocks=several";
  uint64_t linear = number - 1;
  const uint32_t *grid = request.warp.block->context.request.grid;
  return "block=" + std::to_string(linear % grid[0]) + "," +
         std::to_string(linear / grid[0] % grid[1]) + "," +
         std::to_string(linear / grid[0] / grid[1]);
}

using Suspects = SuspectLanes<uint64_t>;

/// Look for words that another block has written, or that nobody has.
static void checkOwnersOfRead(const LaneRequest &request) {
  Block &block = *request.warp.block;
  uint64_t launch = block.context.launch, self = block.owner;
  Suspects empty = {FindingKind::Uninitialised,
                    "memory is read that nobody has written", nullptr};
  Suspects foreign = {FindingKind::RaceBlocks,
                      "memory is read that another block of the launch writes",
                      nameBlock};
  Suspects incoherent = {
      FindingKind::NcWritten,
      "a non-coherent load reads memory that the launch writes", nullptr};
  forEachLane(request.lanes, [&](unsigned lane) {
    for (unsigned byte = 0; byte < request.bytes; byte += 4) {
      BlockOwner old = block.context.memory.owners().update(
          request.addresses[lane] + byte, block.context.isParallel,
          [&](BlockOwner owner) {
            owner = owner.in(launch);
            return request.bytes < 4
                       ? owner
                       : owner.withReader(self, request.nonCoherent);
          });
      old = old.in(launch);
      if (!old.isInitialised())
        empty.add(lane, 0);
      if (old.writer() && old.writer() != self)
        foreign.add(lane, old.writer());
      if (old.writer() && request.nonCoherent)
        incoherent.add(lane, 0);
    }
  });
  for (const Suspects *suspects : {&empty, &foreign, &incoherent})
    suspects->report(request, globalPlace);
}

static void checkOwnersOfWrite(const LaneRequest &request) {
  Block &block = *request.warp.block;
  uint64_t launch = block.context.launch, self = block.owner;
  Suspects written = {
      FindingKind::RaceBlocks,
      "memory is written that another block of the launch writes", nameBlock};
  Suspects read = {FindingKind::RaceBlocks,
                   "memory is written that another block of the launch reads",
                   nameBlock};
  Suspects incoherent = {
      FindingKind::NcWritten,
      "memory is written that the launch reads by non-coherent loads", nullptr};
  bool narrow = request.bytes < 4;
  forEachLane(request.lanes, [&](unsigned lane) {
    for (unsigned byte = 0; byte < request.bytes; byte += 4) {
      uint64_t word = (request.addresses[lane] + byte) & ~uint64_t(3);
      BlockOwner old = block.context.memory.owners().update(
          word, block.context.isParallel, [&](BlockOwner owner) {
            owner = owner.in(launch);
            // Two blocks may own parts of a word.
            return narrow ? owner.initialised() : owner.withWriter(self);
          });
      old = old.in(launch);
      if (narrow)
        continue;
      if (old.writer() && old.writer() != self)
        written.add(lane, old.writer());
      if (old.reader() && old.reader() != self)
        read.add(lane, old.reader());
      if (old.isReadNonCoherently())
        incoherent.add(lane, 0);
    }
  });
  for (const Suspects *suspects : {&written, &read, &incoherent})
    suspects->report(request, globalPlace);
}

void perceiver::emulator::checkOwners(const LaneRequest &request,
                                      bool isWrite) {
  if (isWrite)
    checkOwnersOfWrite(request);
  else
    checkOwnersOfRead(request);
}

uint32_t perceiver::emulator::admitEachGlobal(const LaneRequest &request,
                                              bool isWrite) {
  uint32_t lanes = checkEach(request, isWrite);
  if (request.warp.block->checks && lanes) {
    LaneRequest good = request.with(lanes);
    countBytes(good, countSectors(good), isWrite);
    checkOwners(good, isWrite);
  }
  return lanes;
}
