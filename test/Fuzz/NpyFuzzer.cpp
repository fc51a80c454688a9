//===- NpyFuzzer.cpp - Any bytes as .npy and as .npz ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/Fuzz/FuzzSupport.h"

#include "lib/TensorFile/Npy.h"
#include "lib/TensorFile/Npz.h"

using namespace perceiver;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::checkTensors(parseNpz(data, size, "fuzz"), nullptr, 0);
  if (Result<TensorView> view = parseNpy(data, size, "fuzz", "t"))
    fuzz::checkTensor(*view, data, size);
  return 0;
}
