//===- ConversionInterfaces.cpp - Sizes and expansion ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"

#include "dialect/Model/PerceiverDialect.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "lib/Conversion/ConversionInterfaces.cpp.inc"

void perceiver::registerConversionModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, PerceiverDialect *) {
    attachAttentionModels(context);
    attachConditionModels(context);
    attachElementModels(context);
    attachImageModels(context);
    attachInputModels(context);
    attachLayoutModels(context);
    attachMaskModels(context);
    attachPositionModels(context);
    attachProcessModel(context);
    attachRowModels(context);
  });
  registerForeignSizes(registry);
}
