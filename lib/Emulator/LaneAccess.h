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
#include "lib/Emulator/Lanes.h"

namespace perceiver::emulator {

/// Words of lanes: word w of lane l is words[w][l]. Of accesses to 1 or 2
/// bytes, the low bits count.
using LaneWords = uint32_t[4][kLanes];
using LaneAddresses = uint64_t[kLanes];

/// What is accessed, and on whose behalf.
struct LaneRequest {
  Warp &warp;
  const Operation &operation;
  const LaneAddresses &addresses;
  uint32_t lanes;
  unsigned bytes;
  bool nonCoherent = false;
};

void loadGlobal(const LaneRequest &request, LaneWords &words);
void storeGlobal(const LaneRequest &request, const LaneWords &words);
/// Addresses are offsets in the block's shared memory.
void loadShared(const LaneRequest &request, LaneWords &words);
void storeShared(const LaneRequest &request, const LaneWords &words);
/// From the module's .const variables, or the launch's parameters.
void loadConstant(const LaneRequest &request, LaneWords &words);
void loadParameters(const LaneRequest &request, LaneWords &words);

/// Of any space, told apart by range.
void loadGeneric(const LaneRequest &request, LaneWords &words);
void storeGeneric(const LaneRequest &request, const LaneWords &words);

/// Return the lanes whose shared accesses are inside and aligned; report
/// others.
uint32_t checkSharedBounds(const LaneRequest &request, bool isWrite);
/// As above, for device memory; also counts and looks for races.
uint32_t checkGlobal(const LaneRequest &request, bool isWrite);
/// Look for races and what is uninitialised.
void checkSharedRead(const LaneRequest &request);
/// `words` is what to write, lane after lane, or null: then somebody else
/// writes.
void checkSharedWrite(const LaneRequest &request, const LaneWords *words);
/// Count the wavefronts of an access to shared memory.
void countWavefronts(const LaneRequest &request);

/// Name a byte of shared memory for a finding.
std::string sharedName(uint64_t offset);

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

/// The least and greatest address of `lanes`, and all their bits.
struct AddressRange {
  uint64_t low = UINT64_MAX, high = 0, bits = 0;
};

EMULATOR_INLINE AddressRange rangeOf(const LaneAddresses &addresses,
                                     uint32_t lanes) {
  AddressRange range;
  uint64_t first = addresses[__builtin_ctz(lanes)];
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    uint64_t address = lanes >> lane & 1 ? addresses[lane] : first;
    range.low = address < range.low ? address : range.low;
    range.high = address > range.high ? address : range.high;
    range.bits |= address;
  }
  return range;
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

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_LANEACCESS_H
