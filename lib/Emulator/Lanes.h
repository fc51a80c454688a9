//===- Lanes.h - Functions of numbers on 32 lanes --------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes handlers from functions of one lane's numbers. A loop over lanes has a
/// constant length and writes to an array of its own, so compilers make vector
/// code of it. On x86-64 each handler exists twice, for any processor and for
/// one with AVX2 and FMA (without which fma is a call); `handler` chooses. The
/// files that use this are compiled without contraction and strict aliasing.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_LANES_H
#define PERCEIVER_LIB_EMULATOR_LANES_H

#include "lib/Emulator/Vectors.h"
#include "lib/Emulator/Warp.h"

#include <type_traits>
#include <utility>

// For sanitizers one of two handlers is enough.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#define EMULATOR_WIDE __attribute__((target("avx2,fma,f16c,bmi,bmi2")))
#endif

namespace perceiver::emulator {

/// Values of 2 bytes stand in words of 4, zero-extended.
template <typename T>
using Stored = std::conditional_t<sizeof(T) < 4, uint32_t, T>;

/// Write a result in the lanes that run.
template <typename T>
EMULATOR_INLINE void writeSlot(Warp &warp, unsigned slot,
                               const T (&result)[kLanes]) {
  T *target = warp.slot<T>(slot);
  if (warp.exec == ~0u) {
    memcpy(target, result, sizeof result);
    return;
  }
  // Else LLVM takes this choice and those of the result apart, lane by lane.
  asm volatile("" : : "r"(result) : "memory");
  using Vector = std::conditional_t<sizeof(T) == 8, Longs4, Words8>;
  constexpr unsigned width = sizeof(Vector) / sizeof(T);
  Vector lanes;
  for (unsigned i = 0; i < width; ++i)
    lanes[i] = uint64_t(1) << i;
  for (unsigned first = 0; first < kLanes; first += width) {
    Vector old, now;
    loadVector(old, target + first);
    loadVector(now, result + first);
    Vector runs = Vector((Vector{} + (warp.exec >> first) & lanes) != 0);
    storeVector(target + first, (now & runs) | (old & ~runs));
  }
}

/// Call `run` for each lane that runs.
template <typename F>
EMULATOR_INLINE void forEachLane(uint32_t lanes, F run) {
  for (; lanes; lanes &= lanes - 1)
    run(unsigned(__builtin_ctz(lanes)));
}

/// slots[0] = function(slots[1], ..), lane by lane.
template <auto function>
struct Elementwise;

template <typename R, typename... A, R (*function)(A...)>
struct Elementwise<function> {
  /// Results may go where operands are, lane by lane.
  static constexpr bool isInPlace =
      ((sizeof(Stored<A>) == sizeof(Stored<R>)) && ...);

  static EMULATOR_INLINE void compute(Stored<R> *result,
                                      const Stored<A> *...operands) {
    // Slots are the same, or apart.
#pragma clang loop vectorize(assume_safety)
    for (unsigned lane = 0; lane < kLanes; ++lane)
      result[lane] = widen(function(static_cast<A>(operands[lane])...));
  }
  static EMULATOR_INLINE Stored<R> widen(R value) {
    if constexpr (sizeof(R) < 4)
      return static_cast<std::make_unsigned_t<R>>(value);
    else
      return value;
  }
  template <size_t... I>
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation,
                                  std::index_sequence<I...>) {
    if (isInPlace && warp.exec == ~0u)
      return compute(warp.slot<Stored<R>>(operation.slots[0]),
                     warp.slot<Stored<A>>(operation.slots[I + 1])...);
    Stored<R> result[kLanes];
    compute(result, warp.slot<Stored<A>>(operation.slots[I + 1])...);
    writeSlot(warp, operation.slots[0], result);
  }
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    run(warp, operation, std::index_sequence_for<A...>());
  }
};

/// setp: predicates[0] = function(slots[0], ..) `detail` predicates[2], and
/// predicates[1] the same of its opposite.
enum class Combine : uint8_t { None, And, Or, Xor };

EMULATOR_INLINE uint32_t combine(uint32_t bits, uint32_t with, Combine how) {
  switch (how) {
  case Combine::None:
    return bits;
  case Combine::And:
    return bits & with;
  case Combine::Or:
    return bits | with;
  case Combine::Xor:
    return bits ^ with;
  }
  return bits;
}

template <auto function>
struct Comparison;

template <typename A, bool (*function)(A, A)>
struct Comparison<function> {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    const auto *a = warp.slot<Stored<A>>(operation.slots[0]);
    const auto *b = warp.slot<Stored<A>>(operation.slots[1]);
    uint32_t bits = 0;
    for (unsigned lane = 0; lane < kLanes; ++lane)
      bits |=
          uint32_t(function(static_cast<A>(a[lane]), static_cast<A>(b[lane])))
          << lane;
    uint32_t with = warp.predicate(operation, 2);
    Combine how = static_cast<Combine>(operation.detail);
    warp.setPredicate(operation.predicates[0], combine(bits, with, how));
    warp.setPredicate(operation.predicates[1], combine(~bits, with, how));
  }
};

template <typename Body>
void runAnywhere(Warp &warp, const Operation &operation) {
  Body::run(warp, operation);
}

#ifdef EMULATOR_WIDE
template <typename Body>
EMULATOR_WIDE void runWide(Warp &warp, const Operation &operation) {
  Body::run(warp, operation);
}

inline bool hasWideVectors() {
  static const bool has =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("f16c") && __builtin_cpu_supports("bmi2");
  return has;
}

/// Return the handler that runs `Body::run` on this processor.
template <typename Body>
Handler handler() {
  return hasWideVectors() ? runWide<Body> : runAnywhere<Body>;
}
#else
template <typename Body>
Handler handler() {
  return runAnywhere<Body>;
}
#endif

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_LANES_H
