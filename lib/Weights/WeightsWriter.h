//===- WeightsWriter.h - Compute and write weight files ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_WEIGHTS_WEIGHTSWRITER_H
#define PERCEIVER_LIB_WEIGHTS_WEIGHTSWRITER_H

#include "lib/Artifact/ArtifactDescription.h"
#include "lib/Weights/PrepareEvaluator.h"

#include "mlir/IR/BuiltinOps.h"

#include <array>

namespace mlir::perceiver {

/// What `perceiver-assign-weight-offsets` says about the weight file of a
/// module.
struct WeightsLayout {
  std::array<uint8_t, 32> id;
  uint64_t bytes;
  /// One for each member, in the order of the file.
  std::vector<WeightDescription> tensors;
};

/// Read the layout off the module and its weights. Reports what is missing or
/// overlaps.
FailureOr<WeightsLayout> getWeightsLayout(ModuleOp module);

/// Compute all weights of `module`, one member at a time, and write the file
/// that lib/Runtime/weights_format.h describes. Errors of the stream are the
/// caller's.
LogicalResult writeWeights(ModuleOp module, ParameterSource &parameters,
                           llvm::raw_pwrite_stream &output);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_WEIGHTS_WEIGHTSWRITER_H
