// RUN: perceiver-opt %s --perceiver-bufferize-tasks | FileCheck %s

// CHECK-LABEL: func.func @copy(
// CHECK-NOT: memref.copy
// CHECK: %[[PART:.*]] = memref.subview %{{.*}}[0, 0] [7, 33] [1, 1]
// CHECK: linalg.copy ins(%{{.*}} : memref<7x33xf32>) outs(%[[PART]] :
// CHECK-NOT: tensor<
// CHECK: return
func.func @copy(%x: memref<7x33xf32>, %o: memref<?x33xf32>) {
  %xt = bufferization.to_tensor %x restrict : memref<7x33xf32> to tensor<7x33xf32>
  %ot = bufferization.to_tensor %o restrict writable : memref<?x33xf32> to tensor<?x33xf32>
  %y = tensor.insert_slice %xt into %ot[0, 0] [7, 33] [1, 1] : tensor<7x33xf32> into tensor<?x33xf32>
  bufferization.materialize_in_destination %y in writable %o : (tensor<?x33xf32>, memref<?x33xf32>) -> ()
  return
}
