//===- WeightOps.td - Tensors of the weight file -----------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tensors that the compiler derives from parameters and stores, and what
// only they need: packing, and factors that rewrites move from one layer into
// the weight of the next. No model has these operations.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_WEIGHTOPS_TD
#define PERCEIVER_DIALECT_BLOCK_WEIGHTOPS_TD

include "dialect/Block/BlockInterfaces.td"
include "dialect/Block/DestinationOp.td"
include "dialect/Block/WeightLayoutInterface.td"
include "mlir/IR/SymbolInterfaces.td"

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

def Block_WeightOp
    : Block_Op<"weight",
        [DeclareOpInterfaceMethods<Symbol, ["getVisibility"]>,
         DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a tensor of the weight file";
  let description = [{
    A tensor that the compiler computes once from parameters and stores for the
    compiled model: packed panels, folded norms, position tables. Passes create
    it when they split a model from what depends on its parameters alone.

    `prepare` names the function that computes it; it has one result of the
    weight's type. With `count` the weight is a family and the function takes
    the number of the member. Once these functions live in a module of their
    own, the attribute is absent.

    `layout` is that of the matrix in it, if it is packed: layers that read it have
    to say the same.

    `offset` is where the weight lies in the data of the weight file, in bytes,
    and `stride` the distance of the members of a family.

    Example:

    ```mlir
    perceiver.parameter @query : tensor<1024x1024xf32> key "layers.{}.weight" count 6 transpose

    func.func private @prepare_0(%member: index) -> tensor<22x1024x48xf32> {
      %w = perceiver.get_parameter @query[%member] : tensor<1024x1024xf32>
      %e = tensor.empty() : tensor<22x1024x48xf32>
      %p = block.pack_weight ins(%w : tensor<1024x1024xf32>) outs(%e : tensor<22x1024x48xf32>)
          layout = #block.panels<columns = 48, lanes = 48> -> tensor<22x1024x48xf32>
      return %p : tensor<22x1024x48xf32>
    }
    block.weight @weight_0 : tensor<22x1024x48xf32> count 6
        layout = #block.panels<columns = 48, lanes = 48> prepare @prepare_0
        offset 4096 stride 4325376
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<AnyRankedTensor>:$type,
                       OptionalAttr<I64Attr>:$count,
                       OptionalAttr<FlatSymbolRefAttr>:$prepare,
                       OptionalAttr<I64Attr>:$offset,
                       OptionalAttr<I64Attr>:$stride,
                       OptionalAttr<Block_WeightLayoutAttrInterface>:$layout);
  let assemblyFormat = [{
    $sym_name `:` $type (`count` $count^)? (`layout` `=` $layout^)?
    (`prepare` $prepare^)?
    (`offset` $offset^ `stride` $stride)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Number of members; 1 if the weight is no family.
    int64_t getMemberCount() { return getCount().value_or(1); }
  }];
  let lacks = [
    "numeric: is in the code of numeric tests, not in their text",
    "reference: computes nothing",
    "DestinationStyleOpInterface: a symbol, which is not executed",
    "MemoryEffectOpInterface: a symbol, which is not executed"
  ];
}

def Block_GetWeightOp
    : Block_Op<"get_weight",
        [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a weight, or the memory that holds it";
  let description = [{
    Of a family, the member `index mod count`; the index is not negative. The
    result is a tensor, or a memref of the same shape that must not be written.

    Example:

    ```mlir
    block.weight @weight_0 : tensor<22x1024x48xf32> count 6

    func.func @member(%i: index) -> tensor<22x1024x48xf32> {
      %p = block.get_weight @weight_0[%i] : tensor<22x1024x48xf32>
      return %p : tensor<22x1024x48xf32>
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$weight, Optional<Index>:$index);
  let results = (outs AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef]>:$result);
  let assemblyFormat = [{
    $weight (`[` $index^ `]`)? attr-dict `:` type($result)
  }];
  let lacks = [
    "numeric: is in the code of numeric tests, not in their text",
    "reference: computes nothing",
    "DestinationStyleOpInterface: computes nothing"
  ];
}

//===----------------------------------------------------------------------===//
// How weights are made
//===----------------------------------------------------------------------===//

def Block_PackWeightOp
    : Block_DestinationOp<"pack_weight",
        [Block_NoMatrixProduct, Block_PreparableOpInterface,
         Block_PreparedOnly]> {
  let summary = "store a weight in another layout";
  let description = [{
    `y = layout(x)`: a weight matrix `[K, N]`, or a vector `[N]` of what belongs
    to its columns, as kernels read it. The layout says where each element goes
    (`#block.panels`: Goto and van de Geijn, Anatomy of High-Performance Matrix
    Multiplication, ACM TOMS 34, 2008).

    Example:

    ```mlir
    %p = block.pack_weight ins(%w : tensor<261x100xf32>)
        outs(%init : tensor<3x261x48xf32>)
        layout = #block.panels<columns = 48, lanes = 48> -> tensor<3x261x48xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input, Block_Shaped:$init,
                       Block_WeightLayoutAttrInterface:$layout);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)` `outs` `(` $init `:` type($init) `)`
    `layout` `=` $layout attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$input,
                                 "WeightLayoutAttrInterface":$layout)>];
  let extraClassDeclaration = oneInit;
  let lacks = ["TileMapOpInterface: computed when a model is compiled"];
}

def Block_ScaleRowsOp
    : Block_Op<"scale_rows",
        [Pure, AllTypesMatch<["matrix", "result"]>, Block_NoMatrixProduct,
         Block_PreparableOpInterface, Block_PreparedOnly]> {
  let summary = "multiply each row of a matrix by its factor";
  let description = [{
    `y[k, n] = factors[k] * x[k, n]`, that is `diag(factors) x`: what remains
    of the gain of a normalisation once it is part of the next layer's weight.

    Example:

    ```mlir
    %y = block.scale_rows %w by %gain : tensor<1024x768xf32>, tensor<1024xf32>
    ```
  }];
  let arguments = (ins 2DTensorOf<[AnyFloat]>:$matrix,
                       1DTensorOf<[AnyFloat]>:$factors);
  let results = (outs 2DTensorOf<[AnyFloat]>:$result);
  let assemblyFormat = [{
    $matrix `by` $factors attr-dict `:` type($matrix) `,` type($factors)
  }];
  let hasVerifier = 1;
  let lacks = [
    "DestinationStyleOpInterface: computed when a model is compiled"
  ];
}

def Block_PadWeightOp
    : Block_Op<"pad_weight",
        [Pure, Block_NoMatrixProduct, Block_PreparableOpInterface,
         Block_PreparedOnly]> {
  let summary = "widen groups of rows and columns with zeros";
  let description = [{
    Each dimension of `x` is so many groups as `groups` says, of equal size: the
    heads of an attention, columns and their gates, or one. In `y` each group is
    larger; its first elements are those of `x` and the rest is zeros. With two
    dimensions, of `g` and `h` groups, and groups of `x` of size `[K, N]`:

    ```
    y[g, k, h, n] = x[g, k, h, n]   for k < K and n < N, else 0
    ```

    A layer whose weight has more rows reads rows with more channels, and one
    with more columns writes zeros in them; both compute the same sums.

    Example:

    ```mlir
    // Eight heads of 33 channels become heads of 40.
    %y = block.pad_weight %w groups = [1, 8] : tensor<261x264xf32> -> tensor<264x320xf32>
    ```
  }];
  let arguments = (ins RankedTensorOf<[AnyFloat]>:$input,
                       DenseI64ArrayAttr:$groups);
  let results = (outs RankedTensorOf<[AnyFloat]>:$result);
  let assemblyFormat = [{
    $input `groups` `=` $groups attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let lacks = [
    "DestinationStyleOpInterface: computed when a model is compiled"
  ];
}

#endif // PERCEIVER_DIALECT_BLOCK_WEIGHTOPS_TD
