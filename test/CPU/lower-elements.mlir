// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s

// 33 channels are two vectors in a loop and one element under a mask; an
// operand without batch drops the index of the batch.

// CHECK-LABEL: func.func @add(
// CHECK-SAME: %[[A:.*]]: memref<?x7x33xf32>, %[[B:.*]]: memref<7x33xf32>, %[[Y:.*]]: memref<?x7x33xf32>
// CHECK-DAG: %[[LAST:.*]] = arith.constant 32 : index
// CHECK: scf.for %[[I:[a-z0-9]+]] =
// CHECK: scf.for %[[N:[a-z0-9]+]] =
// CHECK: scf.for %[[C:[a-z0-9]+]] = %{{.*}} to %[[LAST]]
// CHECK: %[[U:.*]] = vector.load %[[A]][%[[I]], %[[N]], %[[C]]] : memref<?x7x33xf32>, vector<16xf32>
// CHECK: %[[V:.*]] = vector.load %[[B]][%[[N]], %[[C]]] : memref<7x33xf32>, vector<16xf32>
// CHECK: %[[SUM:.*]] = arith.addf %[[U]], %[[V]]
// CHECK: vector.store %[[SUM]], %[[Y]][%[[I]], %[[N]], %[[C]]]
// CHECK: vector.maskedload %[[A]][%[[I]], %[[N]], %[[LAST]]], %{{.*}}
// CHECK: vector.maskedload %[[B]][%[[N]], %[[LAST]]], %{{.*}}
// CHECK: vector.maskedstore %[[Y]][%[[I]], %[[N]], %[[LAST]]], %{{.*}}
func.func @add(%a: memref<?x7x33xf32>, %b: memref<7x33xf32>, %y: memref<?x7x33xf32>) {
  block.add ins(%a, %b : memref<?x7x33xf32>, memref<7x33xf32>) outs(%y : memref<?x7x33xf32>)
  return
}

// A vector drops the row, one number is the same in all lanes.

// CHECK-LABEL: func.func @multiply(
// CHECK-SAME: %[[V:.*]]: memref<33xf32>, %[[N:.*]]: memref<1xf32>, %[[Y:.*]]: memref<?x33xf32>
// CHECK: scf.for
// CHECK: scf.for %[[C:[a-z0-9]+]] = %{{.*}} to %{{.*}} step
// CHECK-DAG: %[[A:.*]] = vector.load %[[V]][%[[C]]] : memref<33xf32>, vector<16xf32>
// CHECK-DAG: %[[NUMBER:.*]] = memref.load %[[N]][
// CHECK: %[[B:.*]] = vector.broadcast %[[NUMBER]] : f32 to vector<16xf32>
// CHECK: arith.mulf %[[A]], %[[B]]
// CHECK: vector.maskedload %[[V]]
func.func @multiply(%v: memref<33xf32>, %n: memref<1xf32>, %y: memref<?x33xf32>) {
  block.multiply ins(%v, %n : memref<33xf32>, memref<1xf32>) outs(%y : memref<?x33xf32>)
  return
}

// CHECK-LABEL: func.func @scale(
// CHECK-DAG: %[[FACTOR:.*]] = arith.constant dense<2.500000e-01> : vector<16xf32>
// CHECK: %[[X:.*]] = vector.load
// CHECK: arith.mulf %[[X]], %[[FACTOR]]
func.func @scale(%x: memref<?x33xf32>, %y: memref<?x33xf32>) {
  block.scale ins(%x : memref<?x33xf32>) outs(%y : memref<?x33xf32>) {factor = 0.25 : f64}
  return
}

// Gates begin behind as many values.

// CHECK-LABEL: func.func @gates(
// CHECK-SAME: %[[X:.*]]: memref<?x32xf32>
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[HALF:.*]] = arith.constant 16 : index
// CHECK-DAG: %[[A:.*]] = vector.load %[[X]][%[[N:.*]], %[[ZERO]]]
// CHECK-DAG: %[[G:.*]] = vector.load %[[X]][%[[N]], %[[HALF]]]
// CHECK: %[[LESS:.*]] = arith.cmpf olt, %[[G]],
// CHECK: %[[RELU:.*]] = arith.select %[[LESS]], %{{.*}}, %[[G]]
// CHECK: arith.mulf %[[A]], %[[RELU]]
func.func @gates(%x: memref<?x32xf32>, %y: memref<?x16xf32>) {
  block.activate ins(%x : memref<?x32xf32>) outs(%y : memref<?x16xf32>)
      {activation = #perceiver.activation<gated(relu)>}
  return
}
