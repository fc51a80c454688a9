//===- OtherAccess.cpp - Accesses to constants, parameters and generic addresses
//===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/AddressSpaces.h"
#include "lib/Emulator/LaneAccess.h"

using namespace perceiver::emulator;

/// Read from a few bytes that nobody writes.
static void loadFixed(const LaneRequest &request, const uint8_t *data,
                      uint64_t size, const char *name, LaneWords &words) {
  uint32_t good = 0, misaligned = 0;
  forEachLane(request.lanes, [&](unsigned lane) {
    uint64_t offset = request.addresses[lane];
    if (offset >= size || size - offset < request.bytes)
      return;
    good |= 1u << lane;
    misaligned |= uint32_t((offset & (request.bytes - 1)) != 0) << lane;
  });
  auto report = [&](FindingKind kind, uint32_t lanes, const char *what) {
    if (lanes)
      request.warp.block->report(
          kind, request.warp, request.operation, lanes,
          std::string(name) + "+" +
              std::to_string(request.addresses[__builtin_ctz(lanes)]),
          "-", "a read of " + std::to_string(request.bytes) + " bytes " + what);
  };
  report(FindingKind::OutOfBounds, request.lanes & ~good,
         "is outside what there is");
  report(FindingKind::Misaligned, misaligned, "is not aligned to as many");
  gatherLanes(good & ~misaligned, request.bytes, words,
              [&](unsigned lane) { return data + request.addresses[lane]; });
}

void perceiver::emulator::loadConstant(const LaneRequest &request,
                                       LaneWords &words) {
  const auto &data = *request.warp.block->context.request.constants;
  loadFixed(request, data.data(), data.size(), "constants", words);
}

void perceiver::emulator::loadParameters(const LaneRequest &request,
                                         LaneWords &words) {
  const auto &data = request.warp.block->context.request.parameters;
  loadFixed(request, data.data(), data.size(), "parameters", words);
}

/// Call `access` for the lanes whose addresses lie from `base` on, with offsets
/// from there.
template <typename F>
static uint32_t visitWindow(const LaneRequest &request, uint64_t base,
                            F access) {
  LaneAddresses offsets;
  uint32_t lanes = 0;
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    offsets[lane] = request.addresses[lane] - base;
    lanes |= uint32_t(offsets[lane] < kWindowBytes) << lane;
  }
  lanes &= request.lanes;
  if (lanes)
    access(LaneRequest{request.warp, request.operation, offsets, lanes,
                       request.bytes, request.nonCoherent});
  return lanes;
}

void perceiver::emulator::loadGeneric(const LaneRequest &request,
                                      LaneWords &words) {
  LaneRequest rest = request;
  auto load = [&](auto function) {
    return
        [&words, function](const LaneRequest &part) { function(part, words); };
  };
  rest.lanes &= ~visitWindow(request, kSharedBase, load(loadShared));
  rest.lanes &= ~visitWindow(request, kConstantBase, load(loadConstant));
  rest.lanes &= ~visitWindow(request, kParameterBase, load(loadParameters));
  if (rest.lanes)
    loadGlobal(rest, words);
}

void perceiver::emulator::storeGeneric(const LaneRequest &request,
                                       const LaneWords &words) {
  LaneRequest rest = request;
  rest.lanes &=
      ~visitWindow(request, kSharedBase,
                   [&](const LaneRequest &part) { storeShared(part, words); });
  if (rest.lanes)
    storeGlobal(rest, words);
}
