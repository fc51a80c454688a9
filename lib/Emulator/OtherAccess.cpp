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

void perceiver::emulator::reportLanes(const LaneRequest &request,
                                      FindingKind kind, uint32_t lanes,
                                      PlaceName place, std::string other,
                                      std::string sentence) {
  if (lanes)
    request.warp.block->report(
        kind, request.warp, request.operation, lanes,
        place(request, request.addresses[__builtin_ctz(lanes)]),
        std::move(other), std::move(sentence));
}

/// Load from memory that the launch cannot change.
static void loadFixed(const LaneRequest &request, const uint8_t *data,
                      uint64_t size, PlaceName place, LaneWords &words) {
  uint32_t lanes = checkBounds(
      request, false, place, "is outside what there is", [&](uint64_t offset) {
        return offset < size && size - offset >= request.bytes;
      });
  gatherLanes(lanes, request.bytes, words,
              [&](unsigned lane) { return data + request.addresses[lane]; });
}

static std::string constantPlace(const LaneRequest &, uint64_t offset) {
  return "constants+" + std::to_string(offset);
}
static std::string parameterPlace(const LaneRequest &, uint64_t offset) {
  return "parameters+" + std::to_string(offset);
}

void perceiver::emulator::loadConstant(const LaneRequest &request,
                                       LaneWords &words) {
  const auto &data = *request.warp.block->context.request.constants;
  loadFixed(request, data.data(), data.size(), constantPlace, words);
}

void perceiver::emulator::loadParameters(const LaneRequest &request,
                                         LaneWords &words) {
  const auto &data = request.warp.block->context.request.parameters;
  loadFixed(request, data.data(), data.size(), parameterPlace, words);
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
