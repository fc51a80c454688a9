//===- DecodeBits.cpp - Logic, shifts and fields --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/Integers.h"

using namespace perceiver::emulator;

namespace {
/// Logic of predicates: predicates[0] = predicates[1] op predicates[2].
struct PredicateLogic {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    uint32_t a = warp.predicate(operation, 1), b = warp.predicate(operation, 2);
    warp.setPredicate(operation.predicates[0],
                      combine(a, b, static_cast<Combine>(operation.detail)));
  }
};

/// The truth table stands in `detail`.
struct Lop3 {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    const auto *a = warp.slot<uint32_t>(operation.slots[1]);
    const auto *b = warp.slot<uint32_t>(operation.slots[2]);
    const auto *c = warp.slot<uint32_t>(operation.slots[3]);
    uint32_t terms[8];
    for (unsigned i = 0; i < 8; ++i)
      terms[i] = 0 - uint32_t(operation.detail >> i & 1);
    uint32_t result[kLanes];
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      uint32_t x = a[lane], y = b[lane], z = c[lane];
      uint32_t bits = 0;
      for (unsigned i = 0; i < 8; ++i)
        bits |=
            terms[i] & (i & 4 ? x : ~x) & (i & 2 ? y : ~y) & (i & 1 ? z : ~z);
      result[lane] = bits;
    }
    writeSlot(warp, operation.slots[0], result);
  }
};
} // namespace

static bool decodePredicateLogic(Decoder &decoder, Form &form) {
  std::string_view opcode = form.instruction.opcode;
  const auto &operands = form.instruction.operands;
  Operation &operation = decoder.current().operation;
  bool isNot = opcode == "not";
  Combine how = isNot             ? Combine::None
                : opcode == "and" ? Combine::And
                : opcode == "or"  ? Combine::Or
                                  : Combine::Xor;
  if (!decoder.expectOperands(form, isNot ? 2 : 3) ||
      !decoder.writePredicate(operands[0], 0) ||
      !decoder.readPredicate(operands[1], 1) ||
      (!isNot && !decoder.readPredicate(operands[2], 2)))
    return false;
  if (isNot)
    operation.predicateFlips ^= 2;
  operation.detail = static_cast<uint8_t>(how);
  return decoder.emit(form, OperationClass::Predicate,
                      handler<PredicateLogic>());
}

template <typename T>
static Handler logic(std::string_view opcode) {
  if (opcode == "and")
    return handler<Elementwise<wrapped<T, std::bit_and>>>();
  if (opcode == "or")
    return handler<Elementwise<wrapped<T, std::bit_or>>>();
  if (opcode == "xor")
    return handler<Elementwise<wrapped<T, std::bit_xor>>>();
  if (opcode == "not")
    return handler<Elementwise<wrappedUnary<T, std::bit_not>>>();
  if (opcode == "shl")
    return handler<Elementwise<shiftLeft<T>>>();
  return nullptr;
}

template <typename Unsigned, typename Signed>
static Handler anyLogic(std::string_view opcode, bool isSigned) {
  if (opcode == "shr")
    return isSigned ? handler<Elementwise<shiftRight<Signed>>>()
                    : handler<Elementwise<shiftRight<Unsigned>>>();
  return isSigned ? nullptr : logic<Unsigned>(opcode);
}

/// What exists for 32 and 64 bits only.
template <typename Unsigned, typename Signed>
static Handler fields(std::string_view opcode, bool isSigned) {
  if (opcode == "bfe")
    return isSigned ? handler<Elementwise<extractBits<Signed>>>()
                    : handler<Elementwise<extractBits<Unsigned>>>();
  if (isSigned)
    return nullptr;
  if (opcode == "bfi")
    return handler<Elementwise<insertBits<Unsigned>>>();
  if (opcode == "popc")
    return handler<Elementwise<countOnes<Unsigned>>>();
  if (opcode == "clz")
    return handler<Elementwise<countLeadingZeros<Unsigned>>>();
  if (opcode == "brev")
    return handler<Elementwise<reverseBits<Unsigned>>>();
  return nullptr;
}

static Handler operationOf(std::string_view opcode, const Type &type) {
  bool isSigned = type.isSigned();
  Handler run = nullptr;
  if (type.bits == 16)
    return anyLogic<uint16_t, int16_t>(opcode, isSigned);
  if (type.bits == 32) {
    run = anyLogic<uint32_t, int32_t>(opcode, isSigned);
    return run ? run : fields<uint32_t, int32_t>(opcode, isSigned);
  }
  if (type.bits == 64) {
    run = anyLogic<uint64_t, int64_t>(opcode, isSigned);
    return run ? run : fields<uint64_t, int64_t>(opcode, isSigned);
  }
  return nullptr;
}

/// shf and prmt have modifiers of their own.
static Handler special(Form &form) {
  if (form.instruction.opcode == "prmt")
    return handler<Elementwise<permuteBytes>>();
  bool left = form.take("l");
  if (!left && !form.take("r"))
    return nullptr;
  if (form.take("wrap"))
    return left ? handler<Elementwise<shiftFunnel<true, false>>>()
                : handler<Elementwise<shiftFunnel<false, false>>>();
  if (!form.take("clamp"))
    return nullptr;
  return left ? handler<Elementwise<shiftFunnel<true, true>>>()
              : handler<Elementwise<shiftFunnel<false, true>>>();
}

bool perceiver::emulator::decodeBits(Decoder &decoder, Form &form) {
  std::string_view opcode = form.instruction.opcode;
  const auto &operands = form.instruction.operands;
  Type type;
  if (!form.takeType(type))
    return decoder.unknown();
  if (type.isPredicate())
    return opcode == "and" || opcode == "or" || opcode == "xor" ||
                   opcode == "not"
               ? decodePredicateLogic(decoder, form)
               : decoder.unknown();
  if (opcode == "lop3") {
    uint64_t table;
    if (type.kind != Type::Kind::Bits || type.bits != 32)
      return decoder.unknown();
    if (!decoder.expectOperands(form, 5) || !decoder.write(operands[0], 32) ||
        !decoder.readBits(operands[1], 32) ||
        !decoder.readBits(operands[2], 32) ||
        !decoder.readBits(operands[3], 32) ||
        !decoder.readImmediate(operands[4], table))
      return false;
    decoder.current().operation.detail = table;
    return decoder.emit(form, OperationClass::Integer, handler<Lop3>());
  }
  bool isSpecial = opcode == "shf" || opcode == "prmt";
  Handler run = isSpecial ? type.bits == 32 ? special(form) : nullptr
                          : operationOf(opcode, type);
  if (!run || type.kind == Type::Kind::Float || type.isHalf())
    return decoder.unknown();
  bool isCount = opcode == "popc" || opcode == "clz";
  // The last operands of these are counts of 32 bits.
  bool unary = isCount || opcode == "not" || opcode == "brev";
  bool shift = opcode == "shl" || opcode == "shr";
  size_t count = unary ? 2 : opcode == "bfi" ? 5 : 3;
  if (isSpecial || opcode == "bfe")
    count = 4;
  size_t values = opcode == "bfi" ? 3 : shift || opcode == "bfe" ? 2 : count;
  if (!decoder.expectOperands(form, count) ||
      !decoder.write(operands[0], isCount ? 32 : type.bits))
    return false;
  for (size_t i = 1; i < count; ++i)
    if (!decoder.readBits(operands[i], i < values ? type.bits : 32))
      return false;
  return decoder.emit(form, OperationClass::Integer, run);
}
