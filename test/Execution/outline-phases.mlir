// RUN: perceiver-opt %s --perceiver-outline-phases | FileCheck %s

// The number of a task becomes its place in the grid, the last dimension
// running fastest: here n x 5 tasks. What comes from the frame is computed
// again by the task, everything else is captured.

// CHECK-DAG: #[[SAME:.*]] = affine_map<()[s0] -> (s0)>
// CHECK-DAG: #[[TIMES_8:.*]] = affine_map<()[s0] -> (s0 * 8)>
// CHECK-LABEL: func.func @run(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr, %[[X:.*]]: memref<7xf32>
// CHECK: %[[N:.*]] = frame.size %[[FRAME]][0]
// CHECK-NOT: scf.forall
// CHECK: scf.for %[[K:.*]] =
// CHECK: %[[ROWS:.*]] = arith.muli %{{.*}}, %[[N]]
// CHECK: %[[FIVE:.*]] = arith.constant 5 : index
// CHECK: %[[COUNT:.*]] = arith.muli %[[ROWS]], %[[FIVE]]
// CHECK: frame.run_tasks %[[FRAME]] @run.phase_0 count(%[[COUNT]]) captures(%[[K]] : index)
// CHECK: %[[SEVEN:.*]] = arith.constant 7 : index
// CHECK: frame.run_tasks %[[FRAME]] @run.phase_1 count(%[[SEVEN]]) captures(%[[X]] : memref<7xf32>)
// CHECK: return

// CHECK-LABEL: func.func private @run.phase_0(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr, %[[TASK:.*]]: index, %[[WORKER:.*]]: index, %[[K:.*]]: index)
// CHECK: %[[N:.*]] = frame.size %[[FRAME]][0]
// CHECK: %[[A:.*]] = frame.argument %[[FRAME]][0] (%[[N]]) : memref<?x33xf32>
// CHECK: %[[COLUMN:.*]] = arith.remui %[[TASK]], %[[FIVE:.*]] : index
// CHECK: %[[ROW:.*]] = arith.divui %[[TASK]], %[[FIVE]] : index
// CHECK: %[[R:.*]] = affine.apply #[[TIMES_8]]()[%[[COLUMN]]]
// CHECK: %[[B:.*]] = affine.apply #[[SAME]]()[%[[ROW]]]
// CHECK-NOT: frame.worker
// CHECK: %[[T:.*]] = frame.buffer %[[FRAME]][0] () worker(%[[WORKER]])
// CHECK: memref.store %{{.*}}, %[[T]][%[[K]]]
// CHECK: memref.store %{{.*}}, %[[A]][%[[B]], %[[R]]]

// CHECK-LABEL: func.func private @run.phase_1(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[TASK:.*]]: index, %{{.*}}: index, %[[X:.*]]: memref<7xf32>)
// CHECK: %[[I:.*]] = affine.apply #[[SAME]]()[%[[TASK]]]
// CHECK: memref.store %{{.*}}, %[[X]][%[[I]]]
func.func @run(%frame: !llvm.ptr, %x: memref<7xf32>) attributes {perceiver.entry} {
  %n = frame.size %frame[0]
  %f = arith.constant 1.0 : f32
  %a = frame.argument %frame[0] (%n) : memref<?x33xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  scf.for %k = %c0 to %c2 step %c1 {
    scf.forall (%b, %r) = (0, 0) to (%n, 33) step (1, 8) {
      %w = frame.worker
      %t = frame.buffer %frame[0] () worker(%w) : memref<7xf32>
      memref.store %f, %t[%k] : memref<7xf32>
      memref.store %f, %a[%b, %r] : memref<?x33xf32>
    }
  }
  scf.forall (%i) in (7) {
    memref.store %f, %x[%i] : memref<7xf32>
  }
  return
}

// An entry may have the name of a phase of another one, but for the dot.

// CHECK-LABEL: func.func @run_phase_0(
// CHECK: frame.run_tasks %{{.*}} @run_phase_0.phase_0 count(
// CHECK-LABEL: func.func private @run_phase_0.phase_0(
func.func @run_phase_0(%frame: !llvm.ptr, %x: memref<7xf32>) attributes {perceiver.entry} {
  %f = arith.constant 1.0 : f32
  scf.forall (%i) in (7) {
    memref.store %f, %x[%i] : memref<7xf32>
  }
  return
}
