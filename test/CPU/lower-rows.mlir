// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s

// About the mean first, then the two moments of the differences from it. Lanes
// that do not exist count in none.

// CHECK-LABEL: func.func @layer_norm(
// CHECK: scf.for
// CHECK: vector.reduction <add>
// CHECK: arith.subf
// CHECK: arith.select
// CHECK: math.fma
// CHECK: vector.reduction <add>
// CHECK: vector.reduction <add>
// CHECK: arith.maximumf
// CHECK: math.sqrt
// CHECK-NOT: vector.reduction
// CHECK: vector.maskedstore
func.func @layer_norm(%x: memref<?x7xf32>, %g: memref<7xf32>, %y: memref<?x7xf32>) {
  block.layer_norm ins(%x : memref<?x7xf32>) affine(%g, %g : memref<7xf32>, memref<7xf32>)
      outs(%y : memref<?x7xf32>)
  return
}

// The second input lands behind the first.

// CHECK-LABEL: func.func @concat(
// CHECK-SAME: %[[A:.*]]: memref<?x7xf32>, %[[B:.*]]: memref<?x33xf32>, %[[Y:.*]]: memref<?x40xf32>
// CHECK-DAG: %[[SEVEN:.*]] = arith.constant 7 : index
// CHECK: vector.maskedload %[[A]]
// CHECK: vector.maskedstore %[[Y]]
// CHECK: vector.load %[[B]][%[[N:.*]], %[[C:.*]]]
// CHECK: %[[AT:.*]] = arith.addi %[[C]], %[[SEVEN]]
// CHECK: vector.store %{{.*}}, %[[Y]][%[[N]], %[[AT]]]
func.func @concat(%a: memref<?x7xf32>, %b: memref<?x33xf32>, %y: memref<?x40xf32>) {
  block.concat_channels ins(%a, %b : memref<?x7xf32>, memref<?x33xf32>) outs(%y : memref<?x40xf32>)
  return
}

// Ids outside the table are clamped into it.

// CHECK-LABEL: func.func @embed(
// CHECK-SAME: %[[IDS:.*]]: memref<?xi64>, %[[TABLE:.*]]: memref<33x7xf32>
// CHECK-DAG: %[[LAST:.*]] = arith.constant 32 : index
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK: %[[ID:.*]] = memref.load %[[IDS]]
// CHECK: %[[INDEX:.*]] = arith.index_cast %[[ID]] : i64 to index
// CHECK: %[[LOW:.*]] = arith.maxsi %[[INDEX]], %[[ZERO]]
// CHECK: %[[ROW:.*]] = arith.minsi %[[LOW]], %[[LAST]]
// CHECK: vector.maskedload %[[TABLE]][%[[ROW]],
func.func @embed(%ids: memref<?xi64>, %t: memref<33x7xf32>, %y: memref<?x7xf32>) {
  block.embed ins(%ids, %t : memref<?xi64>, memref<33x7xf32>) outs(%y : memref<?x7xf32>)
  return
}

// CHECK-LABEL: func.func @take_rows(
// CHECK-SAME: %[[X:.*]]: memref<?x?x7xf32>, %[[POINTS:.*]]: memref<?xi64>
// CHECK: %[[COUNT:.*]] = memref.dim %[[X]], %c1
// CHECK: %[[LAST:.*]] = arith.subi %[[COUNT]], %c1
// CHECK: scf.for %[[B:[a-z0-9]+]] =
// CHECK: scf.for %[[M:[a-z0-9]+]] =
// CHECK: %[[POINT:.*]] = memref.load %[[POINTS]][%[[M]]]
// CHECK: %[[LOW:.*]] = arith.maxsi
// CHECK: %[[ROW:.*]] = arith.minsi %[[LOW]], %[[LAST]]
// CHECK: vector.maskedload %[[X]][%[[B]], %[[ROW]],
func.func @take_rows(%x: memref<?x?x7xf32>, %p: memref<?xi64>, %y: memref<?x?x7xf32>) {
  block.take_rows ins(%x, %p : memref<?x?x7xf32>, memref<?xi64>) outs(%y : memref<?x?x7xf32>)
  return
}

// Channels that lie apart are read one by one.

// CHECK-LABEL: func.func @take_columns(
// CHECK-SAME: %[[X:.*]]: memref<?x7x?xf32>
// CHECK: memref.dim %[[X]], %c2
// CHECK: scf.for %[[B:[a-z0-9]+]] =
// CHECK: %[[ROW:.*]] = arith.minsi
// CHECK: scf.for %[[C:[a-z0-9]+]] =
// CHECK: memref.load %[[X]][%[[B]], %[[C]], %[[ROW]]]
// CHECK: memref.store
func.func @take_columns(%x: memref<?x7x?xf32>, %p: memref<?xi64>, %y: memref<?x?x7xf32>) {
  block.take_rows ins(%x, %p : memref<?x7x?xf32>, memref<?xi64>) outs(%y : memref<?x?x7xf32>) {channels_first}
  return
}

// CHECK-LABEL: func.func @mean_rows(
// CHECK: %[[COUNT:.*]] = arith.uitofp
// CHECK: arith.divf %{{.*}}, %[[COUNT]]
// CHECK: scf.for {{.*}} iter_args
// CHECK: arith.addf
// CHECK: arith.mulf
func.func @mean_rows(%x: memref<?x?x7xf32>, %y: memref<?x1x7xf32>) {
  block.mean_rows ins(%x : memref<?x?x7xf32>) outs(%y : memref<?x1x7xf32>)
  return
}

// With a mask each batch entry counts its rows, at least one; a row that does not
// count adds zeros.

// CHECK-LABEL: func.func @masked_mean_rows(
// CHECK: scf.for
// CHECK: %[[ROWS:.*]] = scf.for {{.*}} iter_args
// CHECK: arith.maxui %[[ROWS]], %c1
// CHECK: arith.divf
// CHECK: scf.for {{.*}} iter_args
// CHECK: %[[KEPT:.*]] = memref.load %{{.*}} : memref<?x?xi1>
// CHECK: arith.select %[[KEPT]], %{{.*}}, %cst{{.*}} : vector<16xf32>
func.func @masked_mean_rows(%x: memref<?x?x7xf32>, %m: memref<?x?xi1>, %y: memref<?x1x7xf32>) {
  block.mean_rows ins(%x : memref<?x?x7xf32>) mask(%m : memref<?x?xi1>) outs(%y : memref<?x1x7xf32>)
  return
}

// Sums of many terms are cut into chains: 257 vectors into 5 of 52, and what is
// left of the row.

// CHECK-LABEL: func.func @wide_norm(
// CHECK: scf.for %{{.*}} = %c0 to %c4112 step %c832 iter_args({{.*}}) -> (vector<16xf32>)
// CHECK: arith.minsi
// CHECK: vector.maskedload
// CHECK-NOT: f64
// CHECK: return
func.func @wide_norm(%x: memref<?x4119xf32>, %y: memref<?x4119xf32>) {
  block.layer_norm ins(%x : memref<?x4119xf32>) outs(%y : memref<?x4119xf32>)
  return
}

// Those of very many, or of any number, are added up in float64.

// CHECK-LABEL: func.func @widest_norm(
// CHECK: scf.for %{{.*}} = %c0 to %c66560 step %c1024 iter_args({{.*}}) -> (vector<16xf64>)
// CHECK: arith.addf {{.*}} : vector<16xf64>
func.func @widest_norm(%x: memref<?x66560xf32>, %y: memref<?x66560xf32>) {
  block.layer_norm ins(%x : memref<?x66560xf32>) outs(%y : memref<?x66560xf32>)
  return
}

// CHECK-LABEL: func.func @many_rows(
// CHECK: scf.for {{.*}} step %c64 iter_args({{.*}}) -> (vector<16xf64>)
// CHECK: arith.minsi
// CHECK: arith.addf {{.*}} : vector<16xf64>
func.func @many_rows(%x: memref<?x?x7xf32>, %y: memref<?x1x7xf32>) {
  block.mean_rows ins(%x : memref<?x?x7xf32>) outs(%y : memref<?x1x7xf32>)
  return
}

// CHECK-LABEL: func.func @narrow_norm(
// CHECK-NOT: step %c1024
// CHECK: return
func.func @narrow_norm(%x: memref<?x1024xf32>, %y: memref<?x1024xf32>) {
  block.layer_norm ins(%x : memref<?x1024xf32>) outs(%y : memref<?x1024xf32>)
  return
}
