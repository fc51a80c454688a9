//===- BlockAttrs.td - Attributes of blocks ----------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_BLOCKATTRS_TD
#define PERCEIVER_DIALECT_BLOCK_BLOCKATTRS_TD

include "dialect/Block/BlockDialect.td"
include "dialect/Block/WeightLayoutInterface.td"
include "mlir/IR/AttrTypeBase.td"

def Block_PanelsAttr
    : AttrDef<BlockDialect, "Panels",
        [DeclareAttrInterfaceMethods<Block_WeightLayoutAttrInterface>]> {
  let mnemonic = "panels";
  let summary = "a weight matrix packed in panels of columns";
  let description = [{
    A matrix `[K, N]` is stored as `[P, K, L]`, a vector `[N]` as `[P, L]`:
    panel `p` holds the columns `p * columns .. min((p + 1) * columns, N)`,
    `L = lanes >= columns` elements to a row, the rest zero. With `gated`, `N` is
    twice the width of the result and each panel holds `columns` value columns
    followed, from lane `lanes / 2` on, by the gate columns that belong to them.

    Panels are the unit in which a kernel walks over a weight: the rows of one
    panel are contiguous, so it streams once through the cache.
  }];
  let parameters = (ins "int64_t":$columns, "int64_t":$lanes,
                        DefaultValuedParameter<"bool", "false">:$gated);
  let extraClassDeclaration = [{
    /// Panels for so many columns of the result.
    int64_t getPanelCount(int64_t resultColumns) const {
      return resultColumns / getColumns() +
             (resultColumns % getColumns() != 0);
    }
  }];
  let assemblyFormat = "`<` custom<Panels>($columns, $lanes, $gated) `>`";
  let genVerifyDecl = 1;
}

def Block_PlanesAttr
    : AttrDef<BlockDialect, "Planes",
        [DeclareAttrInterfaceMethods<Block_WeightLayoutAttrInterface>]> {
  let mnemonic = "planes";
  let summary = "a weight matrix of columns and their gates in two planes";
  let description = [{
    A matrix `[K, 2 N]` whose second half of columns are gates is stored as
    `[K, 2, N]`, a vector `[2 N]` as `[2, N]`: the same elements in the same order.
    A tile of columns of the result is then a slice of both halves.
  }];
}

#endif // PERCEIVER_DIALECT_BLOCK_BLOCKATTRS_TD
