//===- OtherAccess.cpp - Accesses to constants, parameters and generic addresses
//===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/OtherAccess.h"

#include "lib/Emulator/AddressSpaces.h"
#include "lib/Emulator/GlobalAccess.h"
#include "lib/Emulator/SharedAccess.h"

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

/// Return the lanes that read within `size` bytes.
static uint32_t admitFixed(const LaneRequest &request, uint64_t size,
                           PlaceName place) {
  return checkBounds(request, false, place, "is outside what there is",
                     [&](uint64_t offset) {
                       return offset < size && size - offset >= request.bytes;
                     });
}

static const std::vector<uint8_t> &constants(const LaneRequest &request) {
  return *request.warp.block->context.request.constants;
}
static const std::vector<uint8_t> &parameters(const LaneRequest &request) {
  return request.warp.block->context.request.parameters;
}

uint32_t ConstantMemory::admitRead(const LaneRequest &request) {
  return admitFixed(request, constants(request).size(),
                    [](const LaneRequest &, uint64_t offset) {
                      return "constants+" + std::to_string(offset);
                    });
}

const uint8_t *ConstantMemory::at(const LaneRequest &request, unsigned lane) {
  return constants(request).data() + request.addresses[lane];
}

uint32_t ParameterMemory::admitRead(const LaneRequest &request) {
  return admitFixed(request, parameters(request).size(),
                    [](const LaneRequest &, uint64_t offset) {
                      return "parameters+" + std::to_string(offset);
                    });
}

const uint8_t *ParameterMemory::at(const LaneRequest &request, unsigned lane) {
  return parameters(request).data() + request.addresses[lane];
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
                       request.bytes, request.which, request.nonCoherent});
  return lanes;
}

void perceiver::emulator::loadGeneric(const LaneRequest &request,
                                      LaneWords &words) {
  LaneRequest rest = request;
  auto load = [&](auto function) {
    return
        [&words, function](const LaneRequest &part) { function(part, words); };
  };
  rest.lanes &=
      ~visitWindow(request, kSharedBase, load(loadLanes<SharedMemory>));
  rest.lanes &=
      ~visitWindow(request, kConstantBase, load(loadLanes<ConstantMemory>));
  rest.lanes &=
      ~visitWindow(request, kParameterBase, load(loadLanes<ParameterMemory>));
  if (rest.lanes)
    loadLanes<GlobalMemory>(rest, words);
}

void perceiver::emulator::storeGeneric(const LaneRequest &request,
                                       const LaneWords &words) {
  LaneRequest rest = request;
  rest.lanes &=
      ~visitWindow(request, kSharedBase, [&](const LaneRequest &part) {
        storeLanes<SharedMemory>(part, words);
      });
  if (rest.lanes)
    storeLanes<GlobalMemory>(rest, words);
}
