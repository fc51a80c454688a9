// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK: perceiver.parameter @plain : tensor<7xf32> key "norm.weight"{{$}}
perceiver.parameter @plain : tensor<7xf32> key "norm.weight"
// CHECK: perceiver.parameter @transposed : tensor<7x33xbf16> key "a.weight" transpose
perceiver.parameter @transposed : tensor<7x33xbf16> key "a.weight" transpose
// CHECK: perceiver.parameter @aliased : tensor<7xf16> key "a.bias" aliases ["b.bias", "c.bias"]
perceiver.parameter @aliased : tensor<7xf16> key "a.bias" aliases ["b.bias", "c.bias"]
// CHECK: perceiver.parameter @sliced : tensor<7x33xf32> key "kv" slice [33:66, 0:7] of [66, 7] transpose
perceiver.parameter @sliced : tensor<7x33xf32> key "kv" slice [33:66, 0:7] of [66, 7] transpose
// CHECK: perceiver.parameter @reshaped : tensor<3x8xf64> key "conv" of [8, 3, 1, 1] permutation [1, 0, 2, 3]
perceiver.parameter @reshaped : tensor<3x8xf64> key "conv" of [8, 3, 1, 1] permutation [1, 0, 2, 3]
// CHECK: perceiver.parameter @family : tensor<7x7xf32> key "layers.{}.w" aliases ["blocks.{}.w"] count 6 first 1 stride 2 transpose
perceiver.parameter @family : tensor<7x7xf32> key "layers.{}.w" aliases ["blocks.{}.w"] count 6 first 1 stride 2 transpose

// CHECK-LABEL: func.func @get
func.func @get(%i: index) {
  // CHECK: perceiver.get_parameter @plain : tensor<7xf32>
  %0 = perceiver.get_parameter @plain : tensor<7xf32>
  // CHECK: perceiver.get_parameter @family[%{{.*}}] : tensor<7x7xf32>
  %1 = perceiver.get_parameter @family[%i] : tensor<7x7xf32>
  return
}
