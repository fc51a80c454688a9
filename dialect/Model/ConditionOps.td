//===- ConditionOps.td - What must hold before a run -------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_CONDITIONOPS_TD
#define PERCEIVER_DIALECT_MODEL_CONDITIONOPS_TD

include "dialect/Model/PerceiverDialect.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Perceiver_SizeRelation
    : I32EnumAttr<"SizeRelation", "what may hold between two sizes",
                  [I32EnumAttrCase<"Equal", 0, "=">,
                   I32EnumAttrCase<"AtMost", 1, "<=">,
                   I32EnumAttrCase<"MultipleOf", 2, "multiple_of">]> {
  let cppNamespace = "::mlir::perceiver";
}

def Perceiver_RequireOp
    : Perceiver_Op<"require", [MemoryEffects<[MemWrite]>]> {
  let summary = "refuse a run unless sizes fit";
  let description = [{
    Two sizes of which one is at most the other (`<=`), equal to it (`=`) or a
    multiple of it (`multiple_of`). They are made of dynamic sizes of arguments,
    `index` arguments and constants. The sizes of a run are checked before
    anything is computed, and where they do not fit it fails with the sentence.

    What follows may count on it: a slice of `%n` rows lies within a table of
    2,048.

    Example:

    ```mlir
    func.func @f(%ids: tensor<?x?xi64> {perceiver.sizes = ["batch", "rows"]}) {
      %c1 = arith.constant 1 : index
      %c2048 = arith.constant 2048 : index
      %n = tensor.dim %ids, %c1 : tensor<?x?xi64>
      perceiver.require %n <= %c2048, "at most 2,048 tokens"
      return
    }
    ```
  }];
  let arguments = (ins Index:$left, Perceiver_SizeRelation:$relation,
                       Index:$right, StrAttr:$sentence);
  let assemblyFormat = [{
    $left custom<SizeRelation>($relation) $right `,` $sentence attr-dict
  }];
  let hasVerifier = 1;
  let lacks = ["reference: computes nothing"];
}

#endif // PERCEIVER_DIALECT_MODEL_CONDITIONOPS_TD
