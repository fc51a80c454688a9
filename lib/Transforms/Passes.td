//===- Passes.td - Target-independent passes ---------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_PASSES_TD
#define PERCEIVER_LIB_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def FoldElementsPass : Pass<"perceiver-fold-elements", "func::FuncOp"> {
  let summary = "Make functions of elements part of the layer before them";
  let description = [{
    A factor, a number or a vector, goes into the weight and the bias of a linear
    layer, a vector that is added into its bias, an activation becomes its own,
    and rows that are added its residual:

    ```mlir
    %a = block.linear ins(%x, %w : tensor<?x5x7xf32>, tensor<7x3xf32>) bias(%b : tensor<3xf32>) ...
    %c = block.scale ins(%a : tensor<?x5x3xf32>) ... {factor = 5.000000e-01 : f64}
    %d = block.activate ins(%c : tensor<?x5x3xf32>) ... {activation = #perceiver.activation<silu>}
    %y = block.add ins(%r, %d : tensor<?x5x3xf32>, tensor<?x5x3xf32>) ...
    ```

    becomes

    ```mlir
    %w2 = block.scale ins(%w : tensor<7x3xf32>) ... {factor = 5.000000e-01 : f64}
    %b2 = block.scale ins(%b' : tensor<1x3xf32>) ... {factor = 5.000000e-01 : f64}
    %y = block.linear ins(%x, %w2 : tensor<?x5x7xf32>, tensor<7x3xf32>) bias(%b2' : tensor<3xf32>)
        residual(%r : tensor<?x5x3xf32>) ... {activation = #perceiver.activation<silu>}
    ```

    `perceiver-split-prepare` stores `%w2` and `%b2`. It is exact in real
    arithmetic. Where the layer has another reader, what it has already would
    have to come later, or a weight is no parameter, nothing changes and a remark
    says so; a layer of parameters alone stays as it is, for it is stored.
  }];
  let dependentDialects = ["::mlir::perceiver::block::BlockDialect",
                           "::mlir::tensor::TensorDialect"];
}

def FoldLinearsPass : Pass<"perceiver-fold-linears", "func::FuncOp"> {
  let summary = "Make one linear layer of two, one behind the other";
  let description = [{
    A linear layer of a linear layer without activation is one layer, whose weight
    is their product:

    ```mlir
    %a = block.linear ins(%x, %w1 : tensor<?x9x32xf32>, tensor<32x32xf32>) bias(%b1 : tensor<32xf32>) ...
    %y = block.linear ins(%a, %w2 : tensor<?x9x32xf32>, tensor<32x2xf32>) bias(%b2 : tensor<2xf32>) ...
    ```

    becomes

    ```mlir
    %w = block.linear ins(%w1, %w2 : tensor<32x32xf32>, tensor<32x2xf32>) ...
    %p = block.linear ins(%b1', %w2 : tensor<1x32xf32>, tensor<32x2xf32>) bias(%b2 : tensor<2xf32>) ...
    %y = block.linear ins(%x, %w : tensor<?x9x32xf32>, tensor<32x2xf32>) bias(%p' : tensor<2xf32>) ...
    ```

    If the first layer has a residual `%r`, that goes through the second one
    alone, `(x w1 + b1 + r) w2 + b2 = x (w1 w2) + (r w2 + b1 w2 + b2)`:

    ```mlir
    %s = block.linear ins(%r, %w2 : tensor<?x9x32xf32>, tensor<32x2xf32>) bias(%p' : tensor<2xf32>) ...
    %y = block.linear ins(%x, %w : tensor<?x9x32xf32>, tensor<32x2xf32>) residual(%s : tensor<?x9x2xf32>) ...
    ```

    `perceiver-split-prepare` stores the products, which are computed in float64
    and rounded once, so that it is exact in real arithmetic and rounds less. It
    is done where a row then takes at most nine tenths of the multiplications:
    where the second layer is narrow, as the last one of a decoder is. Elsewhere
    nothing changes and a remark says so.
  }];
  let dependentDialects = ["::mlir::perceiver::block::BlockDialect",
                           "::mlir::tensor::TensorDialect"];
}

def FoldNormsPass : Pass<"perceiver-fold-norms", "func::FuncOp"> {
  let summary = "Move the affine part of norms into linear layers";
  let description = [{
    A `layer_norm` whose users are linear layers keeps only the normalisation;
    its gain scales the rows of their weights and its bias goes through them
    into their biases:

    ```mlir
    %n = block.layer_norm ins(%x : tensor<?x5x7xf32>) affine(%g, %s : tensor<7xf32>, tensor<7xf32>) ...
    %y = block.linear ins(%n, %w : tensor<?x5x7xf32>, tensor<7x3xf32>) bias(%b : tensor<3xf32>) ...
    ```

    becomes

    ```mlir
    %n = block.layer_norm ins(%x : tensor<?x5x7xf32>) ...
    %w2 = block.scale_rows %w by %g : tensor<7x3xf32>, tensor<7xf32>
    %s2 = tensor.expand_shape %s [[0, 1]] output_shape [1, 7] : tensor<7xf32> into tensor<1x7xf32>
    %p = block.linear ins(%s2, %w : tensor<1x7xf32>, tensor<7x3xf32>) bias(%b : tensor<3xf32>) ...
    %b2 = tensor.collapse_shape %p [[0, 1]] : tensor<1x3xf32> into tensor<3xf32>
    %y = block.linear ins(%n, %w2 : tensor<?x5x7xf32>, tensor<7x3xf32>) bias(%b2 : tensor<3xf32>) ...
    ```

    `perceiver-split-prepare` stores `%w2` and `%b2`. Where a weight is no
    parameter, or the norm has another user, nothing changes and a remark says
    so. Norms of one input that only differ in their affine parts are equal
    afterwards.

    It is exact in real arithmetic. In float32 the error stays what it was: with
    1024 channels, gains around 1 and biases of 0.3, 3e-7 of the root mean
    square with and without.
  }];
  let dependentDialects = ["::mlir::perceiver::block::BlockDialect",
                           "::mlir::tensor::TensorDialect"];
}

def FuseProjectionsPass : Pass<"perceiver-fuse-projections", "func::FuncOp"> {
  let summary = "Make one linear layer of those that have the same input";
  let description = [{
    Linear layers of one input, without activation and residual, become one
    layer with the concatenated weight, and slices of its result:

    ```mlir
    %k = block.linear ins(%x, %wk : tensor<?x9x7xf32>, tensor<7x16xf32>) ...
    %v = block.linear ins(%x, %wv : tensor<?x9x7xf32>, tensor<7x32xf32>) ...
    ```

    becomes

    ```mlir
    %w = tensor.concat dim(1) %wk, %wv : (tensor<7x16xf32>, tensor<7x32xf32>) -> tensor<7x48xf32>
    %y = block.linear ins(%x, %w : tensor<?x9x7xf32>, tensor<7x48xf32>) ...
    %k = tensor.extract_slice %y[0, 0, 0] [%batch, 9, 16] [1, 1, 1] ...
    %v = tensor.extract_slice %y[0, 0, 16] [%batch, 9, 32] [1, 1, 1] ...
    ```

    Layers whose width is no multiple of `column-multiple` are left out, since
    the slices behind them would begin in the middle of a vector.
  }];
  let options = [
    Option<"columnMultiple", "column-multiple", "int64_t", /*default=*/"16",
           "What the width of each layer has to be a multiple of">,
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::perceiver::block::BlockDialect",
                           "::mlir::tensor::TensorDialect"];
}

def AbsorbProjectionsPass
    : Pass<"perceiver-absorb-projections", "func::FuncOp"> {
  let summary = "Let attentions do without layers around them";
  let description = [{
    Obeys the attribute `perceiver.algebra` of attentions: the weights of the
    layers that make keys and values become part of the queries and of what reads
    the result, and the layers disappear.

    ```mlir
    %k = block.linear ins(%n, %wk : tensor<?x900x29xf32>, tensor<29x64xf32>) ...
    %v = block.linear ins(%n, %wv : tensor<?x900x29xf32>, tensor<29x64xf32>) bias(%bv : tensor<64xf32>) ...
    %o = block.attention ins(%q, %k, %v : tensor<?x8x64xf32>, tensor<?x900x64xf32>, tensor<?x900x64xf32>)
        outs(%i : tensor<?x8x64xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb>} ...
    %y = block.linear ins(%o, %wo : tensor<?x8x64xf32>, tensor<64x32xf32>) ...
    ```

    becomes

    ```mlir
    %t = block.transpose ins(%wk : tensor<29x64xf32>) ... permutation = [1, 0] -> tensor<64x29xf32>
    %u = block.linear ins(%q, %t : tensor<?x8x64xf32>, tensor<64x29xf32>) ...
    %o = block.attention ins(%u, %n, %n : tensor<?x8x29xf32>, tensor<?x900x29xf32>, tensor<?x900x29xf32>)
        outs(%i : tensor<?x8x29xf32>) heads = 1 {scale = 1.250000e-01 : f64} ...
    %w2 = block.linear ins(%wv, %wo : tensor<29x64xf32>, tensor<64x32xf32>) ...
    %b2 = block.linear ins(%bv', %wo : tensor<1x64xf32>, tensor<64x32xf32>) ...
    %y = block.linear ins(%o, %w2 : tensor<?x8x29xf32>, tensor<29x32xf32>) bias(%b2' : tensor<32xf32>) ...
    ```

    With several heads `%u` is a `block.grouped_linear`, `%o` has `kv_heads = 1`,
    and `%w2` has the products of the heads one above the other. Weights of
    layers before and after are multiplied with where that computes no more;
    where the queries are parameters, `%u` is one. `perceiver-split-prepare`
    stores what depends on parameters alone.

    In the mirror image, of one head, keys and values become wider or narrower:

    ```mlir
    %q = block.linear ins(%z, %wq : tensor<?x9000x29xf32>, tensor<29x64xf32>) bias(%bq : tensor<64xf32>) ...
    %o = block.attention ins(%q, %k, %v : tensor<?x9000x64xf32>, tensor<?x8x64xf32>, tensor<?x8x64xf32>)
        outs(%i : tensor<?x9000x64xf32>) heads = 1
        {perceiver.algebra = #perceiver.algebra<absorb_queries_and_output>} ...
    %y = block.linear ins(%o, %wo : tensor<?x9000x64xf32>, tensor<64x2xf32>) bias(%bo : tensor<2xf32>) ...
    ```

    becomes

    ```mlir
    %t = block.transpose ins(%wq : tensor<29x64xf32>) ... permutation = [1, 0] -> tensor<64x29xf32>
    %u = block.linear ins(%k, %t : tensor<?x8x64xf32>, tensor<64x29xf32>) ...
    %s = block.scale ins(%bq' : tensor<1x64xf32>) ... {factor = 1.250000e-01 : f64}
    %d = block.linear ins(%k, %s' : tensor<?x8x64xf32>, tensor<64x1xf32>) ...
    %c = tensor.expand_shape %d' [[0], [1, 2]] ... : tensor<?x8xf32> into tensor<?x1x8xf32>
    %w = block.linear ins(%v, %wo : tensor<?x8x64xf32>, tensor<64x2xf32>) ...
    %o = block.attention ins(%z, %u, %w : tensor<?x9000x29xf32>, tensor<?x8x29xf32>, tensor<?x8x2xf32>)
        score_bias(%c : tensor<?x1x8xf32>) outs(%i : tensor<?x9000x2xf32>) heads = 1
        {scale = 1.250000e-01 : f64} ...
    %y = block.add ins(%o, %bo : tensor<?x9000x2xf32>, tensor<2xf32>) ...
    ```

    It is exact in real arithmetic: a bias of the keys adds the same to all
    scores of a query. It is an error if an attention cannot do what its
    attribute says: the rows in question are no linear layer of parameters, or
    something else reads them, its log-sum-exp depends on a bias of the keys, or
    a row without keys has to be 0 and a bias of the values comes after it.
  }];
  let dependentDialects = ["::mlir::perceiver::block::BlockDialect",
                           "::mlir::tensor::TensorDialect"];
}

def HoistInvariantsPass : Pass<"perceiver-hoist-invariants", "func::FuncOp"> {
  let summary = "Move what all iterations share out of loops";
  let description = [{
    Loop-invariant code motion that tells what it moved. In a tied model the
    iterations read the input with the same weights, so its norm and projections
    are computed once:

    ```mlir
    %y = scf.for %i = %c0 to %c5 step %c1 iter_args(%z = %z0) -> (tensor<?x4x8xf32>) {
      %k = block.linear ins(%x, %w : tensor<?x9x7xf32>, tensor<7x8xf32>) ...
      ...
    ```

    becomes

    ```mlir
    %k = block.linear ins(%x, %w : tensor<?x9x7xf32>, tensor<7x8xf32>) ...
    %y = scf.for %i = %c0 to %c5 step %c1 iter_args(%z = %z0) -> (tensor<?x4x8xf32>) {
      ...
    ```
  }];
}

def SelectStoredPass : Pass<"perceiver-select-stored", "func::FuncOp"> {
  let summary = "Decide what the model computes of parameters itself";
  let description = [{
    What depends on parameters alone is computed when a model is compiled, and
    stored; but not what is much larger than the parameters in it, nor what
    would compute more than 1 GiB on the way. Such an operation is marked as one
    of the model:

    ```mlir
    %q = perceiver.get_parameter @query : tensor<2000x16xf32>
    %w = perceiver.get_parameter @weight : tensor<16x512xf32>
    %y = block.linear ins(%q, %w : tensor<2000x16xf32>, tensor<16x512xf32>) outs(%e : tensor<2000x512xf32>)
        -> tensor<2000x512xf32>
    "use"(%x, %y)
    ```

    becomes

    ```mlir
    %y = block.linear ins(%q, %w : tensor<2000x16xf32>, tensor<16x512xf32>) outs(%e : tensor<2000x512xf32>)
        {perceiver.in_model} -> tensor<2000x512xf32>
    ```

    What a model cannot compute, as weights in another order, is stored in any
    case, and so are the weights and biases of layers: a back end chooses how
    they lie. The passes after this one obey the marks, whoever wrote them.
  }];
  let options = [
    Option<"maxGrowth", "max-growth", "double", /*default=*/"2.0",
           "How many times as large as the parameters in it a stored value "
           "may be">,
    Option<"slackBytes", "slack-bytes", "int64_t", /*default=*/"1048576",
           "Bytes that a stored value may have beyond that">,
  ];
}

def SeparatePositionsPass
    : Pass<"perceiver-separate-positions", "func::FuncOp"> {
  let summary = "Attend to features and axes instead of points of a grid";
  let description = [{
    Where keys and values are projections of one normalised array whose channels
    are features and Fourier positions of a grid,

    ```mlir
    %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) ...
    %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x18xf32>) ...
    %n = block.layer_norm ins(%x : tensor<?x55x21xf32>) ...
    %k = block.linear ins(%n, %wk : tensor<?x55x21xf32>, tensor<21x16xf32>) ...
    %v = block.linear ins(%n, %wv : tensor<?x55x21xf32>, tensor<21x24xf32>) bias(%bv : tensor<24xf32>) ...
    %o = block.attention ins(%q, %k, %v : tensor<512x16xf32>, tensor<?x55x16xf32>, tensor<?x55x24xf32>) ... heads = 1
    ```

    becomes

    ```mlir
    %r = block.grid_statistics ins(%f : tensor<?x55x3xf32>) tables(%my, %mx : tensor<2x5xf32>, tensor<2x11xf32>) ...
    %g = block.linear ins(%q, %pk : tensor<512x16xf32>, tensor<16x19xf32>) ...
    %a, %m, %s = block.grid_attention ins(%g, %f, %r : tensor<512x19xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) ... grid = [5, 11]
    %h = block.finish_attention ins(%a, %m, %s ...) ... -> tensor<?x512x19xf32>
    %o = block.linear ins(%h, %pv : tensor<?x512x19xf32>, tensor<19x24xf32>) bias(%bv : tensor<24xf32>) ...
    ```

    `%my`, `%mx`, `%pk` and `%pv` depend on parameters alone;
    `perceiver-split-prepare` stores them. A pair of a query and a point costs an
    exponential and `4 F` FLOPs for `F` features, whatever the widths. It is
    exact in real arithmetic. In float32 the error of a full-size ImageNet encoder
    is 0.3 to 1.5 times what it is without, for pixels of up to 1e4 deviations.
    What stays as it is has a remark that says why.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::perceiver::block::BlockDialect",
                           "::mlir::tensor::TensorDialect"];
}

def SeparateQueryPositionsPass
    : Pass<"perceiver-separate-query-positions", "func::FuncOp"> {
  let summary = "Attend from features and axes instead of points of a grid";
  let description = [{
    Where queries are one normalised array whose channels are features and
    Fourier positions of a grid, or a projection of it,

    ```mlir
    %p = block.grid_positions tables(%ty, %tx : tensor<50x9xf32>, tensor<90x9xf32>) ...
    %x = block.concat_channels ins(%f, %p : tensor<?x4500x3xf32>, tensor<4500x18xf32>) ...
    %n = block.layer_norm ins(%x : tensor<?x4500x21xf32>) ...
    %q = block.linear ins(%n, %wq : tensor<?x4500x21xf32>, tensor<21x32xf32>) bias(%bq : tensor<32xf32>) ...
    %o = block.attention ins(%q, %k, %v : tensor<?x4500x32xf32>, tensor<?x8x32xf32>, tensor<?x8x24xf32>) ... heads = 1
    ```

    becomes

    ```mlir
    %r = block.grid_statistics ins(%f : tensor<?x4500x3xf32>) tables(%my, %mx : tensor<2x50xf32>, tensor<2x90xf32>) ...
    %g = block.linear ins(%k, %pq : tensor<?x8x32xf32>, tensor<32x143xf32>) ...
    %c = block.linear ins(%k, %sb : tensor<?x8x32xf32>, tensor<32x1xf32>) ...
    %a, %m, %s = block.grid_query_attention ins(%r, %g, %v : tensor<?x4500xf32>, tensor<?x8x143xf32>, tensor<?x8x24xf32>)
        features(%f : tensor<?x4500x3xf32>) score_bias(%c' : tensor<?x1x8xf32>) ... grid = [50, 90]
    %o = block.finish_attention ins(%a, %m, %s ...) ... -> tensor<?x4500x24xf32>
    ```

    `%my`, `%mx`, `%pq` and `%sb` depend on parameters alone;
    `perceiver-split-prepare` stores them. The score of a pair of a point and a
    key costs `2 F` FLOPs for `F` features and a sum for each axis, whatever the
    widths. It is exact in real arithmetic. What stays as it is has a remark that
    says why.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::perceiver::block::BlockDialect",
                           "::mlir::tensor::TensorDialect"];
}

def SplitPreparePass : Pass<"perceiver-split-prepare", "ModuleOp"> {
  let summary = "Split off what depends on parameters alone";
  let description = [{
    Each maximal value that is computed from parameters, constants and position
    tables alone and that something else uses becomes a `block.weight`: a
    tensor that is computed once, when the model is compiled, and stored. One
    private function with the attribute `perceiver.prepare` computes it.

    ```mlir
    perceiver.parameter @w : tensor<1024x100xf32> key "layers.{}.weight" count 6 transpose

    func.func @f(%x: tensor<8x1024xf32>, %i: index, %y: tensor<8x100xf32>) -> tensor<8x100xf32> {
      %w = perceiver.get_parameter @w[%i] : tensor<1024x100xf32>
      %e = tensor.empty() : tensor<3x1024x48xf32>
      %p = block.pack_weight ins(%w : tensor<1024x100xf32>) outs(%e : tensor<3x1024x48xf32>)
          layout = #block.panels<columns = 48, lanes = 48> -> tensor<3x1024x48xf32>
      %r = block.linear ins(%x, %p : tensor<8x1024xf32>, tensor<3x1024x48xf32>)
          outs(%y : tensor<8x100xf32>) {layout = #block.panels<columns = 48, lanes = 48>}
          -> tensor<8x100xf32>
      return %r : tensor<8x100xf32>
    }
    ```

    becomes

    ```mlir
    func.func @f(%x: tensor<8x1024xf32>, %i: index, %y: tensor<8x100xf32>) -> tensor<8x100xf32> {
      %p = block.get_weight @weight_0[%i] : tensor<3x1024x48xf32>
      %r = block.linear ins(%x, %p : tensor<8x1024xf32>, tensor<3x1024x48xf32>) ...
      return %r : tensor<8x100xf32>
    }
    func.func private @prepare_0(%i: index) -> tensor<3x1024x48xf32> attributes {perceiver.prepare} {
      %w = perceiver.get_parameter @w[%i] : tensor<1024x100xf32>
      %e = tensor.empty() : tensor<3x1024x48xf32>
      %p = block.pack_weight ins(%w : tensor<1024x100xf32>) ...
      return %p : tensor<3x1024x48xf32>
    }
    block.weight @weight_0 : tensor<3x1024x48xf32> count 6 prepare @prepare_0
    ```

    * Values of families are families: those that are combined into one value
      must be read with the same index and have the same number of members,
      otherwise the parts are stored instead. Where only some members are read,
      with constant indices, only these are stored.
    * An operation with `perceiver.in_model` (`perceiver-select-stored`) stays in
      the model, which loses the mark; what it is computed from is stored. A mark
      on anything else is an error.
    * The same computation of the same parameters is stored once, whichever
      entry points use it.
    * A parameter that the model uses as it is becomes a weight, too: no
      `get_parameter` remains outside of prepare functions.
    * What an earlier run of the pass has split off is put back first, so the
      pass can run again after more rewrites.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::perceiver::block::BlockDialect"];
}

def AssignWeightOffsetsPass
    : Pass<"perceiver-assign-weight-offsets", "ModuleOp"> {
  let summary = "Lay out the weight file";
  let description = [{
    Gives each `block.weight` its place in the weight file's data: one after
    the other in the order of the module, each member aligned to 64 bytes.

    ```mlir
    block.weight @weight_0 : tensor<3x7x16xf32> count 3 prepare @prepare_0
    block.weight @weight_1 : tensor<5xf32> prepare @prepare_1
    ```

    becomes

    ```mlir
    module attributes {perceiver.weights_bytes = 4096 : i64,
                       perceiver.weights_id = "1f0c.."} {
      block.weight @weight_0 : tensor<3x7x16xf32> count 3 prepare @prepare_0 offset 0 stride 1344
      block.weight @weight_1 : tensor<5xf32> prepare @prepare_1 offset 4032 stride 64
    ```

    The identifier is a hash of this layout and of all functions, without their
    tiles: files with the same identifier can be exchanged, whatever numbers
    they hold, and a file is no other model's.
  }];
}

def ErasePreparePass : Pass<"perceiver-erase-prepare", "ModuleOp"> {
  let summary = "Leave the model without what computes its weights";
  let description = [{
    Parameters and prepare functions run when a model is compiled and are no part
    of its code. Until then they stay in the module, untouched by the passes, so
    that the output of each stage is complete:

    ```mlir
    perceiver.parameter @w : tensor<5xf32> key "w"
    func.func private @prepare_0() -> tensor<5xf32> attributes {perceiver.prepare} { .. }
    block.weight @weight_0 : tensor<5xf32> prepare @prepare_0 offset 0 stride 64
    ```

    becomes

    ```mlir
    block.weight @weight_0 : tensor<5xf32> offset 0 stride 64
    ```
  }];
}

def CollectRewritesPass : Pass<"perceiver-collect-rewrites", "ModuleOp"> {
  let summary = "Gather what rewrites did in one log of the module";
  let description = [{
    ```mlir
    module {
      func.func @run() attributes {perceiver.fusion_log = ["model.mlir:7: fold-norms: norm folded"]}
    ```

    becomes

    ```mlir
    module attributes {perceiver.fusion_log = ["model.mlir:7: fold-norms: norm folded"]} {
      func.func @run()
    ```

    Sentences stand in the order of the description; equal ones are one. Names
    in `perceiver.without` that no rewrite has are an error.
  }];
}

#endif // PERCEIVER_LIB_TRANSFORMS_PASSES_TD
