//===- ArtifactFuzzer.cpp - Any bytes as a compiled model -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/Fuzz/FuzzSupport.h"

#include "lib/Loader/Description.h"
#include "lib/Loader/ElfMetadata.h"

using namespace perceiver;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Result<ElfMetadata> elf = findElfMetadata(data, size, "fuzz");
  // What is no ELF file is tried as the text of metadata.
  Result<Metadata> metadata = parseMetadata(
      elf ? elf->text
          : std::string(reinterpret_cast<const char *>(data), size));
  if (metadata)
    fuzz::require(!describe(*metadata).empty());
  else
    fuzz::require(metadata.error().str().find('\n') == std::string::npos);
  return 0;
}
