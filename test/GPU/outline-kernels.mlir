// RUN: perceiver-opt %s --perceiver-gpu-outline-kernels --canonicalize --cse | FileCheck %s

// A kernel gets the addresses of arrays and the sizes that it needs, and finds
// its place by the number of the task. The number of batch entries is not needed
// for that; views are made inside.

// CHECK-LABEL: func.func @run(
// CHECK:         %[[N:.*]] = frame.size %[[FRAME:.*]][0]
// CHECK:         %[[X:.*]] = frame.argument %[[FRAME]][0]
// CHECK:         %[[W:.*]] = frame.weight
// CHECK:         %[[Y:.*]] = memref.alloc(
// CHECK:         %[[TASKS:.*]] = arith.muli
// CHECK:         frame.launch %[[FRAME]] @kernels::@linear_0 count(%[[TASKS]]) arguments(%[[N]], %[[X]], %[[Y]], %[[W]] : index, memref<?x4x8x16xf32>, memref<?x32x48xf32>, memref<16x48xf32>) at 0
// CHECK:         %[[Z:.*]] = frame.argument %[[FRAME]][1]
// CHECK:         frame.copy %[[FRAME]] %[[Y]] to %[[Z]] at 0 : memref<?x32x48xf32>
// CHECK-NOT:     scf.forall
func.func @run(%frame: !llvm.ptr) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %n = frame.size %frame[0]
  %x = frame.argument %frame[0] (%n) : memref<?x4x8x16xf32>
  %rows = memref.collapse_shape %x [[0], [1, 2], [3]] : memref<?x4x8x16xf32> into memref<?x32x16xf32>
  %w = frame.weight %frame at 64 : memref<16x48xf32>
  %dim = memref.dim %x, %c0 : memref<?x4x8x16xf32>
  %y = memref.alloc(%dim) : memref<?x32x48xf32>
  scf.forall (%b, %r) = (0, 0) to (%dim, 32) step (1, 8) {
    %0 = memref.subview %rows[%b, %r, 0] [1, 8, 16] [1, 1, 1] : memref<?x32x16xf32> to memref<1x8x16xf32, strided<[512, 16, 1], offset: ?>>
    %1 = memref.subview %y[%b, %r, 0] [1, 8, 48] [1, 1, 1] : memref<?x32x48xf32> to memref<1x8x48xf32, strided<[1536, 48, 1], offset: ?>>
    block.linear ins(%0, %w : memref<1x8x16xf32, strided<[512, 16, 1], offset: ?>>, memref<16x48xf32>) outs(%1 : memref<1x8x48xf32, strided<[1536, 48, 1], offset: ?>>)
  }
  %z = frame.argument %frame[1] (%n) : memref<?x32x48xf32>
  linalg.copy ins(%y : memref<?x32x48xf32>) outs(%z : memref<?x32x48xf32>)
  return
}

// A view of all of an array is copied as the array.

// CHECK-LABEL: func.func @view(
// CHECK:         %[[X:.*]] = memref.cast %{{.*}} : memref<?x1x8xf32, strided<[8, 8, 1]>> to memref<?x1x8xf32>
// CHECK:         frame.copy %{{.*}} %[[X]] to %{{.*}} at 0 : memref<?x1x8xf32>
func.func @view(%frame: !llvm.ptr) attributes {perceiver.entry} {
  %n = frame.size %frame[0]
  %m = frame.size %frame[1]
  %x = frame.argument %frame[0] (%n) : memref<?x1x8xf32>
  %y = frame.argument %frame[1] (%m) : memref<?x1x8xf32>
  %0 = memref.subview %x[0, 0, 0] [%m, 1, 8] [1, 1, 1] : memref<?x1x8xf32> to memref<?x1x8xf32, strided<[8, 8, 1]>>
  linalg.copy ins(%0 : memref<?x1x8xf32, strided<[8, 8, 1]>>) outs(%y : memref<?x1x8xf32>)
  return
}

// CHECK:       module @kernels {
// CHECK-LABEL: func.func @linear_0(
// CHECK-SAME:    %[[TASK:.*]]: index, %[[BATCH:.*]]: index, %[[KX:.*]]: !llvm.ptr<1>, %{{.*}}: !llvm.ptr<1>, %{{.*}}: !llvm.ptr<1>) attributes {perceiver.kernel} {
// CHECK:         %[[ARRAY:.*]] = frame.array %[[KX]](%[[BATCH]]) : memref<?x4x8x16xf32>
// CHECK:         memref.collapse_shape %[[ARRAY]]
// CHECK-DAG:     %[[R:.*]] = arith.remui %[[TASK]], %{{.*}} : index
// CHECK-DAG:     %[[B:.*]] = arith.divui %[[TASK]], %{{.*}} : index
// CHECK:         memref.subview %{{.*}}[%[[B]], %{{.*}}, 0] [1, 8, 16]
// CHECK:         block.linear
// CHECK-NEXT:    return

// A size that is read off an array is a parameter.

// CHECK-LABEL: func.func @mean_rows_0(
// CHECK-SAME:    %[[TASK:.*]]: index, %[[BATCH:[a-z0-9]+]]: index, %[[ROWS:[a-z0-9]+]]: index,
// CHECK-NOT:     memref.dim
// CHECK:         memref.subview %{{.*}}[%[[TASK]], 0, 0] [1, %[[ROWS]], 8]
func.func @mean(%frame: !llvm.ptr) attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  %n = frame.size %frame[0]
  %m = frame.size %frame[1]
  %x = frame.argument %frame[0] (%n, %m) : memref<?x?x8xf32>
  %y = frame.argument %frame[1] (%n) : memref<?x1x8xf32>
  scf.forall (%b) in (%n) {
    %dim = memref.dim %x, %c1 : memref<?x?x8xf32>
    %0 = memref.subview %x[%b, 0, 0] [1, %dim, 8] [1, 1, 1] : memref<?x?x8xf32> to memref<1x?x8xf32, strided<[?, 8, 1], offset: ?>>
    %1 = memref.subview %y[%b, 0, 0] [1, 1, 8] [1, 1, 1] : memref<?x1x8xf32> to memref<1x1x8xf32, strided<[8, 8, 1], offset: ?>>
    block.mean_rows ins(%0 : memref<1x?x8xf32, strided<[?, 8, 1], offset: ?>>) outs(%1 : memref<1x1x8xf32, strided<[8, 8, 1], offset: ?>>)
  }
  return
}
