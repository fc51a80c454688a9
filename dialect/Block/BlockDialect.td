//===- BlockDialect.td - The block dialect -----------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_BLOCKDIALECT_TD
#define PERCEIVER_DIALECT_BLOCK_BLOCKDIALECT_TD

include "dialect/CommonInvariants.td"
include "mlir/IR/OpBase.td"

def BlockDialect : Dialect {
  let name = "block";
  let cppNamespace = "::mlir::perceiver::block";
  let summary = "What the blocks of a model are made of";
  let description = [{
    `layer_norm`, `linear`, `attention` and their like, in destination-passing
    style as in the linalg dialect: the same operation exists on tensors, where
    it is tiled and fused, and on memrefs, where it is lowered to vector code.
    `online_attention` has its running maximum and sum in its destinations, so
    that it can be tiled over its keys and merged. `weight` and `get_weight`
    are what the parameters of a model have become.

    The description of `perceiver` says which operation comes from which.
    Enumerations, and the attribute `perceiver.tiling`, are of that dialect.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::perceiver::PerceiverDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let extraClassDeclaration = [{
    /// Parses what is no operation of the dialect: an error with a suggestion.
    std::optional<ParseOpHook>
    getParseOperationHook(::llvm::StringRef name) const override;
    /// Registers the attributes; defined apart, where their storage is.
    void registerAttributes();
  }];
}

class Block_Op<string mnemonic, list<Trait> traits = []>
    : Op<BlockDialect, mnemonic, [Perceiver_CommonInvariants] # traits>,
      Perceiver_Lacks;

#endif // PERCEIVER_DIALECT_BLOCK_BLOCKDIALECT_TD
