//===- BlockInterfaces.td - What operations say ------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Interfaces by which passes know a norm, a layer with a weight, and what may
// be computed when a model is compiled. TileMapInterface.td has that of tiling.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_BLOCKINTERFACES_TD
#define PERCEIVER_DIALECT_BLOCK_BLOCKINTERFACES_TD

include "mlir/IR/OpBase.td"

class Block_OpInterface<string name> : OpInterface<name> {
  let cppNamespace = "::mlir::perceiver";
}

def Block_NormOpInterface : Block_OpInterface<"NormOpInterface"> {
  let description = [{
    A normalisation of rows, with an affine part behind it:

    ```
    y[row, c] = gain[c] * n(x)[row, c] + bias[c]
    ```

    where `n` has no parameters. Linear layers that read `y` can take in gain
    and bias (`perceiver-fold-norms`), whatever `n` is.
  }];
  let methods = [
    InterfaceMethod<"The rows.", "::mlir::Value", "getInput">,
    InterfaceMethod<"The factors of the channels, or null.", "::mlir::Value",
                    "getGain">,
    InterfaceMethod<"What is added to the channels, or null.", "::mlir::Value",
                    "getBias">,
    InterfaceMethod<"Become `y = n(x)`.", "void", "dropAffine">,
  ];
}

def Block_PreparableOpInterface
    : Block_OpInterface<"PreparableOpInterface"> {
  let description = [{
    What depends on parameters alone is computed when a model is compiled, in
    float64, and stored. An operation with this interface may be part of that;
    `HostOpInterface` (lib/Weights) computes it.
  }];
  let methods = [
    InterfaceMethod<"Whether this one may be, as it stands.", "bool",
      "isPreparable", (ins), "", /*defaultImplementation=*/[{
        return true;
      }]>,
  ];
}

def Block_PackableOpInterface : Block_OpInterface<"PackableOpInterface"> {
  let description = [{
    A layer that may read its weight in another layout than `[K, N]`: a back end
    chooses one, packs the operands that the layer names, and tells it.
  }];
  let methods = [
    InterfaceMethod<"The weight, then what has a value for each column of it.",
                    "::llvm::SmallVector<::mlir::OpOperand *>",
                    "getPackableOperands">,
    InterfaceMethod<"The layout of these operands; null for the plain one.",
                    "::mlir::perceiver::WeightLayoutAttrInterface",
                    "getLayoutAttr">,
    InterfaceMethod<"Say that the operands have this layout.", "void",
                    "setLayoutAttr",
                    (ins "::mlir::perceiver::WeightLayoutAttrInterface":$layout)>,
    InterfaceMethod<"Whether the second half of the columns are gates of the "
                    "first.", "bool", "hasGates">,
    InterfaceMethod<"Groups of columns, side by side and of equal width, that "
                    "multiply different inputs: no panel has columns of two.",
      "int64_t", "getColumnGroups", (ins), "", /*defaultImplementation=*/[{
        return 1;
      }]>,
  ];
}

#endif // PERCEIVER_DIALECT_BLOCK_BLOCKINTERFACES_TD
