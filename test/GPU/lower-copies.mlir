// RUN: perceiver-opt %s --perceiver-gpu-lower-kernels --canonicalize --cse | FileCheck %s

// Truth values are bytes; the elements of a slice are shared out.

// CHECK-LABEL: llvm.func @copy(
// CHECK:         scf.for %[[N:.*]] = %{{.*}} to %{{.*}} step %{{.*}}  : i32 {
// CHECK:           arith.remui %[[N]]
// CHECK:           %[[V:.*]] = llvm.load %{{.*}} {alignment = 1 : i64} : !llvm.ptr<1> -> i8
// CHECK:           llvm.store %[[V]], %{{.*}} {alignment = 1 : i64} : i8, !llvm.ptr<1>
func.func @copy(%task: index, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %n: index) attributes {perceiver.kernel} {
  %0 = frame.array %x(%n) : memref<?x4x64xi1>
  %1 = frame.array %y(%n) : memref<?x4x7xi1>
  %2 = memref.subview %0[%task, 0, 16] [1, 4, 7] [1, 1, 2] : memref<?x4x64xi1> to memref<1x4x7xi1, strided<[256, 64, 2], offset: ?>>
  %3 = memref.subview %1[%task, 0, 0] [1, 4, 7] [1, 1, 1] : memref<?x4x7xi1> to memref<1x4x7xi1, strided<[28, 7, 1], offset: ?>>
  linalg.copy ins(%2 : memref<1x4x7xi1, strided<[256, 64, 2], offset: ?>>) outs(%3 : memref<1x4x7xi1, strided<[28, 7, 1], offset: ?>>)
  return
}
