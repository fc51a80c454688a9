//===- LaneAccess.h - Accesses to memory by the lanes of a warp -*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Each function moves up to 16 bytes for each lane, as words. What the checks
/// refuse is not done: a read gives ones, a write nothing.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_LANEACCESS_H
#define PERCEIVER_LIB_EMULATOR_LANEACCESS_H

#include "lib/Emulator/Block.h"
#include "lib/Emulator/Vectors.h"

namespace perceiver::emulator {

/// What a load gives, word by word: unwritten lanes are poison.
using LaneWords = uint32_t[4][kLanes];

/// What the lanes of a warp ask of memory.
struct LaneRequest {
  Warp &warp;
  const Operation &operation;
  const LaneAddresses &addresses;
  /// Who asks.
  uint32_t lanes;
  /// Of each lane, and aligned to as many: a power of two up to 16.
  unsigned bytes;
  /// Which of the addresses that the operation has.
  enum Which : uint8_t { First, Second } which = First;
  bool nonCoherent = false;

  uint64_t base() const { return addresses[__builtin_ctz(lanes)]; }
  LaneRequest with(uint32_t other) const {
    return {warp, operation, addresses, other, bytes, which, nonCoherent};
  }
};

/// Compute the addresses of an operation whose base is in `slot`.
EMULATOR_INLINE void computeAddresses(Warp &warp, const Operation &operation,
                                      unsigned slot, LaneAddresses &addresses) {
  if (operation.access.isWide) {
    const uint64_t *base = warp.slot<uint64_t>(slot);
    for (unsigned lane = 0; lane < kLanes; ++lane)
      addresses[lane] = base[lane] + uint64_t(operation.immediate);
    return;
  }
  const uint32_t *base = warp.slot<uint32_t>(slot);
  for (unsigned lane = 0; lane < kLanes; ++lane)
    addresses[lane] = uint32_t(base[lane] + uint32_t(operation.immediate));
}

/// Return the pattern of a request of whole words, or null.
EMULATOR_INLINE const AccessPattern *findPattern(const LaneRequest &request) {
  if (request.bytes < 4)
    return nullptr;
  AccessPattern &pattern =
      request.warp.block->patterns[request.operation.patterns[request.which]];
  if (pattern.matches(request.addresses, request.lanes, request.base(),
                      request.bytes) ||
      pattern.learn(request.addresses, request.lanes, request.bytes))
    return &pattern;
  return nullptr;
}

/// Names an address of a request in findings.
using PlaceName = std::string (*)(const LaneRequest &request, uint64_t address);

/// Report lanes of a request, at the address of the first.
void reportLanes(const LaneRequest &request, FindingKind kind, uint32_t lanes,
                 PlaceName place, std::string other, std::string sentence);

/// Lanes that do the same thing wrong to what another party did.
template <typename Party>
struct SuspectLanes {
  FindingKind kind;
  const char *sentence;
  /// Null if it is nobody's.
  std::string (*nameParty)(const LaneRequest &request, const Party &party);
  uint32_t lanes = 0;
  /// That of the first lane.
  Party party{};

  void add(unsigned lane, const Party &with) {
    if (!lanes)
      party = with;
    lanes |= 1u << lane;
  }
  void report(const LaneRequest &request, PlaceName place) const {
    if (lanes)
      reportLanes(request, kind, lanes, place,
                  nameParty ? nameParty(request, party) : "-", sentence);
  }
};

/// Return the lanes whose accesses are inside, as `contains` says of an
/// address, and aligned, and report the others.
template <typename F>
uint32_t checkBounds(const LaneRequest &request, bool isWrite, PlaceName place,
                     const std::string &outsideOf, F contains) {
  uint32_t outside = 0, misaligned = 0;
  forEachLane(request.lanes, [&](unsigned lane) {
    uint64_t address = request.addresses[lane];
    if (!contains(address))
      outside |= 1u << lane;
    else if (address & (request.bytes - 1))
      misaligned |= 1u << lane;
  });
  std::string access = (isWrite ? "a write of " : "a read of ") +
                       std::to_string(request.bytes) + " bytes ";
  reportLanes(request, FindingKind::OutOfBounds, outside, place, "-",
              access + outsideOf);
  reportLanes(request, FindingKind::Misaligned, misaligned, place, "-",
              access + "is not aligned to as many");
  return request.lanes & ~(outside | misaligned);
}

/// Copy between memory at `source(lane)` and words.
template <typename F>
EMULATOR_INLINE void gatherLanes(uint32_t lanes, unsigned bytes,
                                 LaneWords &words, F source) {
  if (bytes < 4) {
    forEachLane(lanes, [&](unsigned lane) {
      uint32_t value = 0;
      memcpy(&value, source(lane), bytes == 1 ? 1 : 2);
      words[0][lane] = value;
    });
    return;
  }
  unsigned count = bytes / 4;
  forEachLane(lanes, [&](unsigned lane) {
    const uint8_t *from = source(lane);
    for (unsigned word = 0; word < count; ++word)
      memcpy(&words[word][lane], from + 4 * word, 4);
  });
}

template <typename F>
EMULATOR_INLINE void scatterLanes(uint32_t lanes, unsigned bytes,
                                  const LaneWords &words, F target) {
  if (bytes < 4) {
    forEachLane(lanes, [&](unsigned lane) {
      memcpy(target(lane), &words[0][lane], bytes == 1 ? 1 : 2);
    });
    return;
  }
  unsigned count = bytes / 4;
  forEachLane(lanes, [&](unsigned lane) {
    uint8_t *to = target(lane);
    for (unsigned word = 0; word < count; ++word)
      memcpy(to + 4 * word, &words[word][lane], 4);
  });
}

/// Load from a memory such as `SharedMemory`, or store into it.
template <typename Memory>
EMULATOR_INLINE void loadLanes(const LaneRequest &request, LaneWords &words) {
  gatherLanes(Memory::admitRead(request), request.bytes, words,
              [&](unsigned lane) { return Memory::at(request, lane); });
}
template <typename Memory>
EMULATOR_INLINE void storeLanes(const LaneRequest &request,
                                const LaneWords &words) {
  uint32_t lanes = Memory::admitWrite(request, [&] { return &words; });
  scatterLanes(lanes, request.bytes, words,
               [&](unsigned lane) { return Memory::at(request, lane); });
}

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_LANEACCESS_H
