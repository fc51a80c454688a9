//===- WeightsFile.h - The file beside a compiled model ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_WEIGHTSFILE_H
#define PERCEIVER_LIB_LOADER_WEIGHTSFILE_H

#include "lib/Loader/Metadata.h"

#include <string>

namespace perceiver {

/// Return the file with this extension that stands beside a model: "m.so" has
/// "m.weights" and "m.h". (lib/Runtime/model.c looks for the weights there.)
std::string pathBeside(std::string model, const std::string &extension);

/// Check all of a weights file: its own checksums, and that it is the model's.
Status checkWeights(const Metadata &metadata, const std::string &path);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_WEIGHTSFILE_H
