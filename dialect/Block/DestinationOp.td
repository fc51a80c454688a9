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
include "dialect/Block/BlockTraits.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Block_Shaped
    : AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef], "tensor or memref">;

/// Destination-passing operation on tensors or memrefs, of any dialect. Pure on
/// tensors.
class DestinationOp<Dialect dialect, string mnemonic, list<Trait> traits = []>
    : Op<dialect, mnemonic, traits # [
        DestinationStyleOpInterface,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        DeclareOpInterfaceMethods<ConditionallySpeculatable>,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                  ["reifyResultShapes"]>]> {
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let hasVerifier = 1;
  let extraClassDefinition = [{
    void $cppClass::getEffects(
        ::llvm::SmallVectorImpl<::mlir::MemoryEffects::EffectInstance>
            &effects) {
      ::mlir::perceiver::getDestinationEffects(*this, effects);
    }
    ::mlir::Speculation::Speculatability $cppClass::getSpeculatability() {
      return ::mlir::perceiver::getDestinationSpeculatability(*this);
    }
    ::llvm::LogicalResult $cppClass::reifyResultShapes(
        ::mlir::OpBuilder &builder,
        ::mlir::ReifiedRankedShapedTypeDims &shapes) {
      return ::mlir::perceiver::reifyDestinationShapes(builder, *this, shapes);
    }
  }];
  code oneInit = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getInitMutable();
    }
  }];
}

class Block_DestinationOp<string mnemonic, list<Trait> traits = []>
    : DestinationOp<BlockDialect, mnemonic,
                    [Perceiver_CommonInvariants] # traits>,
      Perceiver_Lacks;

#endif // PERCEIVER_DIALECT_BLOCK_DESTINATIONOP_TD
