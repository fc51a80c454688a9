//===- ElfMetadata.h - Find a model's metadata in a file --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_ELFMETADATA_H
#define PERCEIVER_LIB_LOADER_ELFMETADATA_H

#include "lib/Support/Result.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace perceiver {

/// The section of a compiled model that holds its metadata: JSON text, which
/// zero bytes may follow.
inline constexpr char kMetadataSection[] = ".perceiver.meta";

struct ElfMetadata {
  std::string text;
  /// The processor that the file is for: e_machine, as EM_X86_64.
  uint16_t machine = 0;
  /// The newest version of glibc that a symbol asks for, as "2.34"; empty: none
  /// is named.
  std::string glibc;
};

/// Find the section in a 64-bit little-endian ELF shared object or object
/// file, for any processor, without executing it. `path` is for diagnostics.
Result<ElfMetadata> findElfMetadata(const uint8_t *data, size_t size,
                                    const std::string &path);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_ELFMETADATA_H
