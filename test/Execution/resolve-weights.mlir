// RUN: perceiver-opt %s --perceiver-resolve-weights | FileCheck %s

block.weight @one : tensor<7x33xf32> {offset = 64 : i64, stride = 960 : i64}
block.weight @many : tensor<7x33xf32> count 3 {offset = 4096 : i64, stride = 960 : i64}

// CHECK-LABEL: func.func @run(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr, %[[I:.*]]: index
// CHECK-NOT: block.get_weight
// CHECK: frame.weight %[[FRAME]] at 64
// CHECK-NOT: member
// CHECK-SAME: memref<7x33xf32>
// CHECK: frame.weight %[[FRAME]] at 4096 member(%[[I]] of 3) stride 960 : memref<7x33xf32>
func.func @run(%frame: !llvm.ptr, %i: index) -> (memref<7x33xf32>, memref<7x33xf32>) {
  %a = block.get_weight @one : memref<7x33xf32>
  %b = block.get_weight @many[%i] : memref<7x33xf32>
  return %a, %b : memref<7x33xf32>, memref<7x33xf32>
}
