//===- DecodeMemory.cpp - ld and st ---------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/LaneAccess.h"

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

namespace {
template <void (*load)(const LaneRequest &, LaneWords &)>
struct Load {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    LaneAddresses addresses;
    computeAddresses(warp, operation,
                     operation.slots[operation.access.elements], addresses);
    LaneWords words;
    memset(words, 0xff, sizeof words);
    load({warp, operation, addresses, warp.exec, operation.access.bytes(),
          operation.access.isNonCoherent},
         words);
    writeElements(warp, operation, words);
  }
};

template <void (*store)(const LaneRequest &, const LaneWords &)>
struct Store {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    LaneAddresses addresses;
    computeAddresses(warp, operation, operation.slots[0], addresses);
    LaneWords words;
    readElements(warp, operation, words);
    store({warp, operation, addresses, warp.exec, operation.access.bytes()},
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
    return handler<Load<loadGeneric>>();
  case Space::Global:
    return handler<Load<loadGlobal>>();
  case Space::Shared:
    return handler<Load<loadShared>>();
  case Space::Constant:
    return handler<Load<loadConstant>>();
  case Space::Parameter:
    return handler<Load<loadParameters>>();
  }
  return nullptr;
}

static Handler storeHandler(Space space) {
  return space == Space::Generic  ? handler<Store<storeGeneric>>()
         : space == Space::Global ? handler<Store<storeGlobal>>()
                                  : handler<Store<storeShared>>();
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
