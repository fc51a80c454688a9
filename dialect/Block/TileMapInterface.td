//===- TileMapInterface.td - Loops of block operations -----*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_TILEMAPINTERFACE_TD
#define PERCEIVER_DIALECT_BLOCK_TILEMAPINTERFACE_TD

include "dialect/Model/TilingAttrInterface.td"

def Block_TileMapOpInterface
    : OpInterface<"TileMapOpInterface", [Perceiver_TilingAttrOpInterface]> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    How the loops of a destination-passing operation run over the dimensions of
    its operands. From this alone Tiling.cpp implements `TilingInterface`, so an
    operation states its loops once instead of writing six methods.

    Every loop must appear undivided, with divisor 1, in some dimension of some
    operand: that dimension, over its factor, is its extent. With a factor other
    than 1 it has to be static.
  }];
  // After the operation's own verifier, which checks the ranks.
  let verify = "return ::mlir::perceiver::verifyTileMaps($_op);";
  let verifyWithRegions = 1;
  let methods = [
    InterfaceMethod<"The loops, from the outermost on.",
      "::llvm::SmallVector<::mlir::utils::IteratorType>", "getTileLoops">,
    InterfaceMethod<"What a loop counts, for messages; empty for rows and "
                    "columns.", "::llvm::StringRef", "getTileLoopName",
      (ins "unsigned":$loop), "", /*defaultImplementation=*/[{
        return "";
      }]>,
    InterfaceMethod<[{
      For each dimension of a shaped operand, which part of it a tile touches.
      Empty for an operand that is not shaped.
    }], "::llvm::SmallVector<::mlir::perceiver::TileMap>", "getTileMaps",
      (ins "unsigned":$operandNumber)>,
    InterfaceMethod<[{
      Adjust a tiled copy of the operation to the place of the tile, for what
      slicing operands does not express (an offset that is an operand). The tile
      is legal: each loop with TileLoop::isScaled has a static number of
      iterations.
    }], "void", "adjustTile",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Operation *":$tile,
           "::llvm::ArrayRef<::mlir::OpFoldResult>":$offsets),
      "", /*defaultImplementation=*/[{ return; }]>,
  ];
}

def Block_TileMaps
    : DeclareOpInterfaceMethods<Block_TileMapOpInterface>;

#endif // PERCEIVER_DIALECT_BLOCK_TILEMAPINTERFACE_TD
