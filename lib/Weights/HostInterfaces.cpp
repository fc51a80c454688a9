//===- HostInterfaces.cpp - Evaluation on the host ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Weights/HostModels.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "lib/Weights/HostAttrInterfaces.cpp.inc"
#include "lib/Weights/HostOpInterfaces.cpp.inc"

void perceiver::registerHostModels(DialectRegistry &registry) {
  registerHostBlockModels(registry);
  registerHostLayouts(registry);
  registerHostTensorModels(registry);
}
