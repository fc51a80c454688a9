// RUN: perceiver-opt %s --perceiver-reinterpret-expansions | FileCheck %s
// RUN: perceiver-opt %s --perceiver-reinterpret-expansions --expand-strided-metadata \
// RUN:   | FileCheck %s --check-prefix=EXPANDED

// EXPANDED-NOT: memref.expand_shape

// CHECK-LABEL: func.func @two(
// CHECK-SAME: %[[X:[a-z0-9]+]]: memref<?x?x8xf32>, %[[B:[a-z0-9]+]]: index, %[[H:[a-z0-9]+]]: index, %[[W:[a-z0-9]+]]: index
// CHECK: %[[BASE:.*]], %{{.*}}, %{{.*}}, %[[STRIDES:.*]]:3 = memref.extract_strided_metadata %[[X]]
// CHECK: %[[ROW:.*]] = arith.muli %c8{{.*}}, %[[W]]
// CHECK: memref.reinterpret_cast %[[BASE]] to offset: [0], sizes: [%[[B]], %[[H]], %[[W]], 8], strides: [%[[STRIDES]]#0, %[[ROW]], 8, 1]
// CHECK-SAME: memref<f32> to memref<?x?x?x8xf32>
func.func @two(%x: memref<?x?x8xf32>, %b: index, %h: index, %w: index) -> memref<?x?x?x8xf32> {
  %y = memref.expand_shape %x [[0], [1, 2], [3]] output_shape [%b, %h, %w, 8] : memref<?x?x8xf32> into memref<?x?x?x8xf32>
  return %y : memref<?x?x?x8xf32>
}

// Of a part of an array, and with a static size between.

// CHECK-LABEL: func.func @part(
// CHECK-SAME: %[[X:[a-z0-9]+]]: memref<?xf32, strided<[16], offset: ?>>, %[[H:[a-z0-9]+]]: index, %[[W:[a-z0-9]+]]: index
// CHECK: %[[BASE:.*]], %[[OFFSET:.*]], %{{.*}}, %{{.*}} = memref.extract_strided_metadata %[[X]]
// CHECK: %[[ROW:.*]] = arith.muli %c16{{.*}}, %[[W]]
// CHECK: %[[THREE:.*]] = arith.muli %[[ROW]], %c3
// CHECK: memref.reinterpret_cast %[[BASE]] to offset: [%[[OFFSET]]], sizes: [%[[H]], 3, %[[W]]], strides: [%[[THREE]], %[[ROW]], 16]
func.func @part(%x: memref<?xf32, strided<[16], offset: ?>>, %h: index, %w: index)
    -> memref<?x3x?xf32, strided<[?, ?, 16], offset: ?>> {
  %y = memref.expand_shape %x [[0, 1, 2]] output_shape [%h, 3, %w]
      : memref<?xf32, strided<[16], offset: ?>> into memref<?x3x?xf32, strided<[?, ?, 16], offset: ?>>
  return %y : memref<?x3x?xf32, strided<[?, ?, 16], offset: ?>>
}

// CHECK-LABEL: func.func @one(
// CHECK: memref.expand_shape
func.func @one(%x: memref<?x8xf32>, %h: index) -> memref<?x4x8xf32> {
  %y = memref.expand_shape %x [[0, 1], [2]] output_shape [%h, 4, 8] : memref<?x8xf32> into memref<?x4x8xf32>
  return %y : memref<?x4x8xf32>
}
