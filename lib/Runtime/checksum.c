/*===- checksum.c - Checksum of weights files ---------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "lib/Runtime/checksum.h"

#include <string.h>

#define POSITION_STEP UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static uint64_t load_little_endian(const unsigned char *bytes, uint64_t count) {
  unsigned char padded[8] = {0};
  memcpy(padded, bytes, count);
  uint64_t word;
  memcpy(&word, padded, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

uint64_t perceiver_checksum_part(const void *data, uint64_t bytes,
                                 uint64_t offset) {
  const unsigned char *next = data;
  uint64_t position = (offset / 8 + 1) * POSITION_STEP;
  uint64_t sum = 0;
  for (; bytes >= 8; bytes -= 8, next += 8, position += POSITION_STEP)
    sum += mix(load_little_endian(next, 8) + position);
  if (bytes)
    sum += mix(load_little_endian(next, bytes) + position);
  return sum;
}

uint64_t perceiver_checksum_finish(uint64_t sum, uint64_t total_bytes) {
  return sum + mix(total_bytes);
}

uint64_t perceiver_checksum(const void *data, uint64_t bytes) {
  return perceiver_checksum_finish(perceiver_checksum_part(data, bytes, 0),
                                   bytes);
}
