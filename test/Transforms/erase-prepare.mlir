// RUN: perceiver-opt %s --perceiver-erase-prepare | FileCheck %s

// CHECK-NOT: perceiver.parameter
// CHECK-NOT: @prepare_0
// CHECK: func.func @run
// CHECK: block.get_weight @weight_0
// CHECK: block.weight @weight_0 : tensor<7x33xf32> offset 0 stride 960
// CHECK-NOT: prepare
perceiver.parameter @w : tensor<7x33xf32> key "w"

func.func private @prepare_0() -> tensor<7x33xf32> attributes {perceiver.prepare} {
  %w = perceiver.get_parameter @w : tensor<7x33xf32>
  return %w : tensor<7x33xf32>
}

func.func @run() -> tensor<7x33xf32> attributes {perceiver.entry} {
  %w = block.get_weight @weight_0 : tensor<7x33xf32>
  return %w : tensor<7x33xf32>
}

block.weight @weight_0 : tensor<7x33xf32> prepare @prepare_0 offset 0 stride 960
