//===- DecodeMemory.cpp - ld and st ---------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/GlobalAccess.h"
#include "lib/Emulator/OtherAccess.h"
#include "lib/Emulator/SharedAccess.h"

using namespace perceiver::emulator;

/// Write what has been loaded to registers, extended if they are wider.
static EMULATOR_INLINE void
writeElements(Warp &warp, const Operation &operation, const LaneWords &words) {
  const Access &access = operation.access;
  unsigned perElement = access.elementBytes == 8 ? 2 : 1;
  unsigned bits = 8 * access.elementBytes;
  for (unsigned element = 0; element < access.elements; ++element) {
    uint64_t values[kLanes];
    unsigned slot = operation.slots[element];
    if (access.elementBytes == 4 && access.registerBytes == 4) {
      writeSlot(warp, slot, words[element]);
      continue;
    }
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      if (access.elementBytes < 4) {
        // Several narrow elements share a word.
        unsigned byte = element * access.elementBytes;
        values[lane] = words[byte / 4][lane] >> 8 * (byte % 4);
      } else {
        values[lane] = words[element * perElement][lane];
        if (perElement == 2)
          values[lane] |= uint64_t(words[element * 2 + 1][lane]) << 32;
      }
      uint64_t high = values[lane] << (64 - bits);
      values[lane] = access.isSigned ? uint64_t(int64_t(high) >> (64 - bits))
                                     : high >> (64 - bits);
    }
    if (access.registerBytes == 8) {
      writeSlot(warp, slot, values);
      continue;
    }
    uint32_t narrow[kLanes];
    uint32_t mask = access.registerBytes == 2 ? 0xffff : UINT32_MAX;
    for (unsigned lane = 0; lane < kLanes; ++lane)
      narrow[lane] = uint32_t(values[lane]) & mask;
    writeSlot(warp, slot, narrow);
  }
}

static EMULATOR_INLINE void readElements(Warp &warp, const Operation &operation,
                                         LaneWords &words) {
  const Access &access = operation.access;
  for (unsigned element = 0; element < access.elements; ++element) {
    unsigned slot = operation.slots[1 + element];
    const uint32_t *narrow = warp.slot<uint32_t>(slot);
    const uint64_t *wide = warp.slot<uint64_t>(slot);
    bool isWide = access.registerBytes == 8;
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      uint64_t value = isWide ? wide[lane] : narrow[lane];
      if (access.elementBytes == 8) {
        words[2 * element][lane] = value;
        words[2 * element + 1][lane] = value >> 32;
      } else if (access.elementBytes == 4) {
        words[element][lane] = value;
      } else {
        unsigned byte = element * access.elementBytes;
        uint32_t mask = (1u << 8 * access.elementBytes) - 1;
        uint32_t old = byte % 4 ? words[byte / 4][lane] : 0;
        words[byte / 4][lane] = old | (value & mask) << 8 * (byte % 4);
      }
    }
  }
}

/// Whether elements are words and registers hold one each, in all lanes.
static EMULATOR_INLINE bool isWhole(const Access &access, uint32_t lanes) {
  return lanes == ~0u && access.elementBytes == 4 && access.registerBytes == 4;
}

/// Move whole words of all lanes from memory at `source(lane)` to registers.
template <typename F>
static EMULATOR_INLINE void loadWords(Warp &warp, const uint16_t *slots,
                                      unsigned count, F source) {
  if (count == 4) {
    for (unsigned first = 0; first < kLanes; first += 8) {
      Words8 words[4];
      loadTransposed(words,
                     [&](unsigned lane) { return source(first + lane); });
      for (unsigned i = 0; i < 4; ++i)
        storeVector(warp.slot<uint32_t>(slots[i]) + first, words[i]);
    }
    return;
  }
  uint32_t *targets[] = {warp.slot<uint32_t>(slots[0]),
                         warp.slot<uint32_t>(slots[count - 1])};
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    const uint8_t *from = source(lane);
    memcpy(targets[0] + lane, from, 4);
    if (count == 2)
      memcpy(targets[1] + lane, from + 4, 4);
  }
}

/// The opposite, in the order of lanes.
template <typename F>
static EMULATOR_INLINE void storeWords(Warp &warp, const uint16_t *slots,
                                       unsigned count, F target) {
  if (count == 4) {
    for (unsigned first = 0; first < kLanes; first += 8) {
      Words8 words[4];
      for (unsigned i = 0; i < 4; ++i)
        loadVector(words[i], warp.slot<uint32_t>(slots[i]) + first);
      storeTransposed(words,
                      [&](unsigned lane) { return target(first + lane); });
    }
    return;
  }
  const uint32_t *sources[] = {warp.slot<uint32_t>(slots[0]),
                               warp.slot<uint32_t>(slots[count - 1])};
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    uint8_t *to = target(lane);
    memcpy(to, sources[0] + lane, 4);
    if (count == 2)
      memcpy(to + 4, sources[1] + lane, 4);
  }
}

namespace {
template <typename Memory>
struct Load {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    const Access &access = operation.access;
    unsigned slot = operation.slots[access.elements];
    LaneAddresses addresses;
    computeAddresses(warp, operation, slot, addresses);
    const LaneRequest request = {
        warp,           operation,          addresses,           warp.exec,
        access.bytes(), LaneRequest::First, access.isNonCoherent};
    uint32_t lanes = Memory::admitRead(request);
    auto source = [&](unsigned lane) { return Memory::at(request, lane); };
    if (isWhole(access, lanes))
      return loadWords(warp, operation.slots, access.elements, source);
    LaneWords words;
    memset(words, 0xff, sizeof words);
    gatherLanes(lanes, request.bytes, words, source);
    writeElements(warp, operation, words);
  }
};

template <typename Memory>
struct Store {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    const Access &access = operation.access;
    unsigned slot = operation.slots[0];
    LaneAddresses addresses;
    computeAddresses(warp, operation, slot, addresses);
    const LaneRequest request = {warp, operation, addresses, warp.exec,
                                 access.bytes()};
    LaneWords words;
    auto values = [&] {
      readElements(warp, operation, words);
      return &words;
    };
    uint32_t lanes = Memory::admitWrite(request, values);
    auto target = [&](unsigned lane) { return Memory::at(request, lane); };
    if (isWhole(access, lanes))
      return storeWords(warp, operation.slots + 1, access.elements, target);
    scatterLanes(lanes, request.bytes, *values(), target);
  }
};

/// Each lane's address says which memory it is in.
struct GenericLoad {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    const Access &access = operation.access;
    unsigned slot = operation.slots[access.elements];
    LaneAddresses addresses;
    computeAddresses(warp, operation, slot, addresses);
    LaneWords words;
    memset(words, 0xff, sizeof words);
    loadGeneric({warp, operation, addresses, warp.exec, access.bytes()}, words);
    writeElements(warp, operation, words);
  }
};

struct GenericStore {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    unsigned slot = operation.slots[0];
    LaneAddresses addresses;
    computeAddresses(warp, operation, slot, addresses);
    LaneWords words;
    readElements(warp, operation, words);
    storeGeneric(
        {warp, operation, addresses, warp.exec, operation.access.bytes()},
        words);
  }
};
} // namespace

/// Take what tells caches how to behave, which changes no result.
static void takeCacheHints(Form &form) {
  for (const char *hint :
       {"weak", "ca", "cg", "cs", "lu", "cv", "wb", "wt", "volatile",
        "L1::evict_normal", "L1::evict_unchanged", "L1::evict_first",
        "L1::evict_last", "L1::no_allocate", "L2::64B", "L2::128B", "L2::256B"})
    form.take(hint);
}

static bool takeSpace(Form &form, bool isStore, Access &access,
                      OperationClass &kind) {
  kind = OperationClass::Generic;
  access.space = Space::Generic;
  if (form.take("global")) {
    access.space = Space::Global;
    kind = OperationClass::Global;
    access.isNonCoherent = !isStore && form.take("nc");
  } else if (form.take("shared") || form.take("shared::cta")) {
    access.space = Space::Shared;
    kind = OperationClass::Shared;
  } else if (form.take("const")) {
    access.space = Space::Constant;
    kind = OperationClass::Constant;
  } else if (form.take("param")) {
    access.space = Space::Parameter;
    kind = OperationClass::Parameter;
  }
  return !isStore ||
         (access.space != Space::Constant && access.space != Space::Parameter);
}

static Handler loadHandler(Space space) {
  switch (space) {
  case Space::Generic:
    return handler<GenericLoad>();
  case Space::Global:
    return handler<Load<GlobalMemory>>();
  case Space::Shared:
    return handler<Load<SharedMemory>>();
  case Space::Constant:
    return handler<Load<ConstantMemory>>();
  case Space::Parameter:
    return handler<Load<ParameterMemory>>();
  }
  return nullptr;
}

static Handler storeHandler(Space space) {
  return space == Space::Generic  ? handler<GenericStore>()
         : space == Space::Global ? handler<Store<GlobalMemory>>()
                                  : handler<Store<SharedMemory>>();
}

/// Decode what loads and stores have in common, up to their operands: sets the
/// access, and `values` to the registers.
static bool decodeAccess(Decoder &decoder, Form &form, bool isStore,
                         std::vector<Operand> &values, OperationClass &kind) {
  Access &access = decoder.current().operation.access;
  takeCacheHints(form);
  if (!takeSpace(form, isStore, access, kind))
    return decoder.unknown();
  access.elements = form.take("v2") ? 2 : form.take("v4") ? 4 : 1;
  Type type;
  if (!form.takeType(type) || type.isPredicate() || type.packed)
    return decoder.unknown();
  access.elementBytes = type.bits / 8;
  access.isSigned = type.isSigned();
  if (access.bytes() > 16 || !form.finished())
    return decoder.unknown();
  if (!decoder.expectOperands(form, 2))
    return false;
  const Operand &value = form.instruction.operands[isStore ? 1 : 0];
  values = {value};
  if (value.kind == Operand::Kind::Vector)
    values = value.elements;
  if (values.size() != access.elements)
    return decoder.refuse("expected " + std::to_string(access.elements) +
                          " registers, but got " +
                          std::to_string(values.size()));
  // Registers may be wider, but all are alike.
  unsigned bits = 0;
  for (const Operand &operand : values)
    if (unsigned got = decoder.registerBits(operand)) {
      if (bits && got != bits)
        return decoder.refuse("expected registers of one width");
      bits = got;
    }
  if (!bits)
    bits = std::max<unsigned>(type.bits, 16);
  access.registerBytes = bits / 8;
  if (bits < type.bits || bits == 1)
    return decoder.refuse("expected registers of " + std::to_string(type.bits) +
                          " bits or more");
  return true;
}

bool perceiver::emulator::decodeLoad(Decoder &decoder, Form &form) {
  std::vector<Operand> values;
  OperationClass kind;
  Access &access = decoder.current().operation.access;
  if (!decodeAccess(decoder, form, false, values, kind))
    return false;
  for (const Operand &value : values)
    if (!decoder.write(value, 8 * access.registerBytes, false))
      return false;
  if (!decoder.readAddress(form.instruction.operands[1], access))
    return false;
  return decoder.emit(form, kind, loadHandler(access.space));
}

bool perceiver::emulator::decodeStore(Decoder &decoder, Form &form) {
  std::vector<Operand> values;
  OperationClass kind;
  Access &access = decoder.current().operation.access;
  if (!decodeAccess(decoder, form, true, values, kind) ||
      !decoder.readAddress(form.instruction.operands[0], access))
    return false;
  for (const Operand &value : values)
    if (!decoder.readBits(value, 8 * access.registerBytes))
      return false;
  return decoder.emit(form, kind, storeHandler(access.space));
}
