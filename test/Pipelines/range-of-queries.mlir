// RUN: perceiver-opt %s --perceiver-expand --perceiver-rewrite --perceiver-cpu-strategy=cpu=x86-64-v4 --perceiver-cpu-prepare --perceiver-cpu-tile | FileCheck %s

// Queries are a range of a grid: rows of its tables, stored, are read where a
// task projects them, and positions are nowhere else.

// CHECK-LABEL: func.func @decode(
// CHECK-NOT: block.grid_positions
// CHECK: scf.forall (%{{.*}}, %[[ROW:.*]]) = (0, 0) to (2, %{{.*}}) step (1, 128)
// CHECK: block.grid_positions {{.*}} offset({{.*}}) {{.*}} {clamped,
// CHECK-NEXT: tensor.empty
// CHECK-NEXT: block.concat_channels
// CHECK-NEXT: tensor.empty
// CHECK-NEXT: block.linear
// CHECK: block.online_attention
// CHECK: block.linear
// CHECK-NOT: block.grid_positions

perceiver.parameter @q : tensor<13x32xf32> key "q"
perceiver.parameter @k : tensor<24x32xf32> key "k"
perceiver.parameter @v : tensor<24x32xf32> key "v"
perceiver.parameter @o : tensor<32x13xf32> key "o"

func.func @decode(%z: tensor<2x16x24xf32> {perceiver.name = "z"},
                  %skipped: tensor<?xf32> {perceiver.name = "skipped", perceiver.sizes = ["first"]},
                  %x: tensor<2x?x3xf32> {perceiver.name = "x", perceiver.sizes = ["count"]})
    -> (tensor<2x?x13xf32> {perceiver.name = "y", perceiver.sizes = ["count"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %first = tensor.dim %skipped, %c0 : tensor<?xf32>
  %count = tensor.dim %x, %c1 : tensor<2x?x3xf32>
  %p = perceiver.fourier_positions range(%first, %count) grid = [368, 496] bands = 2 max_resolution = [368, 496] layout = dm : tensor<?x10xf32>
  %query = perceiver.concat %x, %p : (tensor<2x?x3xf32>, tensor<?x10xf32>) -> tensor<2x?x13xf32>
  %y = perceiver.decode %query, %z heads = 1 qk_channels = 32 v_channels = 32 mlp = none
      weights {query = [@q], key = [@k], value = [@v], output = [@o]}
      {residual = false, perceiver.without = ["select-algebra"]}
      : tensor<2x?x13xf32>, tensor<2x16x24xf32> -> tensor<2x?x13xf32>
  return %y : tensor<2x?x13xf32>
}
