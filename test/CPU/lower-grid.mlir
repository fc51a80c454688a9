// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s

// 33 queries are a block of two vectors and one of a vector; 5 lines of 131
// points are two strips of 44 and one of 43. Features stay in registers beside
// the exponential; the state is scaled where a maximum has grown.

// CHECK-LABEL: func.func @few_features(
// CHECK-SAME: %[[Q:.*]]: memref<33x139xf32>, %[[F:.*]]: memref<?x655x3xf32>, %[[R:.*]]: memref<?x655xf32>, %[[ACC:.*]]: memref<?x1x139x33xf64>, %[[MAX:.*]]: memref<?x1x33xf32>, %[[SUM:.*]]: memref<?x1x33xf64>
// CHECK-DAG: %[[HEADROOM:.*]] = arith.constant dense<3.000000e+00> : vector<16xf32>
// CHECK-DAG: %[[QT:.*]] = memref.alloc() {alignment = 64 : i64} : memref<139x48xf32>
// CHECK-DAG: memref.alloc() {alignment = 64 : i64} : memref<44x32xf32>
// CHECK-DAG: memref.alloc() {alignment = 64 : i64} : memref<44x32xf32>
// CHECK: vector.store %{{.*}}, %[[QT]]
// CHECK: vector.load %[[MAX]]
// Scores of up to 14 points.
// CHECK: memref.load %[[F]]
// CHECK: math.fma
// CHECK: memref.load %[[R]]
// CHECK: arith.mulf
// CHECK: arith.cmpf ogt
// CHECK: arith.addf %{{.*}}, %[[HEADROOM]]
// CHECK: %[[GROWN:.*]] = vector.reduction <or>
// CHECK: scf.if %[[GROWN]] {
// CHECK: vector.store %{{.*}}, %[[SUM]]
// CHECK: vector.store %{{.*}}, %[[ACC]]
// CHECK: }
// Weights, with the sums of three features for two vectors of queries.
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// CHECK: arith.extf %{{.*}} : vector<16xf32> to vector<16xf64>
// CHECK: vector.store %{{.*}}, %[[SUM]]
// CHECK: vector.store %{{.*}}, %[[ACC]]
// CHECK: vector.maskedstore %[[MAX]]
// CHECK-NOT: block.grid_attention
func.func @few_features(%q: memref<33x139xf32>, %f: memref<?x655x3xf32>, %r: memref<?x655xf32>, %a: memref<?x1x139x33xf64>,
                        %m: memref<?x1x33xf32>, %s: memref<?x1x33xf64>) {
  block.grid_attention ins(%q, %f, %r : memref<33x139xf32>, memref<?x655x3xf32>, memref<?x655xf32>)
      outs(%a, %m, %s : memref<?x1x139x33xf64>, memref<?x1x33xf32>, memref<?x1x33xf64>)
      grid = [5, 131] heads = 1 scale = 0.5
  return
}

// Sums of more features are a product of their own. Features and factors of
// masked points are zeroed: 0 * NaN is NaN.

// CHECK-LABEL: func.func @masked(
// CHECK-SAME: %[[F:[a-z0-9]*]]: memref<1x9x5xf32>
// CHECK-DAG: %[[CLEAN:.*]] = memref.alloc() {{.*}} : memref<9x5xf32>
// CHECK-DAG: %[[FACTORS:.*]] = memref.alloc() {{.*}} : memref<9xf32>
// CHECK: arith.cmpi eq, %{{.*}}, %c0_i8
// CHECK: memref.store %{{.*}}, %[[FACTORS]]
// CHECK: memref.load %[[F]]
// CHECK: memref.store %{{.*}}, %[[CLEAN]]
// CHECK: arith.cmpi eq, %{{.*}}, %c2_i8
// CHECK: vector.reduction <or>
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>)
// CHECK: memref.load %[[CLEAN]]
// CHECK-NOT: memref.load %[[F]]
// CHECK: return
func.func @masked(%f: memref<1x9x5xf32>, %q: memref<1x7x14xf32>, %r: memref<1x9xf32>, %k: memref<1x9xi8>,
                  %a: memref<1x1x14x7xf32>, %m: memref<1x1x7xf32>) {
  block.grid_attention ins(%q, %f, %r : memref<1x7x14xf32>, memref<1x9x5xf32>, memref<1x9xf32>) mask(%k : memref<1x9xi8>)
      outs(%a, %m, %m : memref<1x1x14x7xf32>, memref<1x1x7xf32>, memref<1x1x7xf32>)
      grid = [9] heads = 1 scale = 0.5
  return
}

// A vector of points at a time, after the sums of each one.

// CHECK-LABEL: func.func @statistics(
// CHECK-SAME: %[[F:.*]]: memref<?x77x3xf32>, %[[T:.*]]: memref<2x7xf32>, %[[U:.*]]: memref<2x11xf32>, %[[E:.*]]: memref<?x77xf32>
// CHECK: vector.maskedload %[[F]]
// CHECK: vector.reduction <add>
// CHECK: memref.load %[[T]]
// CHECK: vector.maskedload %[[U]]
// CHECK: math.sqrt
// CHECK: arith.divf
// CHECK: vector.maskedstore %[[E]]
func.func @statistics(%f: memref<?x77x3xf32>, %t: memref<2x7xf32>, %u: memref<2x11xf32>, %e: memref<?x77xf32>) {
  block.grid_statistics ins(%f : memref<?x77x3xf32>) tables(%t, %u : memref<2x7xf32>, memref<2x11xf32>)
      outs(%e : memref<?x77xf32>) channels = [9, 9]
  return
}
