// RUN: perceiver-opt %s --split-input-file --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels | FileCheck %s

// A number of queries that only the run knows: full blocks of four vectors as
// for a static number, then one masked vector after the other.

// CHECK-LABEL: func.func @online
// CHECK: %[[QUERIES:.*]] = affine.min
// CHECK-DAG: memref.alloc() {alignment = 64 : i64} : memref<8x64xf32>
// CHECK-DAG: memref.alloc() {alignment = 64 : i64} : memref<5x64xf32>
// The transposed copy: rows behind the last one repeat it.
// CHECK: vector.shuffle
// CHECK: %[[LAST:.*]] = arith.addi %{{.*}}, %{{.*}} : index
// CHECK: arith.minsi
// CHECK: vector.shuffle
// A full block: nothing is masked.
// CHECK: scf.for
// CHECK-NOT: vector.maskedload
// CHECK: vector.store %{{.*}}, %[[ACC:.*]][%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}] : memref<1x1x4x?xf32>, vector<16xf32>
// CHECK: scf.for
// CHECK: %[[REST:.*]] = arith.subi
// CHECK: %[[MASK:.*]] = vector.create_mask %[[REST]] : vector<16xi1>
// CHECK: vector.maskedload %{{.*}}, %[[MASK]]
// CHECK: vector.maskedstore %{{.*}} : memref<1x1x4x?xf32>, vector<16xi1>, vector<16xf32>
#tile = affine_map<(d0)[s0] -> (-d0 + s0, 64)>
func.func @online(%q: memref<?x8xf32>, %k: memref<1x5x8xf32>, %v: memref<1x5x4xf32>, %first: index, %size: index) {
  %n = affine.min #tile(%first)[%size]
  %qs = memref.subview %q[%first, 0] [%n, 8] [1, 1] : memref<?x8xf32> to memref<?x8xf32, strided<[8, 1], offset: ?>>
  %acc = memref.alloc(%n) : memref<1x1x4x?xf32>
  %max = memref.alloc(%n) : memref<1x1x?xf32>
  %sum = memref.alloc(%n) : memref<1x1x?xf32>
  block.online_attention ins(%qs, %k, %v : memref<?x8xf32, strided<[8, 1], offset: ?>>, memref<1x5x8xf32>, memref<1x5x4xf32>)
      outs(%acc, %max, %sum : memref<1x1x4x?xf32>, memref<1x1x?xf32>, memref<1x1x?xf32>) heads = 1 scale = 0.5
  return
}

// -----

// Parts are merged a vector of queries at a time; no bound is needed.

// CHECK-LABEL: func.func @merge
// CHECK: scf.for
// CHECK-NOT: vector.create_mask
// CHECK: vector.store
// CHECK: arith.subi
// CHECK: vector.create_mask
// CHECK: vector.maskedload
// CHECK: vector.maskedstore
func.func @merge(%pa: memref<3x1x2x4x?xf32>, %pm: memref<3x1x2x?xf32>, %ps: memref<3x1x2x?xf32>,
                 %acc: memref<1x2x4x?xf32>, %max: memref<1x2x?xf32>, %sum: memref<1x2x?xf32>) {
  block.merge_attention ins(%pa, %pm, %ps : memref<3x1x2x4x?xf32>, memref<3x1x2x?xf32>, memref<3x1x2x?xf32>)
      outs(%acc, %max, %sum : memref<1x2x4x?xf32>, memref<1x2x?xf32>, memref<1x2x?xf32>)
  return
}

// -----

// Queries are rows of the result: those behind the last are masked off wholly.

// CHECK-LABEL: func.func @finish
// CHECK: memref.alloc() {alignment = 64 : i64} : memref<64xf32>
// CHECK: vector.shuffle
// CHECK: vector.store
// CHECK: %[[REST:.*]] = arith.subi
// CHECK: vector.maskedload
// CHECK: vector.shuffle
// CHECK: %[[EXISTS:.*]] = arith.cmpi slt, %{{.*}}, %{{.*}} : index
// CHECK: %[[COUNT:.*]] = arith.select %[[EXISTS]], %{{.*}}, %{{.*}} : index
// CHECK: %[[MASK:.*]] = vector.create_mask %[[COUNT]] : vector<16xi1>
// CHECK: vector.maskedstore %{{.*}}, %[[MASK]]
#tile = affine_map<(d0)[s0] -> (-d0 + s0, 64)>
func.func @finish(%y: memref<1x?x32xf32>, %first: index, %size: index) {
  %n = affine.min #tile(%first)[%size]
  %acc = memref.alloc(%n) : memref<1x1x32x?xf32>
  %max = memref.alloc(%n) : memref<1x1x?xf32>
  %sum = memref.alloc(%n) : memref<1x1x?xf32>
  %ys = memref.subview %y[0, %first, 0] [1, %n, 32] [1, 1, 1] : memref<1x?x32xf32> to memref<1x?x32xf32, strided<[?, 32, 1], offset: ?>>
  block.finish_attention ins(%acc, %max, %sum : memref<1x1x32x?xf32>, memref<1x1x?xf32>, memref<1x1x?xf32>)
      outs(%ys : memref<1x?x32xf32, strided<[?, 32, 1], offset: ?>>)
  return
}
