// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s

// A few elements of a row one by one.

// CHECK-LABEL: func.func @few(
// CHECK: %[[E:.*]] = memref.load %{{.*}}[%[[B:.*]], %[[C:.*]], %[[M:.*]]] : memref<?x3x33xf32>
// CHECK: memref.store %[[E]], %{{.*}}[%[[B]], %[[M]], %[[C]]] : memref<?x33x3xf32>
func.func @few(%x: memref<?x3x33xf32>, %y: memref<?x33x3xf32>) {
  block.transpose ins(%x : memref<?x3x33xf32>) outs(%y : memref<?x33x3xf32>) permutation = [0, 2, 1]
  return
}

// Elements of other types, too.

// CHECK-LABEL: func.func @integers(
// CHECK: %[[E:.*]] = memref.load %{{.*}}[%[[C:.*]], %[[M:.*]]] : memref<64x?xi16>
// CHECK: memref.store %[[E]], %{{.*}}[%[[M]], %[[C]]] : memref<?x64xi16>
func.func @integers(%x: memref<64x?xi16>, %y: memref<?x64xi16>) {
  block.transpose ins(%x : memref<64x?xi16>) outs(%y : memref<?x64xi16>) permutation = [1, 0]
  return
}

// Rows that stay are copied in vectors.

// CHECK-LABEL: func.func @rows(
// CHECK: %[[V:.*]] = vector.load %{{.*}}[%[[N:.*]], %[[B:.*]], %[[C:.*]]] : memref<7x?x32xf32>, vector<16xf32>
// CHECK: vector.store %[[V]], %{{.*}}[%[[B]], %[[N]], %[[C]]] : memref<?x7x32xf32>
func.func @rows(%x: memref<7x?x32xf32>, %y: memref<?x7x32xf32>) {
  block.transpose ins(%x : memref<7x?x32xf32>) outs(%y : memref<?x7x32xf32>) permutation = [1, 0, 2]
  return
}

// Wide matrices in squares of registers.

// CHECK-LABEL: func.func @squares(
// CHECK-COUNT-16: vector.load {{.*}} : memref<?x32x64xf32>, vector<16xf32>
// CHECK-COUNT-64: vector.shuffle
// CHECK-COUNT-16: vector.store {{.*}} : memref<?x64x32xf32>, vector<16xf32>
func.func @squares(%x: memref<?x32x64xf32>, %y: memref<?x64x32xf32>) {
  block.transpose ins(%x : memref<?x32x64xf32>) outs(%y : memref<?x64x32xf32>) permutation = [0, 2, 1]
  return
}

// A tile copies what it has of each input.

// CHECK-LABEL: func.func @concat_rows(
// CHECK-SAME: %[[A:.*]]: memref<?x7xf32>, %[[B:.*]]: memref<5x7xf32>, %[[OFFSET:.*]]: index, %[[Y:.*]]: memref<8x7xf32>
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[EIGHT:.*]] = arith.constant 8 : index
// CHECK: %[[END:.*]] = arith.addi %[[OFFSET]], %[[EIGHT]]
// CHECK: %[[ROWS:.*]] = memref.dim %[[A]], %[[ZERO]]
// CHECK: %[[FIRST:.*]] = arith.maxsi %[[OFFSET]], %[[ZERO]]
// CHECK: %[[LAST:.*]] = arith.minsi %[[ROWS]], %[[END]]
// CHECK: scf.for %[[N:[a-z0-9]+]] = %[[FIRST]] to %[[LAST]]
// CHECK: %[[TO:.*]] = arith.subi %[[N]], %[[OFFSET]]
// CHECK: vector.maskedload %[[A]][%[[N]],
// CHECK: vector.maskedstore %[[Y]][%[[TO]],
// CHECK: scf.for
// CHECK: vector.maskedload %[[B]]
func.func @concat_rows(%a: memref<?x7xf32>, %b: memref<5x7xf32>, %o: index, %y: memref<8x7xf32>) {
  block.concat_rows ins(%a, %b : memref<?x7xf32>, memref<5x7xf32>) offset(%o) outs(%y : memref<8x7xf32>)
  return
}
