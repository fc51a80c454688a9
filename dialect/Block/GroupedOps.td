//===- GroupedOps.td - Layers of groups of channels --------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_GROUPEDOPS_TD
#define PERCEIVER_DIALECT_BLOCK_GROUPEDOPS_TD

include "dialect/Block/BlockInterfaces.td"
include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"
include "dialect/Block/WeightLayoutInterface.td"

def Block_GroupedLinearOp
    : Block_DestinationOp<"grouped_linear",
        [Block_PreparableOpInterface,
         DeclareOpInterfaceMethods<Block_TileMapOpInterface, ["adjustTile"]>,
         Block_PackableOpInterface]> {
  let summary = "a linear layer for each group of channels";
  let description = [{
    Channels of rows are `G` groups of `K`, and become `G` groups of `N`. For
    each group `g`

    ```
    y[rows, g*N + n] = sum_k x[rows, g*K + k] * w[k, g*N + n] + bias[g*N + n]
    ```

    (one layer for each head, as in Vaswani et al., arXiv 1706.03762, section
    3.2.2). The weight is `[K, G*N]`, the matrices of the groups side by side, or
    packed as the attribute `layout` says, in panels of columns of one group.

    Loops: the rows and the groups.

    Example:

    ```mlir
    // Eight heads of 64 channels become heads of 29.
    %u = block.grouped_linear ins(%q, %w : tensor<?x512x512xf32>, tensor<64x232xf32>)
        outs(%init : tensor<?x512x232xf32>) groups = 8 -> tensor<?x512x232xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input,
                       Block_Shaped:$weight,
                       Optional<Block_Shaped>:$bias,
                       Block_Shaped:$init,
                       I64Attr:$groups,
                       OptionalAttr<Block_WeightLayoutAttrInterface>:$layout);
  let assemblyFormat = [{
    `ins` `(` $input `,` $weight `:` type($input) `,` type($weight) `)`
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    `outs` `(` $init `:` type($init) `)` `groups` `=` $groups attr-dict
    (`->` type($results)^)?
  }];
  let builders = [
    // Computes the destination. `bias` may be null.
    OpBuilder<(ins "Value":$input, "Value":$weight, "Value":$bias,
                   "int64_t":$groups)>
  ];
  let extraClassDeclaration = oneInit # [{
    bool isPacked() { return getLayout().has_value(); }
    /// What is computed when a model is compiled reads plain weights.
    bool isPreparable() { return !isPacked(); }
    ::llvm::SmallVector<::mlir::OpOperand *> getPackableOperands();
    bool hasGates() { return false; }
    int64_t getColumnGroups();
    /// Channels of a group, of the input and of the result.
    int64_t getReductionSize();
    int64_t getGroupColumns();
  }];
}

#endif // PERCEIVER_DIALECT_BLOCK_GROUPEDOPS_TD
