//===- BoundParameters.h - Parameters that operations read ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_BOUNDPARAMETERS_H
#define PERCEIVER_DIALECT_MODEL_BOUNDPARAMETERS_H

#include "dialect/Model/ParameterOps.h"

#include <string>

namespace mlir::perceiver {

/// "; did you mean @x?" for the parameter with the nearest name that `op` may
/// read, or "".
std::string didYouMeanParameter(Operation *op, StringRef name);

/// The parameter `symbol` that `op` reads as its `what`. A family may be read
/// inside of `process` only. Reports an error and returns null if there is no
/// such parameter, if it has another shape than `shape`, where known, or other
/// elements than the result of `op`: a checkpoint's elements are converted to
/// those of the parameter, and nowhere else.
ParameterOp lookupParameter(Operation *op, SymbolTableCollection &symbols,
                            FlatSymbolRefAttr symbol, const Twine &what,
                            ArrayRef<int64_t> shape);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_MODEL_BOUNDPARAMETERS_H
