// RUN: perceiver-opt %s --perceiver-expand --perceiver-rewrite --perceiver-cpu-strategy=cpu=x86-64-v4 --perceiver-cpu-prepare --perceiver-cpu-tile | FileCheck %s

// Any number of rows attends to any number of rows with enough heads for a task
// each: the attention is inside the loop over its queries, and nowhere else.

// CHECK-LABEL: func.func @run(
// CHECK-NOT: block.online_attention
// CHECK: scf.forall (%{{.*}}, %{{.*}}) in (2, 8)
// CHECK-NOT: block.online_attention
// CHECK: scf.for %{{.*}} to %{{.*}} step %c64
// CHECK: scf.for %{{.*}} to %{{.*}} step %c256
// CHECK: block.online_attention
// CHECK-NOT: block.online_attention
// CHECK: block.finish_attention
// CHECK-NOT: block.online_attention

// With fewer heads a task is rows of queries: their projection, the attention, head
// by head, and what follows. Only keys and values are whole.

// CHECK-LABEL: func.func @rows(
// CHECK: scf.forall {{.*}} step (1, 128)
// CHECK: block.linear
// CHECK: scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (2, %{{.*}}) step (1, 128)
// CHECK: block.linear
// CHECK: scf.for %{{.*}} to %c2
// CHECK: scf.for %{{.*}} to %{{.*}} step %c256
// CHECK: block.online_attention
// CHECK: block.finish_attention
// CHECK: block.linear
// CHECK-NOT: scf.forall (
// CHECK: return

perceiver.parameter @q : tensor<24x64xf32> key "q"
perceiver.parameter @k : tensor<24x64xf32> key "k"
perceiver.parameter @v : tensor<24x64xf32> key "v"
perceiver.parameter @o : tensor<64x24xf32> key "o"

func.func @run(%x: tensor<2x?x24xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<2x?x24xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]}) attributes {perceiver.entry} {
  %y = perceiver.process iterations = 2 (%z = %x : tensor<2x?x24xf32>) -> tensor<2x?x24xf32> {
    %0 = perceiver.cross_block %z, %x heads = 8 qk_channels = 64 v_channels = 64 mlp = none
        weights {query = [@q], key = [@k], value = [@v], output = [@o]}
        : tensor<2x?x24xf32>, tensor<2x?x24xf32> -> tensor<2x?x24xf32>
    perceiver.yield %0 : tensor<2x?x24xf32>
  }
  return %y : tensor<2x?x24xf32>
}

func.func @rows(%x: tensor<2x?x24xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]},
                %z: tensor<2x?x24xf32> {perceiver.name = "z", perceiver.sizes = ["keys"]})
    -> (tensor<2x?x24xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]}) attributes {perceiver.entry} {
  %0 = perceiver.cross_block %x, %z heads = 2 qk_channels = 64 v_channels = 64 mlp = none
      weights {query = [@q], key = [@k], value = [@v], output = [@o]} {perceiver.algebra = #perceiver.algebra<project>}
      : tensor<2x?x24xf32>, tensor<2x?x24xf32> -> tensor<2x?x24xf32>
  return %0 : tensor<2x?x24xf32>
}
