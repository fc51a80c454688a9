// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s

// A pixel outside of the image has no channels; memory is not touched there.

// CHECK-LABEL: func.func @windows(
// CHECK-SAME: %[[X:.*]]: memref<?x7x?x3xf32>, %[[O:.*]]: index, %[[Y:.*]]: memref<?x?x18xf32>
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[THREE:.*]] = arith.constant 3 : index
// CHECK-DAG: %[[SEVEN:.*]] = arith.constant 7 : index
// CHECK: %[[WIDTH:.*]] = memref.dim %[[X]]
// CHECK: scf.for %[[B:[a-z0-9]+]] =
// CHECK: scf.for %[[M:[a-z0-9]+]] =
// CHECK: %[[N:.*]] = arith.addi %[[M]], %[[O]]
// CHECK: arith.divui %[[N]]
// CHECK: arith.remui %[[N]]
// CHECK: scf.for
// CHECK: scf.for
// CHECK-DAG: %[[DOWN:.*]] = arith.cmpi ult, %{{.*}}, %[[SEVEN]]
// CHECK-DAG: %[[ACROSS:.*]] = arith.cmpi ult, %{{.*}}, %[[WIDTH]]
// CHECK: %[[INSIDE:.*]] = arith.andi %[[DOWN]], %[[ACROSS]]
// CHECK: %[[COUNT:.*]] = arith.select %[[INSIDE]], %[[THREE]], %[[ZERO]]
// CHECK: %[[MASK:.*]] = vector.create_mask %[[COUNT]]
// CHECK: vector.maskedload %[[X]][%[[B]], %{{.*}}, %{{.*}}, %[[ZERO]]], %[[MASK]]
// CHECK: vector.maskedstore %[[Y]][%[[B]], %[[M]],
func.func @windows(%x: memref<?x7x?x3xf32>, %o: index, %y: memref<?x?x18xf32>) {
  block.windows ins(%x : memref<?x7x?x3xf32>) offset(%o) outs(%y : memref<?x?x18xf32>) size = [3, 2] stride = [2, 1] padding = same
  return
}

// CHECK-LABEL: func.func @max_pool(
// CHECK-DAG: %[[LEAST:.*]] = arith.constant dense<0xFF800000> : vector<16xf32>
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[LEAST]])
// CHECK: %[[V:.*]] = arith.select %{{.*}}, %{{.*}}, %[[LEAST]]
// CHECK: arith.maximumf %{{.*}}, %[[V]]
func.func @max_pool(%x: memref<2x7x7x16xf32>, %y: memref<2x9x16xf32>) {
  block.max_pool ins(%x : memref<2x7x7x16xf32>) outs(%y : memref<2x9x16xf32>) size = [3, 3] stride = [2, 2] padding = [[0, 0], [0, 0]]
  return
}
