// RUN: perceiver-opt %s --perceiver-convert-frame-to-llvm | FileCheck %s

// The tables of the frame: weights at 8, workspace at 16, buffers at 24,
// arguments at 32, sizes at 40, the pool at 48 (perceiver_runtime.h).

func.func private @run.phase_0(%frame: !llvm.ptr, %task: index, %worker: index, %k: index, %m: memref<7xf32>) {
  return
}

// CHECK-LABEL: func.func @size_and_argument(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr
// CHECK: %[[AT40:.*]] = llvm.getelementptr %[[FRAME]][48]
// CHECK: %[[SIZES:.*]] = llvm.load %[[AT40]] invariant : !llvm.ptr -> !llvm.ptr
// CHECK: %[[AT8:.*]] = llvm.getelementptr %[[SIZES]][8]
// CHECK: %[[N:.*]] = llvm.load %[[AT8]] invariant : !llvm.ptr -> i64
// CHECK: %[[AT32:.*]] = llvm.getelementptr %[[FRAME]][40]
// CHECK: %[[ARGUMENTS:.*]] = llvm.load %[[AT32]] invariant
// CHECK: %[[AT16:.*]] = llvm.getelementptr %[[ARGUMENTS]][16]
// CHECK: %[[ADDRESS:.*]] = llvm.load %[[AT16]] invariant
// CHECK: llvm.insertvalue %[[ADDRESS]], %{{.*}}[0]
// CHECK: llvm.insertvalue %[[ADDRESS]], %{{.*}}[1]
func.func @size_and_argument(%frame: !llvm.ptr) -> memref<?x33xf32> {
  %n = frame.size %frame[1]
  %a = frame.argument %frame[2] (%n) : memref<?x33xf32>
  return %a : memref<?x33xf32>
}

// A member of a family is taken modulo the number of members.

// CHECK-LABEL: func.func @weight(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr, %[[K:.*]]: index
// CHECK: %[[AT8:.*]] = llvm.getelementptr %[[FRAME]][16]
// CHECK: %[[WEIGHTS:.*]] = llvm.load %[[AT8]] invariant
// CHECK: %[[OFFSET:.*]] = llvm.mlir.constant(4096 : i64)
// CHECK: %[[I:.*]] = builtin.unrealized_conversion_cast %[[K]] : index to i64
// CHECK: %[[COUNT:.*]] = llvm.mlir.constant(3 : i64)
// CHECK: %[[MEMBER:.*]] = llvm.urem %[[I]], %[[COUNT]]
// CHECK: %[[STRIDE:.*]] = llvm.mlir.constant(960 : i64)
// CHECK: %[[BYTES:.*]] = llvm.mul %[[MEMBER]], %[[STRIDE]]
// CHECK: %[[ALL:.*]] = llvm.add %[[OFFSET]], %[[BYTES]]
// CHECK: llvm.getelementptr %[[WEIGHTS]][%[[ALL]]]
func.func @weight(%frame: !llvm.ptr, %k: index) -> memref<7x33xf32> {
  %w = frame.weight %frame at 4096 member(%k of 3) stride 960 : memref<7x33xf32>
  return %w : memref<7x33xf32>
}

// Offset and stride from worker to worker are those that the plan gave.

// CHECK-LABEL: func.func @buffer(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr, %[[K:.*]]: index
// CHECK: %[[AT24:.*]] = llvm.getelementptr %[[FRAME]][32]
// CHECK: %[[BUFFERS:.*]] = llvm.load %[[AT24]] invariant
// CHECK: %[[AT16:.*]] = llvm.getelementptr %[[FRAME]][24]
// CHECK: %[[WORKSPACE:.*]] = llvm.load %[[AT16]] invariant
// CHECK: %[[OFFSET_AT:.*]] = llvm.getelementptr %[[BUFFERS]][32]
// CHECK: %[[OFFSET:.*]] = llvm.load %[[OFFSET_AT]] invariant : !llvm.ptr -> i64
// CHECK: %[[STRIDE_AT:.*]] = llvm.getelementptr %[[BUFFERS]][40]
// CHECK: %[[STRIDE:.*]] = llvm.load %[[STRIDE_AT]] invariant : !llvm.ptr -> i64
// CHECK: %[[WORKER:.*]] = builtin.unrealized_conversion_cast %[[K]] : index to i64
// CHECK: %[[PART:.*]] = llvm.mul %[[STRIDE]], %[[WORKER]]
// CHECK: %[[BYTES:.*]] = llvm.add %[[OFFSET]], %[[PART]]
// CHECK: llvm.getelementptr %[[WORKSPACE]][%[[BYTES]]]
func.func @buffer(%frame: !llvm.ptr, %k: index) -> memref<7xf32> {
  %c = frame.buffer %frame[2] () worker(%k) : memref<7xf32>
  return %c : memref<7xf32>
}

// Captures travel on the stack of the function, allocated once, not in loops.

// CHECK-LABEL: func.func @run(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr, %[[K:.*]]: index, %[[M:.*]]: memref<7xf32>
// CHECK: %[[CONTEXT:.*]] = llvm.alloca %{{.*}} x !llvm.struct<(ptr, i64, struct<
// CHECK: scf.for
// CHECK-NOT: llvm.alloca
// CHECK: %[[FIRST:.*]] = llvm.getelementptr %[[CONTEXT]][0, 0]
// CHECK: llvm.store %[[FRAME]], %[[FIRST]]
// CHECK: %[[FUNCTION:.*]] = llvm.mlir.addressof @run.phase_0.task
// CHECK: llvm.call %{{.*}}(%{{.*}}, %{{.*}}, %[[FUNCTION]], %[[CONTEXT]]) : !llvm.ptr, (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr) -> ()
// CHECK-NOT: frame.run_tasks
// CHECK: llvm.func internal @run.phase_0.task(%[[C:.*]]: !llvm.ptr, %[[T:.*]]: i64, %[[W:.*]]: i32)
// CHECK: %[[W64:.*]] = llvm.zext %[[W]] : i32 to i64
// CHECK: call @run.phase_0(
// CHECK: llvm.return
func.func @run(%frame: !llvm.ptr, %k: index, %m: memref<7xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %k step %c1 {
    frame.run_tasks %frame @run.phase_0 count(%k) captures(%i, %m : index, memref<7xf32>)
  }
  return
}

// A task may be run at several places, and another function may have the name.

func.func private @twice.phase_0(%frame: !llvm.ptr, %task: index, %worker: index) {
  return
}
func.func private @twice.phase_0.task() {
  return
}

// CHECK-LABEL: func.func @twice(
// CHECK: llvm.mlir.addressof @[[TASK:twice.phase_0.task_[0-9]+]]
// CHECK: llvm.mlir.addressof @[[TASK]]
// CHECK: llvm.func internal @[[TASK]](
// CHECK: llvm.mlir.addressof @[[TASK]]
// CHECK-NOT: llvm.func
func.func @twice(%frame: !llvm.ptr, %k: index) {
  frame.run_tasks %frame @twice.phase_0 count(%k)
  frame.run_tasks %frame @twice.phase_0 count(%k)
  return
}
func.func @again(%frame: !llvm.ptr, %k: index) {
  frame.run_tasks %frame @twice.phase_0 count(%k)
  return
}
