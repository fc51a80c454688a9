// RUN: perceiver-opt %s --perceiver-expand --perceiver-rewrite --perceiver-cpu-strategy=cpu=x86-64-v4 --perceiver-cpu-prepare --perceiver-cpu-tile | FileCheck %s

// Queries are points of a grid whose channels come first: a task reads the pixels
// of its points where they lie, and neither the transposed image nor the queries
// exist as a whole.

// CHECK-LABEL: func.func @decode(
// CHECK-NOT: block.transpose
// CHECK: scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (%{{.*}}, %{{.*}}) step (1, 128)
// CHECK: block.take_rows {{.*}} {channels_first}
// CHECK: block.linear
// CHECK: block.grid_positions {{.*}} points(
// CHECK: block.concat_channels
// CHECK: block.online_attention
// CHECK-NOT: scf.forall (

perceiver.parameter @features : tensor<54x8xf32> key "features"
perceiver.parameter @q : tensor<18x32xf32> key "q"

func.func @decode(%z: tensor<?x16x32xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]},
                  %x: tensor<?x54x368x496xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                  %points: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["queries"]})
    -> (tensor<?x?x32xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "queries"]}) attributes {perceiver.entry} {
  %rows = perceiver.to_channels_last %x : tensor<?x54x368x496xf32> -> tensor<?x182528x54xf32>
  %0 = perceiver.take_rows %rows at %points : tensor<?x182528x54xf32>, tensor<?xi64> -> tensor<?x?x54xf32>
  %1 = perceiver.project %0 weight @features : tensor<?x?x54xf32> -> tensor<?x?x8xf32>
  %p = perceiver.fourier_positions points(%points : tensor<?xi64>) grid = [368, 496] bands = 2 max_resolution = [368, 496] layout = dm : tensor<?x10xf32>
  %2 = perceiver.concat %1, %p : (tensor<?x?x8xf32>, tensor<?x10xf32>) -> tensor<?x?x18xf32>
  %query = perceiver.project %2 weight @q : tensor<?x?x18xf32> -> tensor<?x?x32xf32>
  %y = perceiver.attend %query, %z, %z heads = 1 : tensor<?x?x32xf32>, tensor<?x16x32xf32>, tensor<?x16x32xf32> -> tensor<?x?x32xf32>
  return %y : tensor<?x?x32xf32>
}
