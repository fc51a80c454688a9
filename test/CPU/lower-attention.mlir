// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s
// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v3 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s --check-prefix=NARROW

// Queries are transposed into a scratch buffer once for each head; the scores
// of one tile are the only scores that are ever stored. With 16 registers a tile
// has two vectors of queries.

// CHECK-LABEL: func.func @tile(
// CHECK-SAME: %[[Q:.*]]: memref<?x33x21xf32>, %[[K:.*]]: memref<?x7x21xf32>, %[[V:.*]]: memref<?x7x15xf32>, %[[ACC:.*]]: memref<?x3x5x33xf32>, %[[MAX:.*]]: memref<?x3x33xf32>, %[[SUM:.*]]: memref<?x3x33xf32>
// CHECK-DAG: %[[QT:.*]] = memref.alloc() {alignment = 64 : i64} : memref<7x48xf32>
// CHECK-DAG: %[[SCORES:.*]] = memref.alloc() {alignment = 64 : i64} : memref<7x48xf32>
// CHECK-NOT: memref.alloc
// CHECK: scf.for %[[B:.*]] =
// CHECK: scf.for %[[H:.*]] =
// CHECK: vector.store %{{.*}}, %[[QT]]
// CHECK: memref.load %[[K]][%[[B]],
// CHECK: math.fma
// CHECK: vector.store %{{.*}}, %[[SCORES]]
// CHECK: vector.load %[[MAX]][%[[B]], %[[H]],
// CHECK: vector.store %{{.*}}, %[[MAX]][%[[B]], %[[H]],
// CHECK: vector.store %{{.*}}, %[[SUM]][%[[B]], %[[H]],
// CHECK: memref.load %[[V]][%[[B]],
// CHECK: vector.maskedstore %[[ACC]][%[[B]], %[[H]],
// CHECK-NOT: math.exp
// CHECK: return

// NARROW-LABEL: func.func @tile(
// NARROW-DAG: memref.alloc() {alignment = 64 : i64} : memref<7x40xf32>
// NARROW-DAG: memref.alloc() {alignment = 64 : i64} : memref<7x16xf32>
func.func @tile(%q: memref<?x33x21xf32>, %k: memref<?x7x21xf32>, %v: memref<?x7x15xf32>, %a: memref<?x3x5x33xf32>,
                %m: memref<?x3x33xf32>, %s: memref<?x3x33xf32>) {
  block.online_attention ins(%q, %k, %v : memref<?x33x21xf32>, memref<?x7x21xf32>, memref<?x7x15xf32>)
      outs(%a, %m, %s : memref<?x3x5x33xf32>, memref<?x3x33xf32>, memref<?x3x33xf32>) heads = 3 scale = 0.5
  return
}

// The number of keys of the last tile is known to be at most 7. Scores of
// masked keys are replaced, and their values are zeroed: 0 * NaN is NaN.

// CHECK-LABEL: func.func @masked(
// CHECK-SAME: %[[V:[a-z0-9]*]]: memref<1x7x5xf32>, %[[MASK:.*]]: memref<1x7xi8>
// CHECK: memref.alloc() {{.*}} : memref<5x16xf32>
// CHECK: memref.alloc() {{.*}} : memref<7x16xf32>
// CHECK: %[[CLEAN:.*]] = memref.alloc() {{.*}} : memref<7x5xf32>
// CHECK: arith.cmpi eq, %{{.*}}, %c0_i8
// CHECK: arith.select
// CHECK: vector.maskedstore %[[CLEAN]]
// CHECK: arith.cmpi eq, %{{.*}}, %c2_i8
// CHECK: arith.select
// CHECK: memref.load %[[CLEAN]]
func.func @masked(%v: memref<1x7x5xf32>, %mask: memref<1x7xi8>, %q: memref<7x5xf32>, %i: index,
                  %a: memref<1x1x5x7xf32>, %m: memref<1x1x7xf32>, %s: memref<1x1x7xf32>) {
  %n = affine.min affine_map<(d0) -> (d0, 7)>(%i)
  %k = memref.subview %v[0, 0, 0] [1, %n, 5] [1, 1, 1] : memref<1x7x5xf32> to memref<1x?x5xf32, strided<[35, 5, 1]>>
  %mk = memref.subview %mask[0, 0] [1, %n] [1, 1] : memref<1x7xi8> to memref<1x?xi8, strided<[7, 1]>>
  block.online_attention
      ins(%q, %k, %k : memref<7x5xf32>, memref<1x?x5xf32, strided<[35, 5, 1]>>, memref<1x?x5xf32, strided<[35, 5, 1]>>)
      mask(%mk : memref<1x?xi8, strided<[7, 1]>>)
      outs(%a, %m, %s : memref<1x1x5x7xf32>, memref<1x1x7xf32>, memref<1x1x7xf32>) heads = 1 scale = 1.0
  return
}

// The parts in order: first the maximum of all, then their weighted sum.

// CHECK-LABEL: func.func @merge(
// CHECK-SAME: %[[ACCS:.*]]: memref<?x?x1x5x7xf32>, %[[MAXIMA:.*]]: memref<?x?x1x7xf32>
// CHECK: %[[MAX:.*]] = scf.for {{.*}} iter_args
// CHECK: vector.maskedload %[[MAXIMA]]
// CHECK: scf.for {{.*}} iter_args
// CHECK: math.fma
// CHECK: vector.maskedload %[[ACCS]]
// CHECK: vector.maskedstore
func.func @merge(%as: memref<?x?x1x5x7xf32>, %ms: memref<?x?x1x7xf32>, %a: memref<?x1x5x7xf32>, %m: memref<?x1x7xf32>,
                 %s: memref<?x1x7xf32>) {
  block.merge_attention ins(%as, %ms, %ms : memref<?x?x1x5x7xf32>, memref<?x?x1x7xf32>, memref<?x?x1x7xf32>)
      outs(%a, %m, %s : memref<?x1x5x7xf32>, memref<?x1x7xf32>, memref<?x1x7xf32>)
  return
}

// A query without keys gives 0, not NaN; the log-sum-exp is written if asked
// for, without a call of a library.

// CHECK-LABEL: func.func @finish(
// CHECK-SAME: %[[SUM:[a-z0-9]*]]: memref<?x3x7xf32>, %{{.*}}: memref<?x3x5x7xf32>, %[[Y:.*]]: memref<?x7x15xf32>, %[[LSE:.*]]: memref<?x3x7xf32>
// CHECK: %[[S:.*]] = vector.maskedload %[[SUM]]
// CHECK: %[[EMPTY:.*]] = arith.cmpf oeq, %[[S]],
// CHECK: arith.select %[[EMPTY]],
// CHECK-NOT: math.log
// CHECK: vector.maskedstore %[[LSE]]
// CHECK: vector.maskedstore %[[Y]]
func.func @finish(%m: memref<?x3x7xf32>, %a: memref<?x3x5x7xf32>, %y: memref<?x7x15xf32>, %l: memref<?x3x7xf32>) {
  block.finish_attention ins(%a, %m, %m : memref<?x3x5x7xf32>, memref<?x3x7xf32>, memref<?x3x7xf32>)
      outs(%y, %l : memref<?x7x15xf32>, memref<?x3x7xf32>)
  return
}

// Rows of the values that lie whole KiB apart share sets of the cache: the
// values of a head are copied before they are walked through by columns.

// CHECK-LABEL: func.func @conflicting_rows
// CHECK: %[[VALUES:.*]] = memref.alloc() {{.*}}: memref<7x128xf32>
// CHECK: vector.store {{.*}}, %[[VALUES]]
// CHECK: memref.load %[[VALUES]]
func.func @conflicting_rows(%q: memref<1x5x256xf32>, %k: memref<1x7x256xf32>, %v: memref<1x7x256xf32>,
    %acc: memref<1x2x128x5xf32>, %m: memref<1x2x5xf32>, %s: memref<1x2x5xf32>) {
  block.online_attention ins(%q, %k, %v : memref<1x5x256xf32>, memref<1x7x256xf32>, memref<1x7x256xf32>)
      outs(%acc, %m, %s : memref<1x2x128x5xf32>, memref<1x2x5xf32>, memref<1x2x5xf32>) heads = 2 scale = 0.088
  return
}

// CHECK-LABEL: func.func @rows_apart
// CHECK-NOT: memref.alloc() {{.*}}: memref<7x130xf32>
func.func @rows_apart(%q: memref<1x5x260xf32>, %k: memref<1x7x260xf32>, %v: memref<1x7x260xf32>,
    %acc: memref<1x2x130x5xf32>, %m: memref<1x2x5xf32>, %s: memref<1x2x5xf32>) {
  block.online_attention ins(%q, %k, %v : memref<1x5x260xf32>, memref<1x7x260xf32>, memref<1x7x260xf32>)
      outs(%acc, %m, %s : memref<1x2x130x5xf32>, memref<1x2x5xf32>, memref<1x2x5xf32>) heads = 2 scale = 0.088
  return
}

// A state that takes in many blocks keeps its sums in float64; those of one
// block begin at 0, in float32. The maximum is rounded up.

// CHECK-LABEL: func.func @wide_state
// CHECK-SAME: %[[ACC:[a-z0-9]*]]: memref<1x1x5x16xf64>, %[[MAX:[a-z0-9]*]]: memref<1x1x16xf32>, %[[SUM:[a-z0-9]*]]: memref<1x1x16xf64>
// CHECK: %[[ABOVE:.*]] = arith.cmpf olt, %{{.*}}, %[[M:.*]] : vector<16xf32>
// CHECK: arith.select %[[ABOVE]]
// CHECK: vector.store %{{.*}}, %[[MAX]]
// CHECK: %[[S:.*]] = vector.load %[[SUM]]{{.*}} vector<16xf64>
// CHECK: %[[F:.*]] = arith.extf %{{.*}} : vector<16xf32> to vector<16xf64>
// CHECK: math.fma %[[S]], %[[F]], %{{.*}} : vector<16xf64>
// CHECK: vector.load %[[ACC]]{{.*}} vector<16xf64>
// CHECK: math.fma {{.*}} : vector<16xf64>
// CHECK: vector.store %{{.*}}, %[[ACC]]{{.*}} vector<16xf64>
func.func @wide_state(%acc: memref<1x1x5x16xf64>, %m: memref<1x1x16xf32>, %s: memref<1x1x16xf64>,
                      %q: memref<16x5xf32>, %k: memref<1x7x5xf32>) {
  block.online_attention ins(%q, %k, %k : memref<16x5xf32>, memref<1x7x5xf32>, memref<1x7x5xf32>)
      outs(%acc, %m, %s : memref<1x1x5x16xf64>, memref<1x1x16xf32>, memref<1x1x16xf64>) heads = 1 scale = 1.0
  return
}

// CHECK-LABEL: func.func @wide_merge
// CHECK: math.fma {{.*}} : vector<16xf64>
// CHECK: math.fma {{.*}} : vector<16xf64>
func.func @wide_merge(%as: memref<2x1x1x5x16xf32>, %ms: memref<2x1x1x16xf32>, %ss: memref<2x1x1x16xf32>,
                      %a: memref<1x1x5x16xf64>, %m: memref<1x1x16xf32>, %s: memref<1x1x16xf64>) {
  block.merge_attention ins(%as, %ms, %ss : memref<2x1x1x5x16xf32>, memref<2x1x1x16xf32>, memref<2x1x1x16xf32>)
      outs(%a, %m, %s : memref<1x1x5x16xf64>, memref<1x1x16xf32>, memref<1x1x16xf64>)
  return
}

// CHECK-LABEL: func.func @wide_finish
// CHECK: arith.truncf {{.*}} : vector<16xf64> to vector<16xf32>
// CHECK: arith.truncf {{.*}} : vector<16xf64> to vector<16xf32>
// CHECK: arith.mulf {{.*}} : vector<16xf32>
func.func @wide_finish(%a: memref<1x1x5x16xf64>, %m: memref<1x1x16xf32>, %s: memref<1x1x16xf64>, %y: memref<1x16x5xf32>) {
  block.finish_attention ins(%a, %m, %s : memref<1x1x5x16xf64>, memref<1x1x16xf32>, memref<1x1x16xf64>)
      outs(%y : memref<1x16x5xf32>)
  return
}
