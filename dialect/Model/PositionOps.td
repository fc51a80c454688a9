//===- PositionOps.td - Where the rows of a model are ------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_POSITIONOPS_TD
#define PERCEIVER_DIALECT_MODEL_POSITIONOPS_TD

include "dialect/Model/PerceiverAttrs.td"
include "dialect/Model/RowOp.td"

def Perceiver_FourierPositionsOp
    : Perceiver_RowOp<"fourier_positions", [AttrSizedOperandSegments]> {
  let summary = "Fourier features of points";
  let description = [{
    For each point and each axis `a`, with its coordinate `p` there:

    ```
    p, sin(pi p f_k), cos(pi p f_k)    f_k equally spaced from 1 to max_resolution[a] / 2, k = 1 .. bands
    ```

    (Perceiver, arXiv 2103.03206, section 3.2 and appendix C). `terms` says
    which of the three there are, `layout` orders them; `recipe` fixes the
    rounding and is by default that of PyTorch. `bands = 0` leaves the
    coordinates alone.

    Without operands the points are those of `grid`, numbered row-major, and
    `spacing` says where an axis has them. The other forms:

    * `points(%p : tensor<?xi64>)`: those with these numbers, in any order;
    * `range(%first, %count)`: `count` points from number `first` on;
    * `sizes(%h, ..)`: a grid with a `?` for each of these sizes;
    * `coordinates(%x : tensor<?x?x3xf32>)`: no grid; the last dimension of
      `%x` has the coordinates of a point, as a rule from -1 to 1.

    A number outside of the grid counts as the nearest one in it. The grid of static
    sizes is a table for each axis, made when the model is compiled. Coordinates, and
    positions of a grid with other sizes, are computed in a run, in float32: each
    feature is within one unit in the last place of what the recipe gives for the
    recipe's own position, as long as `pi p f_k` is at most 102,943. They have
    no recipe `exact`.

    The result has no batch, but for that of coordinates.

    Example:

    ```mlir
    func.func @positions(%points: tensor<?xi64>, %first: index, %image: tensor<?x?x?x3xf32>, %cloud: tensor<?x?x3xf32>)
        -> (tensor<50176x258xf32>, tensor<?x195xf32>, tensor<?x258xf32>, tensor<?x?x387xf32>) {
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %a = perceiver.fourier_positions grid = [224, 224] bands = 64 max_resolution = [224, 224]
          layout = dm : tensor<50176x258xf32>
      %b = perceiver.fourier_positions points(%points : tensor<?xi64>) grid = [16, 224, 224] bands = 32
          max_resolution = [16, 56, 56] layout = dm {spacing = #perceiver.spacing<fraction>} : tensor<?x195xf32>
      %h = tensor.dim %image, %c1 : tensor<?x?x?x3xf32>
      %w = tensor.dim %image, %c2 : tensor<?x?x?x3xf32>
      %c = perceiver.fourier_positions sizes(%h, %w) grid = [?, ?] bands = 64 max_resolution = [224, 224]
          layout = dm : tensor<?x258xf32>
      %d = perceiver.fourier_positions coordinates(%cloud : tensor<?x?x3xf32>) bands = 64
          max_resolution = [1120, 1120, 1120] layout = dm : tensor<?x?x387xf32>
      return %a, %b, %c, %d : tensor<50176x258xf32>, tensor<?x195xf32>, tensor<?x258xf32>, tensor<?x?x387xf32>
    }
    ```
  }];
  let arguments = (ins Optional<AnyRankedTensor>:$points,
                       Optional<Index>:$first, Optional<Index>:$count,
                       Optional<AnyRankedTensor>:$coordinates,
                       Variadic<Index>:$sizes,
                       DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{}">:$grid,
                       I64Attr:$bands, DenseF64ArrayAttr:$max_resolution,
                       Perceiver_FourierLayoutAttr:$layout,
                       DefaultValuedAttr<Perceiver_FourierRecipeAttr,
                         "::mlir::perceiver::FourierRecipe::torch_f32">:$recipe,
                       DefaultValuedAttr<Perceiver_FourierSpacingAttr,
                         "::mlir::perceiver::FourierSpacing::inclusive">:$spacing,
                       DefaultValuedAttr<Perceiver_FourierTermsAttr,
                         "::mlir::perceiver::kAllTerms">:$terms);
  let assemblyFormat = [{
    (`points` `(` $points^ `:` type($points) `)`)?
    (`range` `(` $first^ `,` $count `)`)?
    (`coordinates` `(` $coordinates^ `:` type($coordinates) `)`)?
    (`sizes` `(` $sizes^ `)`)?
    (`grid` `=` custom<Grid>($grid)^)? `bands` `=` $bands
    `max_resolution` `=` custom<Numbers>($max_resolution)
    `layout` `=` custom<Layout>($layout) attr-dict `:` type($result)
  }];
  let extraClassDeclaration = [{
    int64_t getAxes() {
      return static_cast<int64_t>(getMaxResolution().size());
    }
    /// Whether the axes of the grid have static sizes: their tables are stored.
    bool isStored() { return !getCoordinates() && getSizes().empty(); }
  }];
}

#endif // PERCEIVER_DIALECT_MODEL_POSITIONOPS_TD
