//===- ExtraOps.td - A norm and a layout from outside ------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What another dialect can add without a change in the compiler.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_LIB_EXTRA_EXTRAOPS_TD
#define PERCEIVER_TEST_LIB_EXTRA_EXTRAOPS_TD

include "dialect/Block/BlockInterfaces.td"
include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"
include "dialect/Block/WeightLayoutInterface.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def ExtraDialect : Dialect {
  let name = "extra";
  let cppNamespace = "::mlir::perceiver::extra";
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = "void registerAttributes();";
}

def Extra_RMSNormOp
    : DestinationOp<ExtraDialect, "rms_norm",
                    [Block_TileMaps, Block_NormOpInterface]> {
  let summary = "a norm that does not center: gain * x / sqrt(mean(x^2))";
  let arguments = (ins Block_Shaped:$input, Optional<Block_Shaped>:$gain,
                       Block_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)` (`gain` `(` $gain^ `:` type($gain) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = oneInit # [{
    ::mlir::Value getBias() { return {}; }
    void dropAffine() { getGainMutable().clear(); }
  }];
}

def Extra_TwiceOp : Op<ExtraDialect, "twice", [Pure, SameOperandsAndResultType]> {
  let summary = "x + x, of the model level";
  let arguments = (ins AnyRankedTensor:$input);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def Extra_WrongOp
    : DestinationOp<ExtraDialect, "wrong", [Block_TileMaps]> {
  let summary = "an operation with tile maps that contradict its operands";
  let arguments = (ins Block_Shaped:$init, I64Attr:$maps, I64Attr:$loop);
  let assemblyFormat = [{
    $maps $loop `outs` `(` $init `:` type($init) `)` attr-dict
    (`->` type($results)^)?
  }];
  let extraClassDeclaration = oneInit;
}

def Extra_TransposedAttr
    : AttrDef<ExtraDialect, "Transposed",
              [DeclareAttrInterfaceMethods<Block_WeightLayoutAttrInterface>]> {
  let mnemonic = "transposed";
  let summary = "a weight matrix stored as [N, K]";
}

#endif // PERCEIVER_TEST_LIB_EXTRA_EXTRAOPS_TD
