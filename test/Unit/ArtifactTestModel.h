//===- ArtifactTestModel.h - A small artefact -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_ARTIFACTTESTMODEL_H
#define PERCEIVER_TEST_UNIT_ARTIFACTTESTMODEL_H

#include "TargetTestSupport.h"

#include "lib/Artifact/ArtifactDescription.h"

namespace mlir::perceiver::test {

/// A model with two entries, which use everything that generated code gets.
///
///   run:     scaled[i, :] = image[i, :] * w + image[i, :]   for i < batch,
///            in two phases, with one buffer for all and one for each worker
///   masked:  class = mask ? ids : 0                         three numbers
ArtifactDescription toyDescription(llvm::StringRef prefix = "toy");

/// The same with two kernels, as PTX and as a cubin, for CUDA devices.
ArtifactDescription toyDeviceDescription();

/// The code of its entries in the LLVM dialect.
std::string toyCode(llvm::StringRef prefix = "toy");

/// Its weights file: w = 1, 2, 3, 4.
std::string toyWeights(const ArtifactDescription &artifact);

/// The shared object of a description and its code.
Bytes linkArtifact(const ArtifactDescription &artifact, llvm::StringRef code);

} // namespace mlir::perceiver::test

#endif // PERCEIVER_TEST_UNIT_ARTIFACTTESTMODEL_H
