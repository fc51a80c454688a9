//===- PositionOps.td - Where rows are ---------------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fourier features: of grids with static axes from tables that are made when a
// model is compiled, of others in a run.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_POSITIONOPS_TD
#define PERCEIVER_DIALECT_BLOCK_POSITIONOPS_TD

include "dialect/Block/BlockInterfaces.td"
include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"
include "dialect/Model/PerceiverAttrs.td"

def Block_AxisTableOp
    : Block_DestinationOp<"axis_table",
        [Block_NoMatrixProduct, Block_PreparableOpInterface,
         Block_PreparedOnly]> {
  let summary = "Fourier features of one axis of a grid";
  let description = [{
    With `n` points `p_i` as `spacing` says and `bands` frequencies `f_k`
    equally spaced from 1 to `max_frequency` inclusive, row `i` is

    ```
    [p_i | sin(pi p_i f_1) .. sin(pi p_i f_K) | cos(pi p_i f_1) .. cos(pi p_i f_K)]
    ```

    without the terms that `terms` lacks (Perceiver, arXiv 2103.03206, section
    3.2; `max_frequency` is half the maximal resolution). `recipe` fixes the
    rounding: `exact` rounds the exact value once, the others follow the
    float32 steps of a framework.

    Example:

    ```mlir
    %t = block.axis_table outs(%init : tensor<224x129xf32>)
        {bands = 64 : i64, max_frequency = 112.0 : f64,
         recipe = #perceiver.fourier_recipe<torch_f32>} -> tensor<224x129xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$init, I64Attr:$bands,
                       F64Attr:$max_frequency,
                       DefaultValuedAttr<Perceiver_FourierRecipeAttr,
                         "::mlir::perceiver::FourierRecipe::torch_f32">:$recipe,
                       DefaultValuedAttr<Perceiver_FourierSpacingAttr,
                         "::mlir::perceiver::FourierSpacing::inclusive">:$spacing,
                       DefaultValuedAttr<Perceiver_FourierTermsAttr,
                         "::mlir::perceiver::kAllTerms">:$terms);
  let assemblyFormat = [{
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let builders = [
    // Computes the destination, of `length` rows.
    OpBuilder<(ins "int64_t":$length, "int64_t":$bands, "double":$maxFrequency,
                   "FourierRecipe":$recipe, "FourierSpacing":$spacing,
                   "FourierTerms":$terms, "Type":$elementType)>
  ];
  let extraClassDeclaration = oneInit # [{
    FourierColumns getColumns() {
      return {/*axes=*/1, static_cast<int64_t>(getBands()), getTerms()};
    }
  }];
  let lacks = ["TileMapOpInterface: computed when a model is compiled"];
}

def Block_GridPositionsOp
    : Block_DestinationOp<"grid_positions",
        [AttrSizedOperandSegments,
         DeclareOpInterfaceMethods<Block_TileMapOpInterface, ["adjustTile"]>,
         Block_CheapToRepeat, Block_NoMatrixProduct,
         Block_PreparableOpInterface]> {
  let summary = "positions of points of a grid with tables";
  let description = [{
    Row `m` holds the features of grid point `offset + m`, or of `points[m]`,
    points being numbered row-major over the axes:

    ```
    offset + m = (i_1 * length_2 + i_2) * length_3 + i_3           (three axes)
    y[m, :]    = layout(table_1[i_1, :], table_2[i_2, :], table_3[i_3, :])
    ```

    (Perceiver, arXiv 2103.03206, section 3.2). Each table is that of
    `axis_table` for the axis, with the same bands and `terms`; `layout` is
    `axis_major`, one axis behind the other, or `dm`. The offset defaults to 0.

    A number of `points` outside of the grid counts as the nearest one in it,
    and so does `offset + m` if the operation is `clamped`: the offset of a
    range is what a caller chooses, that of a tile is right.

    Loops: the rows.

    Example:

    ```mlir
    %p = block.grid_positions tables(%ty, %tx : tensor<224x129xf32>, tensor<224x129xf32>)
        outs(%init : tensor<50176x258xf32>)
        {layout = #perceiver.fourier_layout<dm>} -> tensor<50176x258xf32>
    ```
  }];
  let arguments = (ins Variadic<Block_Shaped>:$tables,
                       Optional<Block_Shaped>:$points,
                       Optional<Index>:$offset, Block_Shaped:$init,
                       Perceiver_FourierLayoutAttr:$layout,
                       DefaultValuedAttr<Perceiver_FourierTermsAttr,
                         "::mlir::perceiver::kAllTerms">:$terms,
                       UnitAttr:$clamped);
  let assemblyFormat = [{
    `tables` `(` $tables `:` type($tables) `)`
    (`points` `(` $points^ `:` type($points) `)`)?
    (`offset` `(` $offset^ `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let builders = [
    // Computes the destination, of `rows` rows. `points` may be null, and so may
    // `first`, which a caller says is a point.
    OpBuilder<(ins "ValueRange":$tables, "Value":$points, "Value":$first,
                   "OpFoldResult":$rows, "FourierLayout":$layout,
                   "FourierTerms":$terms)>
  ];
  let extraClassDeclaration = oneInit # [{
    bool isPreparable() { return !getOffset() && !getPoints(); }
    FourierColumns getColumns();
    /// Points of the grid.
    int64_t getPointCount();
  }];
}

def Block_GridCoordinatesOp
    : Block_DestinationOp<"grid_coordinates",
        [AttrSizedOperandSegments,
         DeclareOpInterfaceMethods<Block_TileMapOpInterface, ["adjustTile"]>,
         Block_CheapToRepeat, Block_NoMatrixProduct]> {
  let summary = "coordinates of points of a grid whose sizes a run knows";
  let description = [{
    Row `m` is `[p_1, p_2, ..]`, the coordinates of grid point `offset + m`, or
    of `points[m]`, on each axis: where `spacing` has point `i_a` of
    `lengths[a]`, with the float32 steps of `recipe`. Points are numbered as in
    `grid_positions`; a number outside of the grid counts as the nearest one in
    it. A length is static, or the next one of `sizes`.

    Loops: the rows.

    Example:

    ```mlir
    %x = block.grid_coordinates sizes(%h) outs(%init : tensor<?x2xf32>)
        {lengths = array<i64: -9223372036854775808, 3>} -> tensor<?x2xf32>
    ```
  }];
  let arguments = (ins Variadic<Index>:$sizes,
                       Optional<Block_Shaped>:$points,
                       Optional<Index>:$offset, Block_Shaped:$init,
                       DenseI64ArrayAttr:$lengths,
                       DefaultValuedAttr<Perceiver_FourierRecipeAttr,
                         "::mlir::perceiver::FourierRecipe::torch_f32">:$recipe,
                       DefaultValuedAttr<Perceiver_FourierSpacingAttr,
                         "::mlir::perceiver::FourierSpacing::inclusive">:$spacing);
  let assemblyFormat = [{
    (`sizes` `(` $sizes^ `)`)? (`points` `(` $points^ `:` type($points) `)`)?
    (`offset` `(` $offset^ `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = oneInit # [{
    /// The lengths of all axes.
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedLengths();
  }];
  let lacks = ["PreparableOpInterface: its sizes are known in a run alone"];
}

def Block_FourierFeaturesOp
    : Block_DestinationOp<"fourier_features",
        [Block_TileMaps, Block_NoMatrixProduct]> {
  let summary = "Fourier features of coordinates";
  let description = [{
    Row `m` has for each axis `a` the terms of `terms` in the order of
    `layout`:

    ```
    x[m, a], sin(pi x[m, a] f_k), cos(pi x[m, a] f_k)
    ```

    with the frequencies `f_k` of `axis_table`, whose maximum is
    `max_frequencies[a]`, and the float32 steps of `recipe`: the product with
    `f_k` and that with pi are rounded, sine and cosine are those of the angle,
    within one unit in the last place. Angles beyond 102,943 count as that.

    Loops: the rows.

    Example:

    ```mlir
    %y = block.fourier_features ins(%x : tensor<?x?x3xf32>) outs(%init : tensor<?x?x27xf32>)
        {bands = 4 : i64, max_frequencies = array<f64: 5.0, 5.0, 2.5>,
         layout = #perceiver.fourier_layout<dm>} -> tensor<?x?x27xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input, Block_Shaped:$init,
                       I64Attr:$bands, DenseF64ArrayAttr:$max_frequencies,
                       Perceiver_FourierLayoutAttr:$layout,
                       DefaultValuedAttr<Perceiver_FourierRecipeAttr,
                         "::mlir::perceiver::FourierRecipe::torch_f32">:$recipe,
                       DefaultValuedAttr<Perceiver_FourierTermsAttr,
                         "::mlir::perceiver::kAllTerms">:$terms);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let builders = [
    // Computes the destination.
    OpBuilder<(ins "Value":$input, "int64_t":$bands,
                   "ArrayRef<double>":$maxFrequencies, "FourierLayout":$layout,
                   "FourierRecipe":$recipe, "FourierTerms":$terms)>
  ];
  let extraClassDeclaration = oneInit # [{
    FourierColumns getColumns() {
      return {static_cast<int64_t>(getMaxFrequencies().size()),
              static_cast<int64_t>(getBands()), getTerms(), getLayout()};
    }
  }];
  let lacks = ["PreparableOpInterface: coordinates are no parameters"];
}

#endif // PERCEIVER_DIALECT_BLOCK_POSITIONOPS_TD
