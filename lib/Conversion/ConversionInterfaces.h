//===- ConversionInterfaces.h - Sizes and expansion -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CONVERSION_CONVERSIONINTERFACES_H
#define PERCEIVER_LIB_CONVERSION_CONVERSIONINTERFACES_H

#include "lib/Conversion/BlockExpander.h"
#include "lib/Conversion/SizeInference.h"

#include "mlir/IR/OpDefinition.h"

#include "lib/Conversion/ConversionInterfaces.h.inc"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::perceiver {

/// Register sizes and expansion of what descriptions hold.
void registerConversionModels(DialectRegistry &registry);

/// The parts of that, one for each family of operations.
void attachAttentionModels(MLIRContext *context);
void attachConditionModels(MLIRContext *context);
void attachElementModels(MLIRContext *context);
void attachImageModels(MLIRContext *context);
void attachInputModels(MLIRContext *context);
void attachLayoutModels(MLIRContext *context);
void attachMaskModels(MLIRContext *context);
void attachPositionModels(MLIRContext *context);
void attachProcessModel(MLIRContext *context);
void attachRowModels(MLIRContext *context);
void registerForeignSizes(DialectRegistry &registry);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CONVERSION_CONVERSIONINTERFACES_H
