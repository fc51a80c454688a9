//===- BlockTraits.td - What passes know of operations -----*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_BLOCKTRAITS_TD
#define PERCEIVER_DIALECT_BLOCK_BLOCKTRAITS_TD

include "mlir/IR/OpBase.td"

class Block_Trait<string name> : NativeOpTrait<name> {
  let cppNamespace = "::mlir::perceiver";
}

def Block_ReadsDestination : Block_Trait<"ReadsDestination">;
def Block_PreparedOnly : Block_Trait<"PreparedOnly">;
def Block_NoMatrixProduct : Block_Trait<"NoMatrixProduct">;
def Block_CheapToRepeat : Block_Trait<"CheapToRepeat">;

#endif // PERCEIVER_DIALECT_BLOCK_BLOCKTRAITS_TD
