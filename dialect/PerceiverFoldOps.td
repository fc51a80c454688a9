//===- PerceiverFoldOps.td - Operations that rewrites need -*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// No model has these operations: rewrites put them between parameters, and
// `perceiver-split-prepare` takes them out of the model again. They exist on
// tensors only.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_FOLD_OPS
#define PERCEIVER_FOLD_OPS

include "dialect/PerceiverDialect.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Perceiver_ScaleRowsOp
    : Perceiver_Op<"scale_rows",
        [Pure, AllTypesMatch<["matrix", "result"]>]> {
  let summary = "multiply each row of a matrix by its factor";
  let description = [{
    `y[k, n] = factors[k] * x[k, n]`, that is `diag(factors) x`: what remains
    of the gain of a normalisation once it is part of the next layer's weight.

    Example:

    ```mlir
    %y = perceiver.scale_rows %w by %gain : tensor<1024x768xf32>, tensor<1024xf32>
    ```
  }];
  let arguments = (ins 2DTensorOf<[AnyFloat]>:$matrix,
                       1DTensorOf<[AnyFloat]>:$factors);
  let results = (outs 2DTensorOf<[AnyFloat]>:$result);
  let assemblyFormat = [{
    $matrix `by` $factors attr-dict `:` type($matrix) `,` type($factors)
  }];
  let hasVerifier = 1;
}

#endif // PERCEIVER_FOLD_OPS
