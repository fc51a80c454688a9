//===- DecodeMove.cpp - Moves and conversions of addresses ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/AddressSpaces.h"
#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/Integers.h"

using namespace perceiver::emulator;

template <typename T>
EMULATOR_INLINE T identity(T a) {
  return a;
}

namespace {
/// slots[0] from several narrow registers, the first lowest.
template <unsigned parts, typename Wide>
struct Pack {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    constexpr unsigned width = 8 * sizeof(Wide) / parts;
    Wide result[kLanes] = {};
    for (unsigned i = 0; i < parts; ++i) {
      const uint32_t *part = warp.slot<uint32_t>(operation.slots[1 + i]);
      for (unsigned lane = 0; lane < kLanes; ++lane)
        result[lane] |= Wide(part[lane]) << i * width;
    }
    writeSlot(warp, operation.slots[0], result);
  }
};

/// Several narrow registers from the last slot.
template <unsigned parts, typename Wide>
struct Unpack {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    constexpr unsigned width = 8 * sizeof(Wide) / parts;
    const Wide *source = warp.slot<Wide>(operation.slots[parts]);
    uint32_t results[parts][kLanes];
    for (unsigned i = 0; i < parts; ++i)
      for (unsigned lane = 0; lane < kLanes; ++lane)
        results[i][lane] =
            uint32_t(source[lane] >> i * width) & (UINT32_MAX >> (32 - width));
    for (unsigned i = 0; i < parts; ++i)
      writeSlot(warp, operation.slots[i], results[i]);
  }
};

struct MovePredicate {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    warp.setPredicate(operation.predicates[0], warp.predicate(operation, 1));
  }
};
} // namespace

static bool decodePack(Decoder &decoder, Form &form, unsigned bits) {
  const auto &operands = form.instruction.operands;
  size_t parts = operands[1].elements.size();
  Handler run = bits == 64 && parts == 2   ? handler<Pack<2, uint64_t>>()
                : bits == 64 && parts == 4 ? handler<Pack<4, uint64_t>>()
                : bits == 32 && parts == 2 ? handler<Pack<2, uint32_t>>()
                                           : nullptr;
  if (!run)
    return decoder.unknown();
  if (!decoder.write(operands[0], bits))
    return false;
  for (const Operand &part : operands[1].elements)
    if (!decoder.readBits(part, bits / parts))
      return false;
  return decoder.emit(form, OperationClass::Move, run);
}

static bool decodeUnpack(Decoder &decoder, Form &form, unsigned bits) {
  const auto &operands = form.instruction.operands;
  size_t parts = operands[0].elements.size();
  Handler run = bits == 64 && parts == 2   ? handler<Unpack<2, uint64_t>>()
                : bits == 64 && parts == 4 ? handler<Unpack<4, uint64_t>>()
                : bits == 32 && parts == 2 ? handler<Unpack<2, uint32_t>>()
                                           : nullptr;
  if (!run)
    return decoder.unknown();
  for (const Operand &part : operands[0].elements)
    if (!decoder.write(part, bits / parts))
      return false;
  return decoder.readBits(operands[1], bits) &&
         decoder.emit(form, OperationClass::Move, run);
}

bool perceiver::emulator::decodeMove(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  Type type;
  if (!form.takeType(type) || type.packed)
    return decoder.unknown();
  if (!decoder.expectOperands(form, 2))
    return false;
  if (type.isPredicate())
    return decoder.writePredicate(operands[0], 0) &&
           decoder.readPredicate(operands[1], 1) &&
           decoder.emit(form, OperationClass::Move, handler<MovePredicate>());
  if (operands[1].kind == Operand::Kind::Vector)
    return decodePack(decoder, form, type.bits);
  if (operands[0].kind == Operand::Kind::Vector)
    return decodeUnpack(decoder, form, type.bits);
  if (type.bits < 16)
    return decoder.unknown();
  // A move takes any constant of its width.
  Type source = type;
  if (operands[1].kind != Operand::Kind::Float64 || type.bits == 64)
    source.kind = Type::Kind::Bits;
  return decoder.write(operands[0], type.bits) &&
         decoder.read(operands[1], source) &&
         decoder.emit(form, OperationClass::Move,
                      type.bits == 64
                          ? handler<Elementwise<identity<uint64_t>>>()
                          : handler<Elementwise<identity<uint32_t>>>());
}

bool perceiver::emulator::decodeAddressConversion(Decoder &decoder,
                                                  Form &form) {
  const auto &operands = form.instruction.operands;
  bool fromGeneric = form.take("to");
  uint64_t base;
  if (form.take("global"))
    base = 0;
  else if (form.take("shared") || form.take("shared::cta"))
    base = kSharedBase;
  else if (form.take("const"))
    base = kConstantBase;
  else if (form.take("param"))
    base = kParameterBase;
  else
    return decoder.unknown();
  if (!form.take("u64"))
    return decoder.unknown();
  if (!decoder.expectOperands(form, 2) || !decoder.write(operands[0], 64) ||
      !decoder.readBits(operands[1], 64))
    return false;
  decoder.readConstant(base, true);
  return decoder.emit(
      form, OperationClass::Move,
      fromGeneric ? handler<Elementwise<wrapped<uint64_t, std::minus>>>()
                  : handler<Elementwise<wrapped<uint64_t, std::plus>>>());
}
