//===- PerceiverDialect.td - The perceiver dialect ---------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT
#define PERCEIVER_DIALECT

include "mlir/IR/OpBase.td"

def PerceiverDialect : Dialect {
  let name = "perceiver";
  let cppNamespace = "::mlir::perceiver";
  let summary = "Encode, process and decode attention of the Perceiver family";
  let description = [{
    Three levels of operations share this dialect:

    * model level: `encode`, `process`, `decode` and what surrounds them, as
      the papers draw them; weights are bound to parameter symbols by name;
    * block level: `layer_norm`, `linear`, `attention` and their like, in
      destination-passing style as in the linalg dialect, so that the same
      operation exists on tensors (where it is tiled and fused) and on memrefs
      (where it is lowered to vector code);
    * tile level: `online_attention`, whose running maximum and sum are
      destinations, so that it can be tiled over its keys and merged.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let extraClassDeclaration = [{
    /// Parses what is no operation of the dialect: an error with a suggestion.
    std::optional<ParseOpHook>
    getParseOperationHook(::llvm::StringRef name) const override;
    /// Registers the attributes; defined apart, where their storage is.
    void registerAttributes();
    /// Registers the operations of PerceiverFrameOps.td; defined apart so that
    /// only FrameOps.cpp includes the LLVM dialect.
    void registerFrameOps();
  }];
}

def Perceiver_CommonInvariants : NativeOpTrait<"CommonInvariants"> {
  let cppNamespace = "::mlir::perceiver";
}

class Perceiver_Op<string mnemonic, list<Trait> traits = []>
    : Op<PerceiverDialect, mnemonic, [Perceiver_CommonInvariants] # traits>;

#endif // PERCEIVER_DIALECT
