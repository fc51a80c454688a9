/*===- checksum.h - Checksum of weights files ---------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* A 64-bit sum over mixed words, against accidents and not against forgery:

     checksum = mix(byte count) + sum over i of mix(word[i] + (i + 1) * K)

   modulo 2^64, with little-endian 8-byte words (the last one filled up with
   zeros), K = 0x9e3779b97f4a7c15 and mix the finalizer of SplitMix64:

     z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
     z = (z ^ (z >> 27)) * 0x94d049bb133111eb
     mix(z) = z ^ (z >> 31)

   mix is a bijection, so a change within one word is found for certain; other
   changes, also words that change places, escape with probability 2^-64. As the
   terms are independent of each other, parts can be summed in any order
   and by several threads, and NumPy computes it in five array operations. */

#ifndef PERCEIVER_LIB_RUNTIME_CHECKSUM_H
#define PERCEIVER_LIB_RUNTIME_CHECKSUM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The checksum of `bytes` bytes. */
uint64_t perceiver_checksum(const void *data, uint64_t bytes);

/* The terms of a part that starts `offset` bytes into the whole. `offset` is a
   multiple of 8, and so is `bytes` unless the part is the last. */
uint64_t perceiver_checksum_part(const void *data, uint64_t bytes,
                                 uint64_t offset);

/* The checksum from the sum of all parts' terms and the whole's length. */
uint64_t perceiver_checksum_finish(uint64_t sum, uint64_t total_bytes);

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_LIB_RUNTIME_CHECKSUM_H */
