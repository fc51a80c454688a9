//===- AccessPattern.cpp - Where lanes are beside each other --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/AccessPattern.h"

#include <algorithm>

using namespace perceiver::emulator;

Wavefronts perceiver::emulator::countWavefronts(const LaneAddresses &addresses,
                                                uint32_t lanes,
                                                unsigned bytes) {
  // Lanes are served in groups that move 128 bytes at most. Addresses are
  // aligned, so the words of one lane lie in banks of their own.
  bytes = std::max(bytes, 4u);
  unsigned shift = __builtin_ctz(bytes), banks = 128 / bytes;
  Wavefronts result;
  for (unsigned first = 0; first < kLanes; first += banks) {
    uint32_t group = lanes >> first & (UINT32_MAX >> (32 - banks));
    if (!group)
      continue;
    // What each bank has been asked for; lanes that want the same share it.
    uint32_t seen[32][32];
    uint8_t counts[32] = {};
    unsigned most = 1, distinct = 0;
    forEachLane(group, [&](unsigned lane) {
      uint32_t unit = addresses[first + lane] >> shift;
      unsigned bank = unit & (banks - 1), count = counts[bank];
      for (unsigned i = 0; i < count; ++i)
        if (seen[bank][i] == unit)
          return;
      seen[bank][count] = unit;
      counts[bank] = count + 1;
      ++distinct;
      most = std::max(most, count + 1);
    });
    result.needed += most;
    result.ideal += (distinct * bytes + 127) / 128;
  }
  return result;
}

bool AccessPattern::learn(const LaneAddresses &addresses, uint32_t lanes,
                          unsigned bytes) {
  this->lanes = 0;
  this->bytes = bytes;
  uint64_t base = addresses[__builtin_ctz(lanes)];
  int64_t lowest = 0, highest = 0;
  bits = 0;
  runCount = 0;
  distinct = true;
  unsigned last = kLanes;
  bool isFar = false;
  forEachLane(lanes, [&](unsigned lane) {
    int64_t offset = int64_t(addresses[lane] - base);
    isFar |= offset != int32_t(offset);
    lowest = std::min(lowest, offset);
    highest = std::max(highest, offset);
    bits |= uint64_t(offset);
    offsets[lane] = int32_t(offset);
    // Wherever it matters offsets are multiples of `bytes`.
    bool seen = std::any_of(runs, runs + runCount, [&](const Run &run) {
      return offset >= run.offset && offset < run.offset + 4 * run.words;
    });
    if (seen) {
      distinct = false;
      return;
    }
    Run *before = runCount ? &runs[runCount - 1] : nullptr;
    if (before && last + 1 == lane &&
        offset == before->offset + 4 * before->words)
      before->words += bytes / 4;
    else
      runs[runCount++] = {int32_t(offset), uint16_t(bytes / 4), uint8_t(lane)};
    last = lane;
  });
  if (isFar)
    return false;
  std::sort(runs, runs + runCount,
            [](const Run &a, const Run &b) { return a.offset < b.offset; });
  below = uint64_t(-lowest);
  above = uint64_t(highest) + bytes;
  inBanks = countWavefronts(addresses, lanes, bytes);
  this->lanes = lanes;
  return true;
}
