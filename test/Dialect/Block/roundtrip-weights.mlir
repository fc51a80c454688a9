// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK: block.weight @single : tensor<2x7x16xf32> prepare @prepare_single
block.weight @single : tensor<2x7x16xf32> prepare @prepare_single
// CHECK: block.weight @each : tensor<2x7x16xf32> count 6 prepare @prepare_each
block.weight @each : tensor<2x7x16xf32> count 6 prepare @prepare_each
// CHECK: block.weight @stored : tensor<7xbf16>{{$}}
block.weight @stored : tensor<7xbf16>

func.func private @prepare_single() -> tensor<2x7x16xf32>
func.func private @prepare_each(index) -> tensor<2x7x16xf32>

// CHECK-LABEL: func.func @get
func.func @get(%i: index) {
  // CHECK: block.get_weight @single : tensor<2x7x16xf32>
  %2 = block.get_weight @single : tensor<2x7x16xf32>
  // CHECK: block.get_weight @each[%{{.*}}] : memref<2x7x16xf32>
  %3 = block.get_weight @each[%i] : memref<2x7x16xf32>
  return
}
