//===- Init.cpp - Registration for all tools ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Init/Init.h"

#include "dialect/Bufferization.h"
#include "dialect/PerceiverDialect.h"
#include "lib/CPU/Passes.h"
#include "lib/Conversion/Passes.h"
#include "lib/Execution/Passes.h"
#include "lib/Pipelines/Pipelines.h"
#include "lib/Tiling/Passes.h"
#include "lib/Transforms/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"

using namespace mlir;

void perceiver::registerAllDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<PerceiverDialect>();
  registerBufferizationInterfaces(registry);
}

void perceiver::registerAllPasses() {
  mlir::registerAllPasses();
  registerPerceiverCPUPasses();
  registerPerceiverConversionPasses();
  registerPerceiverExecutionPasses();
  registerPerceiverTilingPasses();
  registerPipelines();
  registerPerceiverTransformsPasses();
}
