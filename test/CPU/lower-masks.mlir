// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s

// Numbers are compared by their bits, floats without that of their sign: NaN is
// not 0, nor is what a processor may round to it.

// CHECK-LABEL: func.func @to_mask(
// CHECK: %[[X:.*]] = memref.load %{{.*}} : memref<?x33xf32>
// CHECK: %[[I:.*]] = arith.bitcast %[[X]] : f32 to i32
// CHECK: %[[B:.*]] = arith.andi %[[I]], %c2147483647_i32 : i32
// CHECK: %[[M:.*]] = arith.cmpi ne, %[[B]], %{{.*}} : i32
// CHECK: memref.store %[[M]], %{{.*}} : memref<?x33xi1>
// CHECK: arith.andi {{.*}}, %c32767_i16 : i16
// CHECK: arith.cmpi eq, {{.*}} : i16
// CHECK: arith.cmpi ne, {{.*}} : i64
// CHECK: arith.cmpi eq, {{.*}} : i32
// CHECK: builtin.unrealized_conversion_cast %{{.*}} : ui8 to i8
// CHECK: arith.cmpi ne, {{.*}} : i8
func.func @to_mask(%x: memref<?x33xf32>, %h: memref<?x33xf16>, %i: memref<?x33xi64>, %j: memref<?x33xi32>,
                   %u: memref<?x33xui8>, %y: memref<?x33xi1>) {
  block.to_mask ins(%x : memref<?x33xf32>) outs(%y : memref<?x33xi1>)
  block.to_mask ins(%h : memref<?x33xf16>) outs(%y : memref<?x33xi1>) {inverted}
  block.to_mask ins(%i : memref<?x33xi64>) outs(%y : memref<?x33xi1>)
  block.to_mask ins(%j : memref<?x33xi32>) outs(%y : memref<?x33xi1>) {inverted}
  block.to_mask ins(%u : memref<?x33xui8>) outs(%y : memref<?x33xi1>)
  return
}

// CHECK-LABEL: func.func @mask_rows(
// CHECK: %[[KEPT:.*]] = memref.load %{{.*}}[%[[B:.*]], %[[N:.*]]] : memref<?x?xi1>
// CHECK: vector.load %{{.*}}[%[[B]], %[[N]],
// CHECK: arith.select %[[KEPT]], %{{.*}}, %{{.*}} : vector<16xf32>
// CHECK: vector.maskedload
// CHECK: arith.select %[[KEPT]]
// CHECK: vector.maskedstore
func.func @mask_rows(%x: memref<?x?x33xf32>, %m: memref<?x?xi1>, %y: memref<?x?x33xf32>) {
  block.mask_rows ins(%x : memref<?x?x33xf32>) mask(%m : memref<?x?xi1>) outs(%y : memref<?x?x33xf32>) {value = 0.0 : f64}
  return
}

// A log-sum-exp has the queries last.

// CHECK-LABEL: func.func @mask_columns(
// CHECK: %[[KEPT:.*]] = memref.load %{{.*}}[%[[B:.*]], %[[N:.*]]] : memref<?x?xi1>
// CHECK: %[[E:.*]] = memref.load %{{.*}}[%[[B]], %[[H:.*]], %[[N]]] : memref<?x3x?xf32>
// CHECK: %[[S:.*]] = arith.select %[[KEPT]], %[[E]], %{{.*}} : f32
// CHECK: memref.store %[[S]], %{{.*}}[%[[B]], %[[H]], %[[N]]]
func.func @mask_columns(%x: memref<?x3x?xf32>, %m: memref<?x?xi1>, %y: memref<?x3x?xf32>) {
  block.mask_rows ins(%x : memref<?x3x?xf32>) mask(%m : memref<?x?xi1>) outs(%y : memref<?x3x?xf32>)
      {value = 0xFFF0000000000000 : f64, dimension = 2 : i64}
  return
}

// A key is attended if the mask says so and its number is below the length.
// Only with `uniform` is there a second loop.

// CHECK-LABEL: func.func @key_mask(
// CHECK: scf.for
// CHECK: scf.for %[[J:[a-z0-9]+]] =
// CHECK: arith.cmpi slt, %[[J]],
// CHECK: memref.store
// CHECK: arith.ori
// CHECK-NOT: scf.for
// CHECK: return
func.func @key_mask(%n: memref<?xi64>, %m: memref<?x33xi1>, %y: memref<?x33xi8>) {
  block.key_mask lengths(%n : memref<?xi64>) mask(%m : memref<?x33xi1>) outs(%y : memref<?x33xi8>)
  return
}

// CHECK-LABEL: func.func @key_mask_uniform(
// CHECK: %[[ANY:.*]] = scf.for {{.*}} iter_args
// CHECK: %[[NOBODY:.*]] = arith.cmpi eq, %[[ANY]],
// CHECK: scf.for
// CHECK: arith.select %[[NOBODY]], %c2_i8
func.func @key_mask_uniform(%m: memref<?x33xi1>, %y: memref<?x33xi8>) {
  block.key_mask mask(%m : memref<?x33xi1>) outs(%y : memref<?x33xi8>)
      {masked_rows = #perceiver.masked_rows<uniform>}
  return
}
