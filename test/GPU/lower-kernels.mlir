// RUN: perceiver-opt %s --perceiver-gpu-lower-kernels --canonicalize --cse | FileCheck %s

// A block of threads finds its task, the tiles of that, and shares their
// elements out. What the plan says of an argument stays with it.

// CHECK: llvm.mlir.global external @shared_memory() {addr_space = 3 : i32, alignment = 128 : i64} : !llvm.array<0 x i8>

// CHECK-LABEL: llvm.func @add(
// CHECK-SAME:    %[[FIRST:[a-z0-9]+]]: i64, %[[X:[a-z0-9]+]]: !llvm.ptr<1> {llvm.align = 16 : i64, llvm.noalias, llvm.readonly}
// CHECK-SAME:    %[[Y:[a-z0-9]+]]: !llvm.ptr<1> {llvm.align = 16 : i64}, %[[Z:[a-z0-9]+]]: !llvm.ptr<1>, %{{.*}}: i64)
// CHECK-SAME:    attributes {nvvm.kernel, nvvm.minctasm = 1 : i32, nvvm.reqntid = array<i32: 256>, perceiver.threads = 256 : i64}
// CHECK:         %[[BLOCK:.*]] = nvvm.read.ptx.sreg.ctaid.x : i32
// CHECK:         %[[XROWS:.*]] = llvm.getelementptr %[[X]]
// CHECK:         %[[THREAD:.*]] = nvvm.read.ptx.sreg.tid.x range <i32, 0, 256> : i32
// CHECK:         scf.for %{{.*}} = %[[THREAD]] to %{{.*}} step %{{.*}}  : i32 {
// CHECK:           %[[A:.*]] = llvm.getelementptr %[[XROWS]][%{{.*}}] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
// CHECK:           llvm.load %[[A]] {alignment = 4 : i64} : !llvm.ptr<1> -> f32
// CHECK:           arith.addf
// CHECK:           llvm.store
// CHECK:         llvm.return
func.func @add(%task: index,
               %x: !llvm.ptr<1> {llvm.align = 16 : i64, llvm.noalias, llvm.readonly},
               %y: !llvm.ptr<1> {llvm.align = 16 : i64},
               %z: !llvm.ptr<1>, %n: index) attributes {perceiver.kernel} {
  %c6 = arith.constant 6 : index
  %b = arith.divui %task, %c6 : index
  %r = arith.remui %task, %c6 : index
  %r8 = affine.apply affine_map<(d0) -> (d0 * 8)>(%r)
  %0 = frame.array %x(%n) : memref<?x48x64xf32>
  %1 = frame.array %y() : memref<48x64xf32>
  %2 = frame.array %z(%n) : memref<?x48x64xf32>
  %a = memref.subview %0[%b, %r8, 0] [1, 8, 64] [1, 1, 1] : memref<?x48x64xf32> to memref<1x8x64xf32, strided<[3072, 64, 1], offset: ?>>
  %e = memref.subview %1[%r8, 0] [8, 64] [1, 1] : memref<48x64xf32> to memref<8x64xf32, strided<[64, 1], offset: ?>>
  %d = memref.subview %2[%b, %r8, 0] [1, 8, 64] [1, 1, 1] : memref<?x48x64xf32> to memref<1x8x64xf32, strided<[3072, 64, 1], offset: ?>>
  block.add ins(%a, %e : memref<1x8x64xf32, strided<[3072, 64, 1], offset: ?>>, memref<8x64xf32, strided<[64, 1], offset: ?>>) outs(%d : memref<1x8x64xf32, strided<[3072, 64, 1], offset: ?>>)
  return
}
