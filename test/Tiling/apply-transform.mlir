// RUN: rm -rf %t && split-file %s %t
// RUN: perceiver-opt %t/model.mlir --perceiver-apply-transform=file=%t/tile.mlir -o %t/tiled.mlir
// RUN: FileCheck %s --input-file=%t/tiled.mlir
// RUN: perceiver-opt %t/tiled.mlir --pass-pipeline='builtin.module(func.func(perceiver-form-phases,perceiver-tile-tasks))' | FileCheck %s --check-prefix=OBEYED --implicit-check-not=perceiver.tiling

// What the script has tiled or fused has no tiling any more and is not left
// behind; the rest is tiled as its attribute says, which the script may write.

// CHECK-LABEL: func.func @mlp
// CHECK: block.layer_norm {{.*}} {my.first, perceiver.tiling = #perceiver.tiling<task = [], root = true>} -> tensor<2x64x32xf32>
// CHECK-NOT: block.linear
// CHECK: scf.forall
// CHECK-NOT: perceiver.tiling
// CHECK: %[[H:.*]] = block.linear {{.*}} -> tensor<1x8x32xf32>
// CHECK: block.linear ins(%[[H]], {{.*}} {my.last, perceiver.tiling = #perceiver.tiling<task = [], inner = [array<i64: 0, 4>]>} -> tensor<1x8x32xf32>
// CHECK: }
// CHECK: block.layer_norm {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 64]>} -> tensor<2x64x32xf32>

// OBEYED-LABEL: func.func @mlp
// OBEYED: block.layer_norm {{.*}} -> tensor<2x64x32xf32>
// OBEYED: scf.forall
// OBEYED: scf.for
// OBEYED: block.linear {{.*}} -> tensor<1x4x32xf32>
// OBEYED: scf.forall {{.*}} = (0, 0) to (2, 64) step (1, 64)
// OBEYED: block.layer_norm {{.*}} -> tensor<1x64x32xf32>

//--- model.mlir
func.func @mlp(%x: tensor<2x64x32xf32>, %w: tensor<32x32xf32>) -> tensor<2x64x32xf32> {
  %e = tensor.empty() : tensor<2x64x32xf32>
  %n = block.layer_norm ins(%x : tensor<2x64x32xf32>) outs(%e : tensor<2x64x32xf32>)
      {my.first, perceiver.tiling = #perceiver.tiling<task = [1, 32]>} -> tensor<2x64x32xf32>
  %h = block.linear ins(%n, %w : tensor<2x64x32xf32>, tensor<32x32xf32>) outs(%e : tensor<2x64x32xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 16]>} -> tensor<2x64x32xf32>
  %y = block.linear ins(%h, %w : tensor<2x64x32xf32>, tensor<32x32xf32>) outs(%e : tensor<2x64x32xf32>)
      {my.last, perceiver.tiling = #perceiver.tiling<task = [1, 16]>} -> tensor<2x64x32xf32>
  %z = block.layer_norm ins(%y : tensor<2x64x32xf32>) outs(%e : tensor<2x64x32xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 64]>} -> tensor<2x64x32xf32>
  return %z : tensor<2x64x32xf32>
}

//--- tile.mlir
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %last = transform.structured.match attributes{my.last} in %module : (!transform.any_op) -> !transform.any_op
    %first = transform.structured.match attributes{my.first} in %module : (!transform.any_op) -> !transform.any_op
    %hidden = transform.get_producer_of_operand %last[0] : (!transform.any_op) -> !transform.any_op
    %tile, %tasks = transform.structured.tile_using_forall %last tile_sizes [1, 8]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.structured.fuse_into_containing_op %hidden into %tasks
        : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    %rows = transform.param.constant #perceiver.tiling<task = [], inner = [array<i64: 0, 4>]> -> !transform.any_param
    transform.annotate %tile "perceiver.tiling" = %rows : !transform.any_op, !transform.any_param
    %whole = transform.param.constant #perceiver.tiling<task = [], root = true> -> !transform.any_param
    transform.annotate %first "perceiver.tiling" = %whole : !transform.any_op, !transform.any_param
    transform.yield
  }
}
