//===- DestinationOp.td - Base of block operations ---------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_DESTINATIONOP_TD
#define PERCEIVER_DIALECT_BLOCK_DESTINATIONOP_TD

include "dialect/Block/BlockDialect.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Block_Shaped
    : AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef], "tensor or memref">;

/// The operation reads its destinations before it writes them; all others only
/// overwrite them.
def Block_ReadsDestination : NativeOpTrait<"ReadsDestination"> {
  let cppNamespace = "::mlir::perceiver";
}

/// Destination-passing operation on tensors or memrefs. Pure on tensors.
class Block_DestinationOp<string mnemonic, list<Trait> traits = []>
    : Block_Op<mnemonic, traits # [
        DestinationStyleOpInterface,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        DeclareOpInterfaceMethods<ConditionallySpeculatable>,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                  ["reifyResultShapes"]>]> {
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let hasVerifier = 1;
  code oneInit = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getInitMutable();
    }
  }];
}

#endif // PERCEIVER_DIALECT_BLOCK_DESTINATIONOP_TD
