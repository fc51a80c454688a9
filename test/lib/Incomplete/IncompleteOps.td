//===- IncompleteOps.td - Operations that lack something ---*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What test/Structure/operations.test must complain about.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_LIB_INCOMPLETE_INCOMPLETEOPS_TD
#define PERCEIVER_TEST_LIB_INCOMPLETE_INCOMPLETEOPS_TD

include "dialect/CommonInvariants.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def IncompleteDialect : Dialect {
  let name = "incomplete";
  let cppNamespace = "::mlir::perceiver::incomplete";
}

class Incomplete_Op<string mnemonic, list<Trait> traits = []>
    : Op<IncompleteDialect, mnemonic, traits>, Perceiver_Lacks;

def Incomplete_NothingOp : Incomplete_Op<"nothing">;

def Incomplete_ExcusedOp : Incomplete_Op<"excused", [Pure]> {
  let summary = "gives reasons, most of them wrong";
  let lacks = [
    "colour: it is grey",
    "example",
    "fuzz: ",
    "numeric: computes nothing",
    "numeric: computes nothing, really",
    "summary: nobody wrote one"
  ];
}

#endif // PERCEIVER_TEST_LIB_INCOMPLETE_INCOMPLETEOPS_TD
