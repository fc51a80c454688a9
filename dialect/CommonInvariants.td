//===- CommonInvariants.td - What holds of all operations --*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_COMMONINVARIANTS_TD
#define PERCEIVER_DIALECT_COMMONINVARIANTS_TD

include "mlir/IR/OpBase.td"

def Perceiver_CommonInvariants : NativeOpTrait<"CommonInvariants"> {
  let cppNamespace = "::mlir::perceiver";
}

#endif // PERCEIVER_DIALECT_COMMONINVARIANTS_TD
