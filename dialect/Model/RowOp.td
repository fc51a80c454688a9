//===- RowOp.td - Base of operations on rows ---------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_ROWOP_TD
#define PERCEIVER_DIALECT_MODEL_ROWOP_TD

include "dialect/Model/PerceiverDialect.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// Computes one array, most often from arrays of rows.
class Perceiver_RowOp<string mnemonic, list<Trait> traits = []>
    : Perceiver_Op<mnemonic, traits # [Pure]> {
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
}

#endif // PERCEIVER_DIALECT_MODEL_ROWOP_TD
