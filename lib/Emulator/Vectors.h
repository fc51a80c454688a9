//===- Vectors.h - A few words at once -------------------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// For what loops of unknown length do to words beside each other, and for the
/// transposition between memory, where the words of a lane are together, and
/// slots, where those of a register are.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_VECTORS_H
#define PERCEIVER_LIB_EMULATOR_VECTORS_H

#include <cstdint>
#include <cstring>

#define EMULATOR_INLINE inline __attribute__((always_inline))

namespace perceiver::emulator {

using Words4 = uint32_t __attribute__((vector_size(16)));
using Words8 = uint32_t __attribute__((vector_size(32)));
using Longs4 = uint64_t __attribute__((vector_size(32)));

template <typename V>
EMULATOR_INLINE void loadVector(V &vector, const void *from) {
  memcpy(&vector, from, sizeof vector);
}
template <typename V>
EMULATOR_INLINE void storeVector(void *to, const V &vector) {
  memcpy(to, &vector, sizeof vector);
}
template <typename V>
EMULATOR_INLINE bool isAnySet(const V &vector) {
  auto bits = vector[0];
  for (unsigned i = 1; i < sizeof(V) / sizeof bits; ++i)
    bits |= vector[i];
  return bits != 0;
}

/// Load 4 words for each of 8 lanes: words[k] has word k of all.
template <typename F>
EMULATOR_INLINE void loadTransposed(Words8 (&words)[4], F source) {
  Words8 pairs[4];
  for (unsigned i = 0; i < 4; ++i) {
    Words4 low, high;
    loadVector(low, source(i));
    loadVector(high, source(i + 4));
    pairs[i] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
  }
  Words8 a = __builtin_shufflevector(pairs[0], pairs[1], 0, 8, 1, 9, 4, 12, 5,
                                     13),
         b = __builtin_shufflevector(pairs[0], pairs[1], 2, 10, 3, 11, 6, 14, 7,
                                     15),
         c = __builtin_shufflevector(pairs[2], pairs[3], 0, 8, 1, 9, 4, 12, 5,
                                     13),
         d = __builtin_shufflevector(pairs[2], pairs[3], 2, 10, 3, 11, 6, 14, 7,
                                     15);
  words[0] = __builtin_shufflevector(a, c, 0, 1, 8, 9, 4, 5, 12, 13);
  words[1] = __builtin_shufflevector(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
  words[2] = __builtin_shufflevector(b, d, 0, 1, 8, 9, 4, 5, 12, 13);
  words[3] = __builtin_shufflevector(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
}

/// The opposite. Lanes are stored in their order.
template <typename F>
EMULATOR_INLINE void storeTransposed(const Words8 (&words)[4], F target) {
  Words8 a = __builtin_shufflevector(words[0], words[1], 0, 8, 1, 9, 4, 12, 5,
                                     13),
         b = __builtin_shufflevector(words[0], words[1], 2, 10, 3, 11, 6, 14, 7,
                                     15),
         c = __builtin_shufflevector(words[2], words[3], 0, 8, 1, 9, 4, 12, 5,
                                     13),
         d = __builtin_shufflevector(words[2], words[3], 2, 10, 3, 11, 6, 14, 7,
                                     15);
  Words8 pairs[4] = {
      __builtin_shufflevector(a, c, 0, 1, 8, 9, 4, 5, 12, 13),
      __builtin_shufflevector(a, c, 2, 3, 10, 11, 6, 7, 14, 15),
      __builtin_shufflevector(b, d, 0, 1, 8, 9, 4, 5, 12, 13),
      __builtin_shufflevector(b, d, 2, 3, 10, 11, 6, 7, 14, 15),
  };
  for (unsigned i = 0; i < 4; ++i)
    storeVector(target(i), Words4(__builtin_shufflevector(pairs[i], pairs[i], 0,
                                                          1, 2, 3)));
  for (unsigned i = 0; i < 4; ++i)
    storeVector(target(i + 4), Words4(__builtin_shufflevector(
                                   pairs[i], pairs[i], 4, 5, 6, 7)));
}

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_VECTORS_H
