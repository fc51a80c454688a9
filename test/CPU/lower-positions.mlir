// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s

// The last axis of a 4 x 7 grid runs fastest; a tile begins at its offset.

// CHECK-LABEL: func.func @grid_positions(
// CHECK-SAME: %[[T:.*]]: memref<4x5xf32>, %[[U:.*]]: memref<7x5xf32>, %[[O:.*]]: index
// CHECK-DAG: %[[SEVEN:.*]] = arith.constant 7 : index
// CHECK: scf.for %[[M:[a-z0-9]+]] =
// CHECK: %[[POINT:.*]] = arith.addi %[[M]], %[[O]]
// CHECK-NOT: arith.maxsi
// CHECK: %[[X:.*]] = arith.remui %[[POINT]], %[[SEVEN]]
// CHECK: %[[Y:.*]] = arith.divui %[[POINT]], %[[SEVEN]]
// CHECK: vector.maskedload %[[T]][%[[Y]],
// CHECK: vector.maskedload %[[U]][%[[X]],
func.func @grid_positions(%t: memref<4x5xf32>, %u: memref<7x5xf32>, %o: index, %y: memref<?x10xf32>) {
  block.grid_positions tables(%t, %u : memref<4x5xf32>, memref<7x5xf32>) offset(%o) outs(%y : memref<?x10xf32>)
      {layout = #perceiver.fourier_layout<dm>}
  return
}

// What comes from a caller is clamped. Of one axis the columns are side by side
// in the table and in the row.

// CHECK-LABEL: func.func @points(
// CHECK-SAME: %[[T:.*]]: memref<4x5xf32>, %[[P:.*]]: memref<?xi64>
// CHECK-DAG: %[[LAST:.*]] = arith.constant 3 : index
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK: %[[ID:.*]] = memref.load %[[P]][
// CHECK: %[[POINT:.*]] = arith.index_cast %[[ID]] : i64 to index
// CHECK: %[[LOW:.*]] = arith.maxsi %[[POINT]], %[[ZERO]]
// CHECK: %[[IN:.*]] = arith.minsi %[[LOW]], %[[LAST]]
// CHECK: vector.maskedload %[[T]][%[[IN]],
// CHECK-NOT: vector.maskedload
// CHECK: return
func.func @points(%t: memref<4x5xf32>, %p: memref<?xi64>, %y: memref<?x5xf32>) {
  block.grid_positions tables(%t : memref<4x5xf32>) points(%p : memref<?xi64>) outs(%y : memref<?x5xf32>)
      {layout = #perceiver.fourier_layout<dm>}
  return
}

// CHECK-LABEL: func.func @clamped(
// CHECK: arith.addi
// CHECK: arith.maxsi
// CHECK: arith.minsi
func.func @clamped(%t: memref<4x5xf32>, %o: index, %y: memref<?x5xf32>) {
  block.grid_positions tables(%t : memref<4x5xf32>) offset(%o) outs(%y : memref<?x5xf32>)
      {layout = #perceiver.fourier_layout<dm>, clamped}
  return
}

// CHECK-LABEL: func.func @grid_coordinates(
// CHECK-SAME: %[[H:.*]]: index, %[[Y:.*]]: memref<?x2xf32>
// CHECK: %[[ALL:.*]] = arith.muli %[[H]], %c3
// CHECK: scf.for
// CHECK: arith.minsi
// CHECK: arith.remui %{{.*}}, %c3
// CHECK: arith.divui %{{.*}}, %c3
// CHECK: memref.store %{{.*}}, %[[Y]][%{{.*}}, %c1]
// CHECK: memref.store %{{.*}}, %[[Y]][%{{.*}}, %c0]
func.func @grid_coordinates(%h: index, %y: memref<?x2xf32>) {
  block.grid_coordinates sizes(%h) outs(%y : memref<?x2xf32>) {lengths = array<i64: -9223372036854775808, 3>}
  return
}

// The frequencies of 16 bands are constants before the loop over rows, the last
// three bands have a loop of their own.

// CHECK-LABEL: func.func @fourier_features(
// CHECK-SAME: %[[X:.*]]: memref<?x1xf32>, %[[Y:.*]]: memref<?x39xf32>
// CHECK: scf.for
// CHECK: memref.store %{{.*}}, %[[Y]][%{{.*}}, %c0]
// CHECK-NOT: arith.divf
// CHECK: scf.for
// CHECK: memref.load %[[X]]
// CHECK: vector.store {{.*}} vector<16xf32>
// CHECK: vector.store {{.*}} vector<16xf32>
// CHECK: scf.for
// CHECK: vector.maskedstore
// CHECK: vector.maskedstore
func.func @fourier_features(%x: memref<?x1xf32>, %y: memref<?x39xf32>) {
  block.fourier_features ins(%x : memref<?x1xf32>) outs(%y : memref<?x39xf32>)
      {bands = 19 : i64, max_frequencies = array<f64: 5.0>, layout = #perceiver.fourier_layout<dm>}
  return
}
