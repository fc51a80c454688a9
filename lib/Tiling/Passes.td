//===- Passes.td - From blocks to tasks and tiles ----------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TILING_PASSES_TD
#define PERCEIVER_LIB_TILING_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertToOnlineAttentionPass
    : Pass<"perceiver-convert-to-online-attention"> {
  let summary = "Rewrite attention with its running state as destinations";
  let description = [{
    ```mlir
    %o = block.attention ins(%q, %k, %v) outs(%init) heads = 8
    ```

    becomes

    ```mlir
    %acc, %m, %sum = block.online_attention ins(%q, %k, %v)
        outs(%zeros, %minus_infinity, %zeros) heads = 8 scale = 0.125
    %o = block.finish_attention ins(%acc, %m, %sum) outs(%init)
    ```

    A mask or lengths become a `block.key_mask`. The tiling goes with the keys.
  }];
  let options = [
    Option<"splitOnly", "split-only", "bool", "false",
           "leave alone what is not split over its keys">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ApplyTransformPass : Pass<"perceiver-apply-transform", "::mlir::ModuleOp"> {
  let summary = "Tile and fuse as a script in the transform dialect says";
  let description = [{
    Runs the sequence `__transform_main` of a file before phases are formed:

    ```mlir
    module attributes {transform.with_named_sequence} {
      transform.named_sequence @__transform_main(
          %module: !transform.any_op {transform.readonly}) {
        %mlp = transform.structured.match ops{["block.linear"]}
            attributes{activation = #perceiver.activation<gelu_erf>} in %module
            : (!transform.any_op) -> !transform.any_op
        %tile, %tasks = transform.structured.tile_using_forall %mlp
            tile_sizes [1, 4]
            : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
        transform.yield
      }
    }
    ```

    The loops that it makes are phases, their iterations tasks. A tile has no
    `perceiver.tiling`, and neither has a producer that is fused into a loop:
    they are done, and the passes that follow leave them alone. Everything else
    keeps its attribute and is tiled as it says. To say something else, to tile
    inside a task or to be done with an operation that is not tiled at all,
    write it: `transform.annotate %op "perceiver.tiling" = %tiling`, where
    `#perceiver.tiling<task = [], root = true>` leaves an operation as it is.
    What asks for tasks inside a task is refused by `perceiver-tile-tasks`.

    It is an error if a handle is used that an operation before has consumed, if
    the script changes nothing, and if tasks write the same part of a result.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect", "::mlir::transform::TransformDialect"
  ];
  let options = [Option<"file", "file", "std::string", "", "the script">];
}

def CountPhasesPass : Pass<"perceiver-count-phases", "::mlir::func::FuncOp"> {
  let summary = "Write down the work of the phases of entries";
  let description = [{
    Gives each entry the attribute `perceiver.phases`: of each `scf.forall`, in
    the order of the text, how often a run executes it and the floating-point
    operations of all its tasks together, as size programs of the entry's
    dynamic sizes. They are what is executed, so that what tasks compute several
    times counts as often; all tiles of a loop count as ones like the first. What
    is not known is left out.

    ```mlir
    %y = scf.forall (%b, %r) = (0, 0) to (%batch, 512) step (1, 64) .. {
      block.linear ..  // 64 rows of 32 channels, 16 columns
    }
    ```

    is described by `times = array<i64: 0, 1>, flop = array<i64: 1, 0, 0, 524288,
    3, 0>`, once and `batch * 524288`.
  }];
}

def SplitKeysPass : Pass<"perceiver-split-keys", "::mlir::func::FuncOp"> {
  let summary = "Split attentions over their keys";
  let description = [{
    An `online_attention` whose `perceiver.tiling` has a key split becomes a
    phase of one task for each part of the keys (and batch entry), followed by a
    `merge_attention`. With a mask, a dynamic number of keys has parts up to the
    last that takes part. The producers of its keys and values are fused into the
    tasks, so that projected keys and values never exist as a whole. If its tasks
    are tiles of heads and queries too, there is one phase of a task for each part
    and tile.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def FormPhasesPass : Pass<"perceiver-form-phases", "::mlir::func::FuncOp"> {
  let summary = "Group operations into phases of independent tasks";
  let description = [{
    A phase is an `scf.forall` whose iterations, the tasks, depend on nothing
    that another task of the phase computes. From the last operation of a block
    upwards, each operation that belongs to no phase yet becomes the root of
    one: it is tiled as its `perceiver.tiling` says, and its producers are
    fused into the tasks as long as

    * everything that reads the producer is in the phase, and
    * no two tasks would compute the same part of it.

    A dependence that breaks the second rule is what separates two phases.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def SinkFillsPass : Pass<"perceiver-sink-fills", "::mlir::func::FuncOp"> {
  let summary = "Let tasks fill the arrays that they take more into";
  let description = [{
    ```mlir
    %f = linalg.fill ins(%c) outs(%e)
    %y = scf.forall (%r) .. shared_outs(%o = %f) {
      %p = tensor.extract_slice %o[%r, 0] ..
      .. outs(%p) ..
    ```

    becomes

    ```mlir
    %y = scf.forall (%r) .. shared_outs(%o = %e) {
      %s = tensor.extract_slice %o[%r, 0] ..
      %p = linalg.fill ins(%c) outs(%s)
      .. outs(%p) ..
    ```

    so that nothing accesses arrays outside of phases.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ClipMaskedKeysPass
    : Pass<"perceiver-clip-masked-keys", "::mlir::func::FuncOp"> {
  let summary = "Compute nothing for keys beyond the last that a mask keeps";
  let description = [{
    ```mlir
    scf.forall (%b, %head) .. {
      %k = block.linear ins(%x, %w ..) ..               // all keys
      %m = tensor.extract_slice %mask[%b, 0] [1, %n] [1, 1] ..
      block.online_attention ins(%q, %k, %k ..) mask(%m ..) ..
    ```

    becomes

    ```mlir
    scf.forall (%b, %head) .. {
      %m = tensor.extract_slice %mask[%b, 0] [1, %n] [1, 1] ..
      %used = scf.for ..                                // a key after the last one
      %xu = tensor.extract_slice %x[0, 0, 0] [1, %used, ..] ..
      %k = block.linear ins(%xu, %w ..) ..
      %mu = tensor.extract_slice %m[0, 0] [1, %used] [1, 1] ..
      block.online_attention ins(%q, %k, %k ..) mask(%mu ..) ..
    ```

    in tasks that have any number of keys of one batch entry. Of a static number
    above 256 the rest of `%k` is not computed, and the attention stays as it is.
    Parts of the keys are clipped by `perceiver-split-keys`.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def TileTasksPass : Pass<"perceiver-tile-tasks", "::mlir::func::FuncOp"> {
  let summary = "Tile the operations inside tasks";
  let description = [{
    Applies the inner tilings that `perceiver.tiling` lists, as nested `scf.for`
    loops, and fuses producers into a loop when each iteration needs its own
    part of them. The attribute is used up.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def SkipMaskedKeysPass
    : Pass<"perceiver-skip-masked-keys", "::mlir::func::FuncOp"> {
  let summary = "Leave out blocks of keys that a mask empties";
  let description = [{
    ```mlir
    %r:3 = scf.for %j .. iter_args(%a = .., %m = .., %s = ..) {
      %k = block.linear ..
      %part = tensor.extract_slice %mask[%b, %j] ..
      %t:3 = block.online_attention ins(%q, %k, %k ..) mask(%part ..) outs(%a, %m, %s ..)
      scf.yield %t#0, %t#1, %t#2
    ```

    becomes

    ```mlir
    %r:3 = scf.for %j .. iter_args(%a = .., %m = .., %s = ..) {
      %part = tensor.extract_slice %mask[%b, %j] ..
      %any = arith.cmpi ne, ..                    // of all bytes of %part
      %t:3 = scf.if %any {
        %k = block.linear ..
        %u:3 = block.online_attention ins(%q, %k, %k ..) mask(%part ..) outs(%a, %m, %s ..)
        scf.yield %u#0, %u#1, %u#2
      } else {
        scf.yield %a, %m, %s
      }
      scf.yield %t#0, %t#1, %t#2
    ```

    in tasks. Loops over queries, around the attention for the same keys, are
    left out as a whole, and so is what is computed for the attention alone.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ReuseDestinationsPass
    : Pass<"perceiver-reuse-destinations", "::mlir::func::FuncOp"> {
  let summary = "Let phases update an array in place";
  let description = [{
    A phase that writes, in each task, just the part of an array that it read
    (a residual) can write into that array if nobody reads it afterwards:

    ```mlir
    %y = scf.forall (%r) .. shared_outs(%o = %empty) {
      %p = tensor.extract_slice %x[%r, 0] ..
      ..
      tensor.parallel_insert_slice %q into %o[%r, 0] ..
    ```

    becomes

    ```mlir
    %y = scf.forall (%r) .. shared_outs(%o = %x) {
      %p = tensor.extract_slice %o[%r, 0] ..
    ```

    A loop that carries latents then carries one buffer. What a loop yields
    otherwise is copied into the buffer that it carries.

    With `by-element` the part has to be read element by element, each just
    before it is written: where many threads work on a task, one may have
    written what another has not read yet.
  }];
  let options = [
    Option<"byElement", "by-element", "bool", "false",
           "leave alone what is not read element by element">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

#endif // PERCEIVER_LIB_TILING_PASSES_TD
