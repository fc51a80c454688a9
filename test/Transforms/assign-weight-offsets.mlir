// RUN: perceiver-opt %s --perceiver-assign-weight-offsets --split-input-file --verify-diagnostics | FileCheck %s

// Members begin at multiples of 64 bytes; the identifier depends on the layout
// and the functions, not on names in the checkpoint and on tiles.

// CHECK: module attributes {perceiver.weights_bytes = 896 : i64, perceiver.weights_id = "[[ID:[0-9a-f]{64}]]"}
module {
  perceiver.parameter @a : tensor<3x5xf32> key "a.{}" count 4
  perceiver.parameter @b : tensor<17xf16> key "b"

  func.func private @prepare_0(%i: index) -> tensor<3x5xf32> attributes {perceiver.prepare} {
    %0 = perceiver.get_parameter @a[%i] : tensor<3x5xf32>
    return %0 : tensor<3x5xf32>
  }
  // CHECK: block.weight @weight_0 : tensor<3x5xf32> count 4 prepare @prepare_0 offset 0 stride 64
  block.weight @weight_0 : tensor<3x5xf32> count 4 prepare @prepare_0

  func.func private @prepare_1() -> tensor<17xf16> attributes {perceiver.prepare} {
    %0 = perceiver.get_parameter @b : tensor<17xf16>
    return %0 : tensor<17xf16>
  }
  // CHECK: block.weight @weight_1 : tensor<17xf16> prepare @prepare_1 offset 256 stride 64
  block.weight @weight_1 : tensor<17xf16> prepare @prepare_1

  func.func private @prepare_2() -> tensor<2x33xf64> attributes {perceiver.prepare} {
    %0 = arith.constant dense<1.0> : tensor<2x33xf64>
    return %0 : tensor<2x33xf64>
  }
  // Offsets that are there already change nothing.
  // CHECK: block.weight @weight_2 : tensor<2x33xf64> prepare @prepare_2 offset 320 stride 576
  block.weight @weight_2 : tensor<2x33xf64> prepare @prepare_2 offset 64 stride 64
}

// -----

// CHECK: perceiver.weights_bytes = 64 : i64, perceiver.weights_id = "[[RENAMED:[0-9a-f]{64}]]"
module {
  perceiver.parameter @a : tensor<2xf32> key "a"
  func.func private @prepare_0() -> tensor<2xf32> attributes {perceiver.prepare} {
    %0 = perceiver.get_parameter @a : tensor<2xf32>
    return %0 : tensor<2xf32>
  }
  block.weight @weight_0 : tensor<2xf32> prepare @prepare_0
}

// -----

// CHECK: perceiver.weights_bytes = 64 : i64, perceiver.weights_id = "[[RENAMED]]"
module {
  perceiver.parameter @a : tensor<2xf32> key "another.name"
  func.func private @prepare_0() -> tensor<2xf32> attributes {perceiver.prepare} {
    %anything = perceiver.get_parameter @a : tensor<2xf32>
    return %anything : tensor<2xf32>
  }
  block.weight @weight_0 : tensor<2xf32> prepare @prepare_0
}

// -----

// CHECK: perceiver.weights_id = "[[ENTRY:[0-9a-f]{64}]]"
module {
  func.func @run(%x: tensor<2x2xf32>) -> tensor<2x2xf32> attributes {perceiver.entry} {
    %0 = block.layer_norm ins(%x : tensor<2x2xf32>) outs(%x : tensor<2x2xf32>) -> tensor<2x2xf32>
    return %0 : tensor<2x2xf32>
  }
}

// -----

// CHECK: perceiver.weights_id = "[[ENTRY]]"
module {
  func.func @run(%x: tensor<2x2xf32>) -> tensor<2x2xf32> attributes {perceiver.entry} {
    %0 = block.layer_norm ins(%x : tensor<2x2xf32>) outs(%x : tensor<2x2xf32>)
        {perceiver.tiling = #perceiver.tiling<task = [1]>} -> tensor<2x2xf32>
    return %0 : tensor<2x2xf32>
  }
}

// -----

// CHECK-NOT: perceiver.weights_id = "[[ENTRY]]"
module {
  func.func @run(%x: tensor<2xf32>) -> tensor<2xf32> attributes {perceiver.entry} {
    %0 = math.tanh %x : tensor<2xf32>
    return %0 : tensor<2xf32>
  }
}

// -----

// expected-error@+1 {{expected a function that prepares the weight}}
block.weight @weight_0 : tensor<2xf32>

// -----

func.func private @prepare_0() -> tensor<4611686018427387904xf64> attributes {perceiver.prepare} {
  %0 = tensor.empty() : tensor<4611686018427387904xf64>
  return %0 : tensor<4611686018427387904xf64>
}
// expected-error@+1 {{expected a weight file of less than 2^63 bytes}}
block.weight @weight_0 : tensor<4611686018427387904xf64> prepare @prepare_0
