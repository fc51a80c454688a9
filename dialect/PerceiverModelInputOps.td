//===- PerceiverModelInputOps.td - Around the blocks -------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What stands before and after the blocks of a model: the input array with its
// positions, pooling and the layers of a head. `rows` below stands for one or
// two leading dimensions, `[N]` or `[B, N]`.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_MODEL_INPUT_OPS
#define PERCEIVER_MODEL_INPUT_OPS

include "dialect/PerceiverAttrs.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Perceiver_ModelOp<string mnemonic, list<Trait> traits = []>
    : Perceiver_Op<mnemonic, traits # [Pure]> {
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// The input array
//===----------------------------------------------------------------------===//

def Perceiver_FourierPositionsOp : Perceiver_ModelOp<"fourier_positions"> {
  let summary = "Fourier features of the points of a grid";
  let description = [{
    For each point of the grid, in row-major order, and each axis `a`: the
    coordinate `p`, equally spaced from -1 to 1, and

    ```
    sin(pi p f_k), cos(pi p f_k)    f_k equally spaced from 1 to max_resolution[a] / 2, k = 1 .. bands
    ```

    (Perceiver, arXiv 2103.03206, section 3.2 and appendix C). `layout` orders
    the channels; `recipe` fixes the rounding and is by default that of
    PyTorch. The result has no batch.

    Example:

    ```mlir
    func.func @positions() -> tensor<50176x258xf32> {
      %p = perceiver.fourier_positions grid = [224, 224] bands = 64 max_resolution = [224, 224]
          layout = dm : tensor<50176x258xf32>
      return %p : tensor<50176x258xf32>
    }
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$grid, I64Attr:$bands,
                       DenseF64ArrayAttr:$max_resolution,
                       Perceiver_FourierLayoutAttr:$layout,
                       DefaultValuedAttr<Perceiver_FourierRecipeAttr,
                         "::mlir::perceiver::FourierRecipe::torch_f32">:$recipe);
  let assemblyFormat = [{
    `grid` `=` $grid `bands` `=` $bands
    `max_resolution` `=` custom<Numbers>($max_resolution)
    `layout` `=` custom<Layout>($layout) attr-dict `:` type($result)
  }];
}

def Perceiver_EmbeddingOp
    : Perceiver_ModelOp<"embedding",
        [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "embed ids, with learned positions";
  let description = [{
    `y[rows, :] = table[ids[rows], :]`; with `positions`, a table `[P, C]`,
    `y[.., m, :]` is that plus `positions[m, :]` (Perceiver IO, arXiv
    2107.14795, section 4.1).

    The number of ids in a row is then static and at most `P`.

    Example:

    ```mlir
    perceiver.parameter @tokens : tensor<262x768xf32> key "embeddings.weight"
    perceiver.parameter @places : tensor<2048x768xf32> key "position_embeddings.weight"

    func.func @embed(%ids: tensor<?x2048xi64>) -> tensor<?x2048x768xf32> {
      %x = perceiver.embedding %ids table @tokens positions @places
          : tensor<?x2048xi64> -> tensor<?x2048x768xf32>
      return %x : tensor<?x2048x768xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$ids, FlatSymbolRefAttr:$table,
                       OptionalAttr<FlatSymbolRefAttr>:$positions);
  let assemblyFormat = [{
    $ids `table` $table (`positions` $positions^)? attr-dict
    `:` type($ids) `->` type($result)
  }];
}

def Perceiver_ConcatOp : Perceiver_ModelOp<"concat"> {
  let summary = "concatenate channels";
  let description = [{
    `y[rows, :] = [x_1[rows, :] | x_2[rows, :] | ..]`. An input without batch,
    such as positions, is broadcast over it.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x50176x3xf32>, %p: tensor<50176x258xf32>) -> tensor<?x50176x261xf32> {
      %y = perceiver.concat %x, %p
          : (tensor<?x50176x3xf32>, tensor<50176x258xf32>) -> tensor<?x50176x261xf32>
      return %y : tensor<?x50176x261xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs);
  let assemblyFormat = [{
    $inputs attr-dict `:` functional-type($inputs, $result)
  }];
}

def Perceiver_ToChannelsLastOp : Perceiver_ModelOp<"to_channels_last"> {
  let summary = "from a channels-first grid to rows";
  let description = [{
    `y[b, m, c] = x[b, c, i_1, .., i_d]` where `m` numbers the points of the
    grid in row-major order: images `[B, C, H, W]` and videos
    `[B, C, T, H, W]` become the `[B, M, C]` that attention reads. A
    channels-last grid needs `tensor.collapse_shape` alone.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x3x224x224xf32>) -> tensor<?x50176x3xf32> {
      %y = perceiver.to_channels_last %x : tensor<?x3x224x224xf32> -> tensor<?x50176x3xf32>
      return %y : tensor<?x50176x3xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

//===----------------------------------------------------------------------===//
// Heads
//===----------------------------------------------------------------------===//

def Perceiver_MeanPoolOp : Perceiver_ModelOp<"mean_pool"> {
  let summary = "average over the latents";
  let description = [{
    `y[b, c] = (1 / N) sum_n x[b, n, c]`: the pooling of the original Perceiver
    (arXiv 2103.03206, section 3.1). The result is `[B, C]` or `[B, 1, C]`.

    Example:

    ```mlir
    func.func @f(%z: tensor<?x256x512xf32>) -> tensor<?x512xf32> {
      %y = perceiver.mean_pool %z : tensor<?x256x512xf32> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Perceiver_NormOp
    : Perceiver_ModelOp<"norm",
        [AllTypesMatch<["input", "result"]>,
         DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "layer normalisation with bound weights";
  let description = [{
    With the mean and the biased variance of each row

    ```
    y = weight * (x - mean) / sqrt(variance + epsilon) + bias
    ```

    (Ba et al., arXiv 1607.06450).

    Example:

    ```mlir
    perceiver.parameter @g : tensor<512xf32> key "to_logits.1.weight"
    perceiver.parameter @b : tensor<512xf32> key "to_logits.1.bias"

    func.func @f(%x: tensor<?x512xf32>) -> tensor<?x512xf32> {
      %y = perceiver.norm %x weight @g bias @b : tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, FlatSymbolRefAttr:$weight,
                       FlatSymbolRefAttr:$bias,
                       DefaultValuedAttr<F64Attr, "1e-5">:$epsilon);
  let assemblyFormat = [{
    $input `weight` $weight `bias` $bias attr-dict `:` type($input)
  }];
}

def Perceiver_ProjectOp
    : Perceiver_ModelOp<"project",
        [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "linear layer with bound weights";
  let description = [{
    `y[rows, n] = sum_k x[rows, k] * weight[k, n] + bias[n]`: a classifier, or
    the logits of a language model, whose weight is the transposed embedding
    table under a second symbol (Perceiver IO, arXiv 2107.14795, section 4).

    Example:

    ```mlir
    perceiver.parameter @w : tensor<1024x1000xf32> key "final_layer.weight" transpose
    perceiver.parameter @b : tensor<1000xf32> key "final_layer.bias"

    func.func @f(%x: tensor<?x1x1024xf32>) -> tensor<?x1x1000xf32> {
      %y = perceiver.project %x weight @w bias @b : tensor<?x1x1024xf32> -> tensor<?x1x1000xf32>
      return %y : tensor<?x1x1000xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, FlatSymbolRefAttr:$weight,
                       OptionalAttr<FlatSymbolRefAttr>:$bias);
  let assemblyFormat = [{
    $input `weight` $weight (`bias` $bias^)? attr-dict
    `:` type($input) `->` type($result)
  }];
}

#endif // PERCEIVER_MODEL_INPUT_OPS
