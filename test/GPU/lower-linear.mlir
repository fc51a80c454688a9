// RUN: perceiver-opt %s --perceiver-gpu-lower-kernels --canonicalize --cse | FileCheck %s

// Slabs of both matrices are copied while others are multiplied, with one barrier
// each. A tile that is whole needs no guard, but for the end of the copies. A
// residual is read before the result is written over it.

// CHECK-LABEL: llvm.func @whole(
// CHECK-SAME:    nvvm.reqntid = array<i32: 256>
// CHECK-COUNT-2: nvvm.cp.async.commit.group
// CHECK:         scf.for {{.*}} iter_args
// CHECK-NEXT:      nvvm.cp.async.wait.group 1
// CHECK-NEXT:      nvvm.barrier
// CHECK-NOT:       nvvm.barrier
// CHECK:           scf.if
// CHECK:             nvvm.cp.async.shared.global %{{.*}}, %{{.*}}, 16, cache = cg : !llvm.ptr<3>, !llvm.ptr<1>
// CHECK-NOT:       scf.if
// CHECK:           nvvm.cp.async.commit.group
// CHECK-COUNT-512: math.fma
// CHECK:           scf.yield
// CHECK-NOT:     scf.if
// CHECK:         llvm.load %[[AT:.*]] {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
// CHECK:         llvm.store %{{.*}}, %[[AT]] {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
func.func @whole(%task: index, %x: !llvm.ptr<1> {llvm.align = 16 : i64}, %w: !llvm.ptr<1> {llvm.align = 16 : i64},
                 %y: !llvm.ptr<1> {llvm.align = 16 : i64}) attributes {perceiver.kernel} {
  %0 = frame.array %x() : memref<64x1024xf32>
  %1 = frame.array %w() : memref<1024x64xf32>
  %2 = frame.array %y() : memref<64x64xf32>
  block.linear ins(%0, %1 : memref<64x1024xf32>, memref<1024x64xf32>) residual(%2 : memref<64x64xf32>) outs(%2 : memref<64x64xf32>)
  return
}

// What a tile has beyond the array is not read, and counts as zeros: copies say how
// many bytes there are. Columns that no load of four divides are stored one by one.

// CHECK-LABEL: llvm.func @ragged(
// CHECK:         nvvm.cp.async.shared.global %{{.*}}, %{{.*}}, 4, cache = ca, %{{.*}} : !llvm.ptr<3>, !llvm.ptr<1>, i32
// CHECK:         scf.for
// CHECK:         scf.if
// CHECK:         llvm.store %{{.*}} {alignment = 4 : i64} : f32, !llvm.ptr<1>
func.func @ragged(%task: index, %x: !llvm.ptr<1>, %w: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
  %0 = frame.array %x() : memref<50x35xf32>
  %1 = frame.array %w() : memref<35x35xf32>
  %2 = frame.array %y() : memref<50x35xf32>
  block.linear ins(%0, %1 : memref<50x35xf32>, memref<35x35xf32>) outs(%2 : memref<50x35xf32>)
  return
}

// Few rows: warps read their terms of the weight from memory, and share their sums.

// CHECK-LABEL: llvm.func @flat(
// CHECK-SAME:    nvvm.reqntid = array<i32: 512>
// CHECK-NOT:     cp.async
// CHECK:         scf.for
// CHECK-COUNT-8:   math.fma
// CHECK:         nvvm.barrier
// CHECK:         scf.for
// CHECK:           llvm.store %{{.*}} : f32, !llvm.ptr<1>
func.func @flat(%task: index, %x: !llvm.ptr<1>, %w: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
  %0 = frame.array %x() : memref<1x1024xf32>
  %1 = frame.array %w() : memref<1024x32xf32>
  %2 = frame.array %y() : memref<1x32xf32>
  block.linear ins(%0, %1 : memref<1x1024xf32>, memref<1024x32xf32>) outs(%2 : memref<1x32xf32>)
  return
}
