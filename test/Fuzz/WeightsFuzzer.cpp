//===- WeightsFuzzer.cpp - Any bytes as a weights file --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/Fuzz/FuzzSupport.h"

#include "lib/Runtime/perceiver_runtime.h"

#include <cstddef>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace perceiver;

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

/// Mutate, and mostly make the header's checksum and often its size right
/// again: what comes after these checks would not be reached by chance.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t maxSize, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, maxSize);
  perceiver_weights_header header;
  if (size < sizeof header || seed % 8 == 0)
    return size;
  std::memcpy(&header, data, sizeof header);
  if (seed % 2 == 1)
    header.file_bytes = size;
  header.header_checksum = perceiver_rt_header_checksum(&header);
  std::memcpy(data, &header, sizeof header);
  return size;
}

static bool fits(uint64_t offset, uint64_t bytes, size_t size) {
  return offset <= size && bytes <= size - offset;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // The reader takes a path.
  static const int file = memfd_create("weights", 0);
  fuzz::require(ftruncate(file, 0) == 0 &&
                pwrite(file, data, size, 0) == static_cast<ssize_t>(size));
  std::string path = "/proc/self/fd/" + std::to_string(file);
  perceiver_weights_header header = {};
  perceiver_status status =
      perceiver_rt_check_weights(path.c_str(), nullptr, &header);
  // A header that was taken, whether or not the parts match their checksums.
  if (status == PERCEIVER_OK || header.header_bytes != 0)
    fuzz::require(header.file_bytes == size &&
                  fits(header.directory_offset, header.directory_bytes, size) &&
                  fits(header.data_offset, header.data_bytes, size));
  if (status != PERCEIVER_OK) {
    std::string text = perceiver_rt_last_error();
    fuzz::require(!text.empty() && text.find('\n') == std::string::npos);
  }
  return 0;
}
