//===- WeightLayoutInterface.td - How weights are stored ---*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_WEIGHTLAYOUTINTERFACE_TD
#define PERCEIVER_DIALECT_BLOCK_WEIGHTLAYOUTINTERFACE_TD

include "mlir/IR/OpBase.td"

def Block_WeightLayoutAttrInterface
    : AttrInterface<"WeightLayoutAttrInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    How a weight matrix `[K, N]`, inputs by outputs, lies in memory, and a vector
    `[N]` that belongs to its columns. The dialect knows the shape of what is
    stored and which of it a tile of columns reads; `HostLayoutAttrInterface` of
    lib/Weights packs it, and the kernels of a back end read it.

    Who adds a layout adds an attribute: layers, `pack_weight`, tiling and
    `prepare` know layouts by these methods alone.
  }];
  let methods = [
    InterfaceMethod<[{
      The shape of what `[K, N]` or `[N]` is stored as, as far as the sizes are
      static; `shape` is one of these. Reports sizes that have no such form.
    }], "::llvm::FailureOr<::llvm::SmallVector<int64_t>>", "getPackedShape",
      (ins "::llvm::ArrayRef<int64_t>":$shape,
           "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError)>,
    InterfaceMethod<"`K` of a stored matrix.", "int64_t", "getReductionSize",
      (ins "::llvm::ArrayRef<int64_t>":$packedShape)>,
    InterfaceMethod<"What a tile of the columns of the result, which loop "
                    "`columnLoop` counts, reads of a stored array of this rank.",
      "::llvm::SmallVector<::mlir::perceiver::TileMap>", "getTileMaps",
      (ins "int64_t":$packedRank, "unsigned":$columnLoop)>,
    InterfaceMethod<"Whether columns and their gates are stored together.",
      "bool", "hasGates">,
    InterfaceMethod<"What it is, in words: \"panels of 48 columns\".",
      "::std::string", "describe">,
  ];
}

#endif // PERCEIVER_DIALECT_BLOCK_WEIGHTLAYOUTINTERFACE_TD
