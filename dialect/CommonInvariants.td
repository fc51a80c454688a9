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

/// Operations have an example, tests and the interfaces of their level. `lacks`
/// names what this one does not have, and says why: "fuzz: no model has it".
/// test/Structure/check_operations.py says which names there are, and lists all.
class Perceiver_Lacks {
  list<string> lacks = [];
}

#endif // PERCEIVER_DIALECT_COMMONINVARIANTS_TD
