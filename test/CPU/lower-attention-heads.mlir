// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s

// Heads of queries that share heads of keys and values: two of four, so that
// head 3 reads the second; and one, of which the channels are read from 0 on.

// CHECK-LABEL: func.func @shared(
// CHECK-SAME: %[[Q:.*]]: memref<1x5x12xf32>, %[[K:.*]]: memref<1x7x6xf32>, %[[V:.*]]: memref<1x7x4xf32>
// CHECK: scf.for %[[H:.*]] = %c0 to %c4
// CHECK: %[[G:.*]] = arith.divui %[[H]], %c2
// CHECK: %[[KC:.*]] = arith.muli %[[G]], %c3
// CHECK: arith.addi %[[KC]],
// CHECK: memref.load %[[K]]
// CHECK: %[[VC:.*]] = arith.muli %[[G]], %c2
// CHECK: memref.load %[[V]]
func.func @shared(%q: memref<1x5x12xf32>, %k: memref<1x7x6xf32>, %v: memref<1x7x4xf32>, %a: memref<1x4x2x5xf32>,
                  %m: memref<1x4x5xf32>) {
  block.online_attention ins(%q, %k, %v : memref<1x5x12xf32>, memref<1x7x6xf32>, memref<1x7x4xf32>)
      outs(%a, %m, %m : memref<1x4x2x5xf32>, memref<1x4x5xf32>, memref<1x4x5xf32>) heads = 4 scale = 1.0
      {kv_heads = 2 : i64}
  return
}

// CHECK-LABEL: func.func @one(
// CHECK-SAME: %[[Q:.*]]: memref<1x5x12xf32>, %[[K:.*]]: memref<1x7x3xf32>
// CHECK: scf.for %[[H:.*]] = %c0 to %c4
// CHECK-NOT: arith.divui
// CHECK: scf.for %[[C:.*]] = %c0 to %c3 step %c1
// CHECK: memref.load %[[K]][%c0, %{{.*}}, %[[C]]]
func.func @one(%q: memref<1x5x12xf32>, %k: memref<1x7x3xf32>, %a: memref<1x4x3x5xf32>, %m: memref<1x4x5xf32>) {
  block.online_attention ins(%q, %k, %k : memref<1x5x12xf32>, memref<1x7x3xf32>, memref<1x7x3xf32>)
      outs(%a, %m, %m : memref<1x4x3x5xf32>, memref<1x4x5xf32>, memref<1x4x5xf32>) heads = 4 scale = 1.0
      {kv_heads = 1 : i64}
  return
}

// What a key adds to its scores is in units of log2 before it is added, and is
// that of the head of the queries.

// CHECK-LABEL: func.func @score_bias(
// CHECK-SAME: %[[Q:.*]]: memref<1x5x4xf32>, %[[K:.*]]: memref<1x7x2xf32>, %[[C:.*]]: memref<1x2x7xf32>
// CHECK: %[[LOG2E:.*]] = arith.constant dense<1.442
// CHECK: scf.for %[[H:.*]] = %c0 to %c2
// CHECK: memref.load %[[K]]
// CHECK: %[[BIAS:.*]] = memref.load %[[C]][%c0, %[[H]], %{{.*}}]
// CHECK: %[[ALL:.*]] = vector.broadcast %[[BIAS]]
// CHECK: %[[SCALED:.*]] = arith.mulf %[[ALL]], %[[LOG2E]]
// CHECK: arith.addf %{{.*}}, %[[SCALED]]
func.func @score_bias(%q: memref<1x5x4xf32>, %k: memref<1x7x2xf32>, %c: memref<1x2x7xf32>, %a: memref<1x2x2x5xf32>,
                      %m: memref<1x2x5xf32>) {
  block.online_attention ins(%q, %k, %k : memref<1x5x4xf32>, memref<1x7x2xf32>, memref<1x7x2xf32>)
      score_bias(%c : memref<1x2x7xf32>)
      outs(%a, %m, %m : memref<1x2x2x5xf32>, memref<1x2x5xf32>, memref<1x2x5xf32>) heads = 2 scale = 1.0
      {kv_heads = 1 : i64}
  return
}
