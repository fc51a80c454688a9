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
#include "llvm/Support/raw_ostream.h"

#ifdef PERCEIVER_INCLUDE_TESTS
namespace mlir::perceiver::check {
void registerCheckDialect(DialectRegistry &registry);
} // namespace mlir::perceiver::check
#endif

int main(int argc, char **argv) {
  mlir::perceiver::hideForeignOptions();
  mlir::DialectRegistry registry;
  mlir::perceiver::registerAllDialects(registry);
#ifdef PERCEIVER_INCLUDE_TESTS
  mlir::perceiver::check::registerCheckDialect(registry);
#endif
  mlir::perceiver::registerAllPasses();
  auto [input, output] = mlir::registerAndParseCLIOptions(
      argc, argv,
      "Perceiver compiler passes\n" + mlir::perceiver::describeStages(),
      registry);
  std::string repeated = mlir::perceiver::findRepeatedOption();
  if (!repeated.empty()) {
    llvm::errs() << "perceiver-opt: error: " << repeated << "\n";
    return 1;
  }
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, input, output, registry));
}
