//===- InputOps.td - The input array of a model ------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The input array and its positions. `rows` stands for one or two leading
// dimensions, `[N]` or `[B, N]`.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_INPUTOPS_TD
#define PERCEIVER_DIALECT_MODEL_INPUTOPS_TD

include "dialect/Model/RowOp.td"
include "dialect/Model/PerceiverAttrs.td"
include "mlir/IR/SymbolInterfaces.td"

def Perceiver_EmbeddingOp
    : Perceiver_RowOp<"embedding",
        [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "embed ids, with learned positions";
  let description = [{
    `y[rows, :] = table[ids[rows], :]`; with `positions`, a table `[P, C]`,
    `y[.., m, :]` is that plus `positions[m, :]` (Perceiver IO, arXiv
    2107.14795, section 4.1).

    The number of ids in a row is at most `P`: it is static, or `perceiver.require`
    says so before.

    Example:

    ```mlir
    perceiver.parameter @tokens : tensor<262x768xf32> key "embeddings.weight"
    perceiver.parameter @places : tensor<2048x768xf32> key "position_embeddings.weight"

    func.func @embed(%ids: tensor<?x?xi64> {perceiver.sizes = ["batch", "rows"]}) -> tensor<?x?x768xf32> {
      %c1 = arith.constant 1 : index
      %c2048 = arith.constant 2048 : index
      %rows = tensor.dim %ids, %c1 : tensor<?x?xi64>
      perceiver.require %rows <= %c2048, "at most 2,048 tokens"
      %x = perceiver.embedding %ids table @tokens positions @places
          : tensor<?x?xi64> -> tensor<?x?x768xf32>
      return %x : tensor<?x?x768xf32>
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

def Perceiver_ConcatOp : Perceiver_RowOp<"concat"> {
  let summary = "concatenate channels";
  let description = [{
    `y[rows, :] = [x_1[rows, :] | x_2[rows, :] | ..]`. An input without batch,
    such as positions, is broadcast over it, a vector `[C]`, such as a learned
    embedding of the modality, over the rows.

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

def Perceiver_TakeRowsOp : Perceiver_RowOp<"take_rows"> {
  let summary = "rows of an array, chosen by their numbers";
  let description = [{
    `y[.., m, :] = x[.., points[m], :]`: what an output is asked for at some
    points is made of their rows (the queries of Perceiver IO, arXiv 2107.14795,
    section 3.2, of optical flow). Points come in any order, and more than once;
    all batch entries have the same. A number below 0 or behind the last row
    counts as the nearest one; `perceiver.bounds` refuses it.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x182528x54xf32>, %points: tensor<?xi64>) -> tensor<?x?x54xf32> {
      %y = perceiver.take_rows %x at %points : tensor<?x182528x54xf32>, tensor<?xi64> -> tensor<?x?x54xf32>
      return %y : tensor<?x?x54xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, AnyRankedTensor:$points);
  let assemblyFormat = [{
    $input `at` $points attr-dict
    `:` type($input) `,` type($points) `->` type($result)
  }];
}

def Perceiver_BroadcastOp : Perceiver_RowOp<"broadcast"> {
  let summary = "the same rows for each batch entry";
  let description = [{
    `y[b, n, c] = x[n, c]` for the entries of a batch of that size: a state that
    reads no input, such as the latents of a Perceiver without layers (arXiv
    2103.03206, section 3.1). Where rows meet those of a batch, in `add`,
    `concat` and attention, they need not be broadcast. The batch of the result
    is static if it is a constant.

    Example:

    ```mlir
    func.func @f(%z: tensor<16x32xf32>, %x: tensor<?x50x3xf32>) -> tensor<?x16x32xf32> {
      %c0 = arith.constant 0 : index
      %batch = tensor.dim %x, %c0 : tensor<?x50x3xf32>
      %y = perceiver.broadcast %z batch %batch : tensor<16x32xf32> -> tensor<?x16x32xf32>
      return %y : tensor<?x16x32xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, Index:$batch);
  let assemblyFormat = [{
    $input `batch` $batch attr-dict `:` type($input) `->` type($result)
  }];
}

def Perceiver_ToChannelsLastOp : Perceiver_RowOp<"to_channels_last"> {
  let summary = "from a channels-first grid to rows";
  let description = [{
    `y[b, m, c] = x[b, c, i_1, .., i_d]` where `m` numbers the points of the
    grid in row-major order: images `[B, C, H, W]` and videos
    `[B, C, T, H, W]` become the `[B, M, C]` that attention reads: a `transpose`
    behind a `tensor.collapse_shape`. A channels-last grid needs the latter alone.

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

#endif // PERCEIVER_DIALECT_MODEL_INPUTOPS_TD
