//===- GlobalAccess.cpp - Accesses to device memory -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/BlockOwner.h"
#include "lib/Emulator/LaneAccess.h"

#include <algorithm>

using namespace perceiver::emulator;

/// Return the region that holds an address, or null.
static const Region *findRegion(const std::vector<Region> &regions,
                                uint64_t address) {
  auto after = std::upper_bound(
      regions.begin(), regions.end(), address,
      [](uint64_t at, const Region &region) { return at < region.begin; });
  if (after == regions.begin() || std::prev(after)->end <= address)
    return nullptr;
  return &*std::prev(after);
}

static std::string blockName(const Block &block, uint64_t number) {
  if (number == BlockOwner::several())
    return "blocks=several";
  uint64_t linear = number - 1;
  const uint32_t *grid = block.context.request.grid;
  return "block=" + std::to_string(linear % grid[0]) + "," +
         std::to_string(linear / grid[0] % grid[1]) + "," +
         std::to_string(linear / grid[0] / grid[1]);
}

static void reportLane(const LaneRequest &request, FindingKind kind,
                       uint32_t lanes, std::string other,
                       const std::string &sentence) {
  Block &block = *request.warp.block;
  uint64_t address = request.addresses[__builtin_ctz(lanes)];
  block.report(kind, request.warp, request.operation, lanes,
               nameOf(block.context.regions, address), std::move(other),
               sentence);
}

/// Return the lanes that may do what they ask for, one by one.
static uint32_t checkEach(const LaneRequest &request, bool isWrite) {
  Block &block = *request.warp.block;
  uint32_t outside = 0, misaligned = 0, readOnly = 0;
  forEachLane(request.lanes, [&](unsigned lane) {
    uint64_t address = request.addresses[lane];
    const Region *region = findRegion(block.context.regions, address);
    if (!region || region->end - address < request.bytes)
      outside |= 1u << lane;
    else if (address & (request.bytes - 1))
      misaligned |= 1u << lane;
    else if (isWrite && region->readOnly)
      readOnly |= 1u << lane;
  });
  std::string access = (isWrite ? "a write of " : "a read of ") +
                       std::to_string(request.bytes) + " bytes";
  if (outside)
    reportLane(request, FindingKind::OutOfBounds, outside, "-",
               access + " is outside all buffers");
  if (misaligned)
    reportLane(request, FindingKind::Misaligned, misaligned, "-",
               access + " is not aligned to as many");
  if (readOnly)
    reportLane(request, FindingKind::ReadOnly, readOnly, "-",
               access + " goes to a buffer that is only read");
  return request.lanes & ~(outside | misaligned | readOnly);
}

static void countSectors(const LaneRequest &request, uint32_t lanes) {
  uint64_t sectors[2 * kLanes];
  unsigned count = 0;
  forEachLane(lanes, [&](unsigned lane) {
    uint64_t sector = request.addresses[lane] >> 5;
    // Neighbours mostly share one.
    for (unsigned i = count; i-- > 0;)
      if (sectors[i] == sector)
        return;
    sectors[count++] = sector;
  });
  unsigned bytes = __builtin_popcount(lanes) * request.bytes;
  KernelCounters &counters = request.warp.block->count;
  counters.globalSectors += count;
  counters.idealSectors += std::min((bytes + 31) / 32, count);
}

/// Replace a word's owner by what `change` makes of it.
template <typename F>
static EMULATOR_INLINE BlockOwner updateOwner(std::atomic<uint64_t> *entry,
                                              bool isParallel, F change) {
  uint64_t bits = entry->load(std::memory_order_relaxed);
  while (true) {
    uint64_t changed = change(BlockOwner(bits)).raw();
    if (changed == bits)
      return BlockOwner(bits);
    if (!isParallel) {
      entry->store(changed, std::memory_order_relaxed);
      return BlockOwner(bits);
    }
    if (entry->compare_exchange_weak(bits, changed, std::memory_order_relaxed))
      return BlockOwner(bits);
  }
}

/// Look for words that another block has written, or that nobody has.
static void checkOwnersOfRead(const LaneRequest &request, uint32_t lanes) {
  Block &block = *request.warp.block;
  uint64_t launch = block.context.launch, self = block.owner;
  uint32_t empty = 0, foreign = 0, incoherent = 0;
  uint64_t other = 0;
  forEachLane(lanes, [&](unsigned lane) {
    for (unsigned byte = 0; byte < request.bytes; byte += 4) {
      BlockOwner old = updateOwner(
          block.context.memory.owner(request.addresses[lane] + byte),
          block.context.isParallel, [&](BlockOwner owner) {
            owner = owner.in(launch);
            return request.bytes < 4
                       ? owner
                       : owner.withReader(self, request.nonCoherent);
          });
      old = old.in(launch);
      empty |= uint32_t(!old.isInitialised()) << lane;
      if (old.writer() && old.writer() != self) {
        foreign |= 1u << lane;
        other = old.writer();
      }
      if (old.writer() && request.nonCoherent)
        incoherent |= 1u << lane;
    }
  });
  if (empty)
    reportLane(request, FindingKind::Uninitialised, empty, "-",
               "memory is read that nobody has written");
  if (foreign)
    reportLane(request, FindingKind::RaceBlocks, foreign,
               blockName(block, other),
               "memory is read that another block of the launch writes");
  if (incoherent)
    reportLane(request, FindingKind::NcWritten, incoherent, "-",
               "a non-coherent load reads memory that the launch writes");
}

static void checkOwnersOfWrite(const LaneRequest &request, uint32_t lanes) {
  Block &block = *request.warp.block;
  uint64_t launch = block.context.launch, self = block.owner;
  uint32_t written = 0, read = 0, incoherent = 0;
  uint64_t other = 0;
  bool narrow = request.bytes < 4;
  forEachLane(lanes, [&](unsigned lane) {
    for (unsigned byte = 0; byte < request.bytes; byte += 4) {
      uint64_t word = (request.addresses[lane] + byte) & ~uint64_t(3);
      BlockOwner old = updateOwner(
          block.context.memory.owner(word), block.context.isParallel,
          [&](BlockOwner owner) {
            owner = owner.in(launch);
            // Two blocks may own parts of a word.
            return narrow ? owner.initialised() : owner.withWriter(self);
          });
      old = old.in(launch);
      if (narrow)
        continue;
      if (old.writer() && old.writer() != self) {
        written |= 1u << lane;
        other = old.writer();
      }
      if (old.reader() && old.reader() != self) {
        read |= 1u << lane;
        other = old.reader();
      }
      if (old.isReadNonCoherently())
        incoherent |= 1u << lane;
    }
  });
  if (written)
    reportLane(request, FindingKind::RaceBlocks, written,
               blockName(block, other),
               "memory is written that another block of the launch writes");
  if (read)
    reportLane(request, FindingKind::RaceBlocks, read, blockName(block, other),
               "memory is written that another block of the launch reads");
  if (incoherent)
    reportLane(request, FindingKind::NcWritten, incoherent, "-",
               "memory is written that the launch reads by non-coherent loads");
}

uint32_t perceiver::emulator::checkGlobal(const LaneRequest &request,
                                          bool isWrite) {
  Warp &warp = request.warp;
  Block &block = *warp.block;
  const std::vector<Region> &regions = block.context.regions;
  AddressRange range = rangeOf(request.addresses, request.lanes);
  uint32_t lanes = request.lanes;
  if (warp.lastRegion >= regions.size() ||
      range.low < regions[warp.lastRegion].begin ||
      range.low >= regions[warp.lastRegion].end)
    if (const Region *region = findRegion(regions, range.low))
      warp.lastRegion = region - regions.data();
  bool good = warp.lastRegion < regions.size();
  if (good) {
    const Region &region = regions[warp.lastRegion];
    good = range.low >= region.begin && range.high < region.end &&
           region.end - range.high >= request.bytes &&
           !(range.bits & (request.bytes - 1)) && !(isWrite && region.readOnly);
  }
  if (!good)
    lanes = checkEach(request, isWrite);
  if (!block.checks || !lanes)
    return lanes;
  countSectors(request, lanes);
  uint64_t bytes = uint64_t(__builtin_popcount(lanes)) * request.bytes;
  if (isWrite) {
    block.count.bytesWritten += bytes;
    checkOwnersOfWrite(request, lanes);
  } else {
    block.count.bytesRead += bytes;
    checkOwnersOfRead(request, lanes);
  }
  return lanes;
}

void perceiver::emulator::loadGlobal(const LaneRequest &request,
                                     LaneWords &words) {
  const DeviceMemory &memory = request.warp.block->context.memory;
  uint32_t lanes = checkGlobal(request, false);
  gatherLanes(lanes, request.bytes, words, [&](unsigned lane) {
    return memory.host(request.addresses[lane]);
  });
}

void perceiver::emulator::storeGlobal(const LaneRequest &request,
                                      const LaneWords &words) {
  const DeviceMemory &memory = request.warp.block->context.memory;
  uint32_t lanes = checkGlobal(request, true);
  scatterLanes(lanes, request.bytes, words, [&](unsigned lane) {
    return memory.host(request.addresses[lane]);
  });
}
