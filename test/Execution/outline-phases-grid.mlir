// RUN: perceiver-opt %s --perceiver-outline-phases | FileCheck %s

// The number of tasks in the last dimension is known at run time only: each task
// computes it again from the sizes to find its place in the grid.

// CHECK-LABEL: func.func @run
// CHECK: frame.run_tasks
// CHECK: func.func private @{{.*}}(%{{.*}}: !llvm.ptr, %[[TASK:.*]]: index, %{{.*}}: index)
// CHECK-DAG: %[[COLUMNS:.*]] = frame.size %{{.*}}[1]
// CHECK: %[[COUNT:.*]] = affine.apply #{{.*}}()[%[[COLUMNS]]]
// CHECK: arith.remui %[[TASK]], %[[COUNT]]
// CHECK: arith.divui %[[TASK]], %[[COUNT]]
func.func @run(%frame: !llvm.ptr) attributes {perceiver.entry} {
  %zero = arith.constant 0.0 : f32
  %rows = frame.size %frame[0]
  %columns = frame.size %frame[1]
  %y = frame.argument %frame[0] (%rows, %columns) : memref<?x?xf32>
  scf.forall (%i, %j) = (0, 0) to (%rows, %columns) step (1, 64) {
    memref.store %zero, %y[%i, %j] : memref<?x?xf32>
  }
  return
}
