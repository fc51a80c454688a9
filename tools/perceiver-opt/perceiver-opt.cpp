//===- perceiver-opt.cpp - The passes, one at a time ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Init/Init.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

#ifdef PERCEIVER_INCLUDE_TESTS
namespace mlir::perceiver::check {
void registerCheckDialect(DialectRegistry &registry);
} // namespace mlir::perceiver::check
#endif

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::perceiver::registerAllDialects(registry);
#ifdef PERCEIVER_INCLUDE_TESTS
  mlir::perceiver::check::registerCheckDialect(registry);
#endif
  mlir::perceiver::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv,
      "Perceiver compiler passes\n" + mlir::perceiver::describeStages(),
      registry));
}
