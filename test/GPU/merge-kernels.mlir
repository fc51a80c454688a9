// RUN: perceiver-opt %s --perceiver-gpu-merge-kernels | FileCheck %s

// Kernels are equal if they do the same and know the same of their parameters.

// CHECK-LABEL: func.func @run(
// CHECK:         frame.launch %{{.*}} @kernels::@layer_norm_0 count
// CHECK-NEXT:    frame.launch %{{.*}} @kernels::@add_0 count
// CHECK-NEXT:    frame.launch %{{.*}} @kernels::@layer_norm_0 count
// CHECK-NEXT:    frame.launch %{{.*}} @kernels::@layer_norm_1 count
// CHECK-NEXT:    frame.launch %{{.*}} @kernels::@layer_norm_2 count
func.func @run(%frame: !llvm.ptr, %n: index, %x: memref<8x64xf32>) {
  frame.launch %frame @kernels::@layer_norm_0 count(%n) arguments(%x, %x : memref<8x64xf32>, memref<8x64xf32>) at 0
  frame.launch %frame @kernels::@add_1 count(%n) arguments(%x, %x : memref<8x64xf32>, memref<8x64xf32>) at 0
  frame.launch %frame @kernels::@layer_norm_2 count(%n) arguments(%x, %x : memref<8x64xf32>, memref<8x64xf32>) at 0
  frame.launch %frame @kernels::@layer_norm_3 count(%n) arguments(%x, %x : memref<8x64xf32>, memref<8x64xf32>) at 0
  frame.launch %frame @kernels::@layer_norm_4 count(%n) arguments(%x, %x : memref<8x64xf32>, memref<8x64xf32>) at 0
  return
}

// CHECK:         module @kernels
// CHECK-LABEL:   func.func @layer_norm_0(
// CHECK-LABEL:   func.func @add_0(
// CHECK-LABEL:   func.func @layer_norm_1(
// CHECK:           llvm.readonly
// CHECK-LABEL:   func.func @layer_norm_2(
// CHECK:           epsilon
// CHECK-NOT:     func.func
module @kernels {
  func.func @layer_norm_0(%task: index, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
    %0 = frame.array %x() : memref<8x64xf32>
    %1 = frame.array %y() : memref<8x64xf32>
    block.layer_norm ins(%0 : memref<8x64xf32>) outs(%1 : memref<8x64xf32>)
    return
  }
  func.func @add_1(%task: index, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
    %0 = frame.array %x() : memref<8x64xf32>
    %1 = frame.array %y() : memref<8x64xf32>
    block.add ins(%0, %0 : memref<8x64xf32>, memref<8x64xf32>) outs(%1 : memref<8x64xf32>)
    return
  }
  func.func @layer_norm_2(%task: index, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
    %0 = frame.array %x() : memref<8x64xf32>
    %1 = frame.array %y() : memref<8x64xf32>
    block.layer_norm ins(%0 : memref<8x64xf32>) outs(%1 : memref<8x64xf32>)
    return
  }
  func.func @layer_norm_3(%task: index, %x: !llvm.ptr<1> {llvm.readonly}, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
    %0 = frame.array %x() : memref<8x64xf32>
    %1 = frame.array %y() : memref<8x64xf32>
    block.layer_norm ins(%0 : memref<8x64xf32>) outs(%1 : memref<8x64xf32>)
    return
  }
  func.func @layer_norm_4(%task: index, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
    %0 = frame.array %x() : memref<8x64xf32>
    %1 = frame.array %y() : memref<8x64xf32>
    block.layer_norm ins(%0 : memref<8x64xf32>) outs(%1 : memref<8x64xf32>) {epsilon = 1.0e-6 : f64}
    return
  }
}
