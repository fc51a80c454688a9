// RUN: perceiver-opt %s --transform-interpreter -split-input-file -verify-diagnostics

// Half a panel is no slice of a packed weight.

func.func @half_a_panel(%x: tensor<7x33xf32>, %p: tensor<3x33x16xf32>, %e: tensor<7x48xf32>) -> tensor<7x48xf32> {
  // expected-error @+2 {{faild to tile operation}}
  // expected-error @+1 {{failed to generate tiling loops}}
  %0 = block.linear ins(%x, %p : tensor<7x33xf32>, tensor<3x33x16xf32>) outs(%e : tensor<7x48xf32>)
      {layout = #block.panels<columns = 16, lanes = 16>, test.tile} -> tensor<7x48xf32>
  return %0 : tensor<7x48xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %0 = transform.structured.match attributes {test.tile} in %root : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %0 tile_sizes [0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
