//===- SafetensorsFuzzer.cpp - Any bytes as .safetensors ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/Fuzz/FuzzSupport.h"

#include "lib/TensorFile/Safetensors.h"

using namespace perceiver;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::checkTensors(SafetensorsFile::parse(data, size, "fuzz"), data, size);
  return 0;
}
