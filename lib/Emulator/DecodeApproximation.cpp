//===- DecodeApproximation.cpp - ex2, rcp.approx and their like -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Approximation.h"
#include "lib/Emulator/Block.h"
#include "lib/Emulator/Decoder.h"

using namespace perceiver::emulator;

// Each in double, from a float.
static EMULATOR_INLINE double log2Of(float x) { return std::log2(double(x)); }
static EMULATOR_INLINE double sineOf(float x) { return std::sin(double(x)); }
static EMULATOR_INLINE double cosineOf(float x) { return std::cos(double(x)); }
static EMULATOR_INLINE double tanhOf(float x) { return std::tanh(double(x)); }
static EMULATOR_INLINE double reciprocalOf(float x) { return 1 / double(x); }
static EMULATOR_INLINE double rootOf(float x) {
  return __builtin_sqrt(double(x));
}
static EMULATOR_INLINE double reciprocalRootOf(float x) {
  return 1 / __builtin_sqrt(double(x));
}

namespace {
template <double (*function)(float), bool ftz>
struct Approximate {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    const float *source = warp.slot<float>(operation.slots[1]);
    float result[kLanes];
    for (unsigned lane = 0; lane < kLanes; ++lane)
      result[lane] = float(function(flush<ftz>(source[lane])));
    if (unsigned ulp = warp.block->ulp())
      for (unsigned lane = 0; lane < kLanes; ++lane)
        result[lane] =
            perturb(result[lane], source[lane], ulp, warp.block->seed());
    for (float &value : result)
      value = finish<ftz, false>(value);
    writeSlot(warp, operation.slots[0], result);
  }
};

/// div.approx and div.full. The first gives 0 for divisors whose reciprocal
/// would be subnormal.
template <bool full, bool ftz>
struct ApproximateQuotient {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    const float *a = warp.slot<float>(operation.slots[1]);
    const float *b = warp.slot<float>(operation.slots[2]);
    float result[kLanes];
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      float x = flush<ftz>(a[lane]), y = flush<ftz>(b[lane]);
      bool huge = __builtin_fabsf(y) > 0x1p126f && isFinite(y);
      float quotient = float(double(x) / double(y));
      float lost = isFinite(x) ? std::copysign(0.0f, quotient)
                               : std::numeric_limits<float>::quiet_NaN();
      quotient =
          perturb(quotient, x + y, warp.block->ulp(), warp.block->seed());
      result[lane] = finish<ftz, false>(!full && huge ? lost : quotient);
    }
    writeSlot(warp, operation.slots[0], result);
  }
};
} // namespace

template <double (*function)(float)>
static Handler approximate(bool ftz) {
  return ftz ? handler<Approximate<function, true>>()
             : handler<Approximate<function, false>>();
}

static Handler unaryOperation(std::string_view opcode, bool ftz) {
  if (opcode == "ex2")
    return approximate<exp2Double>(ftz);
  if (opcode == "lg2")
    return approximate<log2Of>(ftz);
  if (opcode == "sin")
    return approximate<sineOf>(ftz);
  if (opcode == "cos")
    return approximate<cosineOf>(ftz);
  if (opcode == "rcp")
    return approximate<reciprocalOf>(ftz);
  if (opcode == "sqrt")
    return approximate<rootOf>(ftz);
  if (opcode == "rsqrt")
    return approximate<reciprocalRootOf>(ftz);
  if (opcode == "tanh")
    return ftz ? nullptr : approximate<tanhOf>(false);
  return nullptr;
}

bool perceiver::emulator::decodeApproximation(Decoder &decoder, Form &form) {
  std::string_view opcode = form.instruction.opcode;
  const auto &operands = form.instruction.operands;
  bool full = opcode == "div" && form.take("full");
  Type type;
  if ((!full && !form.take("approx")) || !form.takeType(type) ||
      !type.isFloat(32))
    return decoder.unknown();
  bool ftz = form.take("ftz");
  Handler run;
  if (opcode == "div")
    run = full  ? ftz ? handler<ApproximateQuotient<true, true>>()
                      : handler<ApproximateQuotient<true, false>>()
          : ftz ? handler<ApproximateQuotient<false, true>>()
                : handler<ApproximateQuotient<false, false>>();
  else
    run = unaryOperation(opcode, ftz);
  if (!run)
    return decoder.unknown();
  size_t count = opcode == "div" ? 3 : 2;
  if (!decoder.expectOperands(form, count) || !decoder.write(operands[0], 32))
    return false;
  for (size_t i = 1; i < count; ++i)
    if (!decoder.read(operands[i], type))
      return false;
  return decoder.emit(form, OperationClass::Special, run);
}
