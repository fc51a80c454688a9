// An entry that calls others is fused across the calls: what ends @narrow and
// what begins @widen is one phase of @run, and the rows between them are a tile
// of a task. What ends a phase is a dependence and not a call. In the models of
// python/models such a dependence stands at each call: a loop over layers begins
// and ends there, and attention, which comes next, needs all rows.
//
// RUN: perceiver-opt %s -perceiver-expand -perceiver-rewrite --perceiver-cpu-strategy=cpu=x86-64-v4 -perceiver-cpu-prepare -perceiver-cpu-tile | FileCheck %s

perceiver.parameter @w : tensor<16x8xf32> key "w"
perceiver.parameter @v : tensor<8x16xf32> key "v"

func.func @narrow(%x: tensor<?x128x16xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x128x8xf32> {perceiver.name = "h", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %h = perceiver.project %x weight @w : tensor<?x128x16xf32> -> tensor<?x128x8xf32>
  return %h : tensor<?x128x8xf32>
}

func.func @widen(%h: tensor<?x128x8xf32> {perceiver.name = "h", perceiver.sizes = ["batch"]})
    -> (tensor<?x128x16xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %y = perceiver.project %h weight @v : tensor<?x128x8xf32> -> tensor<?x128x16xf32>
  return %y : tensor<?x128x16xf32>
}

func.func @run(%x: tensor<?x128x16xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x128x16xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %h = call @narrow(%x) : (tensor<?x128x16xf32>) -> tensor<?x128x8xf32>
  %y = call @widen(%h) : (tensor<?x128x8xf32>) -> tensor<?x128x16xf32>
  return %y : tensor<?x128x16xf32>
}

// CHECK-LABEL: func.func @run
// CHECK:       scf.forall ({{.*}}) = (0, 0) to (%{{.*}}, 128) step (1, [[ROWS:[0-9]+]])
// CHECK:         %[[H:.*]] = block.linear {{.*}} -> tensor<1x[[ROWS]]x8xf32>
// CHECK-NEXT:    tensor.extract_slice
// CHECK:         block.linear ins(%[[H]], {{.*}} -> tensor<1x[[ROWS]]x16xf32>
// CHECK-NOT:   scf.forall (
