// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s

// Features are transposed and multiplied with the factors; of each line what
// the keys have of its points is cut out of them in vectors, where the scores
// will be, before the products with the features are added.

// CHECK-LABEL: func.func @features(
// CHECK-SAME: %[[R:.*]]: memref<?x33xf32>, %[[K:.*]]: memref<?x7x137xf32>, %[[V:.*]]: memref<?x7x5xf32>, %[[F:.*]]: memref<?x33x3xf32>, %[[C:.*]]: memref<?x1x7xf32>, %[[O:[a-z0-9]*]]: index, %[[ACC:.*]]: memref<?x1x5x33xf32>, %[[MAX:.*]]: memref<?x1x33xf32>
// CHECK-DAG: %[[FACTORS:.*]] = memref.alloc() {{.*}} : memref<48xf32>
// CHECK-DAG: %[[FT:.*]] = memref.alloc() {{.*}} : memref<3x48xf32>
// CHECK-DAG: %[[SCORES:.*]] = memref.alloc() {{.*}} : memref<7x64xf32>
// CHECK: vector.load %[[R]]
// CHECK: vector.store %{{.*}}, %[[FACTORS]]
// CHECK: vector.store %{{.*}}, %[[FT]]
// CHECK: %[[BEGIN:.*]] = arith.addi %[[O]]
// CHECK: arith.divui %[[O]], %c131
// Lines of 131 points, and places on the outer axis.
// CHECK: scf.for
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK: memref.load %[[K]]
// CHECK: vector.load %[[K]]
// CHECK: vector.store %{{.*}}, %[[SCORES]]
// CHECK: vector.maskedload %[[K]]
// CHECK: vector.store %{{.*}}, %[[SCORES]]
// CHECK: vector.load %[[FT]]
// CHECK: math.fma
// CHECK: vector.load %[[FACTORS]]
// CHECK: memref.load %[[C]]
// CHECK: math.fma
// CHECK: vector.store %{{.*}}, %[[SCORES]]
// CHECK: vector.load %[[MAX]]
// CHECK: memref.load %[[V]]
// CHECK: vector.maskedstore %[[ACC]]
// CHECK-NOT: block.grid_query_attention
func.func @features(%r: memref<?x33xf32>, %k: memref<?x7x137xf32>, %v: memref<?x7x5xf32>, %f: memref<?x33x3xf32>,
                    %c: memref<?x1x7xf32>, %o: index, %a: memref<?x1x5x33xf32>, %m: memref<?x1x33xf32>) {
  block.grid_query_attention ins(%r, %k, %v : memref<?x33xf32>, memref<?x7x137xf32>, memref<?x7x5xf32>)
      features(%f : memref<?x33x3xf32>) score_bias(%c : memref<?x1x7xf32>) offset(%o)
      outs(%a, %m, %m : memref<?x1x5x33xf32>, memref<?x1x33xf32>, memref<?x1x33xf32>) grid = [3, 131] heads = 1 scale = 0.5
  return
}

// Without features nothing is multiplied but with the factor. Values of masked
// keys are zeroed: 0 * NaN is NaN.

// CHECK-LABEL: func.func @positions(
// CHECK-SAME: %[[K:.*]]: memref<4x7x9xf32>, %[[V:.*]]: memref<4x7x5xf32>
// CHECK: %[[CLEAN:.*]] = memref.alloc() {{.*}} : memref<7x5xf32>
// CHECK: vector.maskedstore %[[CLEAN]]
// CHECK: vector.maskedload %[[K]]
// CHECK-NOT: math.fma
// CHECK: arith.mulf
// CHECK: arith.cmpi eq, %{{.*}}, %c2_i8
// CHECK: memref.load %[[CLEAN]]
// CHECK: return
func.func @positions(%k: memref<4x7x9xf32>, %v: memref<4x7x5xf32>, %r: memref<9xf32>, %k8: memref<4x7xi8>,
                     %a: memref<4x1x5x9xf32>, %m: memref<4x1x9xf32>) {
  block.grid_query_attention ins(%r, %k, %v : memref<9xf32>, memref<4x7x9xf32>, memref<4x7x5xf32>) mask(%k8 : memref<4x7xi8>)
      outs(%a, %m, %m : memref<4x1x5x9xf32>, memref<4x1x9xf32>, memref<4x1x9xf32>) grid = [9] heads = 1 scale = 0.5
  return
}
