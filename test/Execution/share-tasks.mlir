// RUN: perceiver-opt %s --perceiver-share-tasks | FileCheck %s

// Tasks that differ in what they read from the frame by number, and in the
// order in which they read it, share a function: it stands after the first one,
// and has what it uses in the order of use.

// CHECK-LABEL: func.func private @process.phase_0(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr, %[[TASK:.*]]: index, %[[WORKER:.*]]: index, %[[K:.*]]: index)
// CHECK: %[[N:.*]] = frame.size %[[FRAME]][0]
// CHECK: %[[X:.*]] = frame.argument %[[FRAME]][0] (%[[N]])
// CHECK: %[[T:.*]] = frame.buffer %[[FRAME]][1] () worker(%[[WORKER]])
// CHECK: %[[W:.*]] = frame.weight %[[FRAME]] at 64 member(%[[K]] of 2) stride 128
// CHECK: call @process.phase_0.body(%[[X]], %[[TASK]], %[[W]], %[[T]])
// CHECK-SAME: (memref<?x8xf32>, index, memref<8xf32>, memref<8xf32>) -> ()
// CHECK-NEXT: return

// CHECK-LABEL: func.func private @process.phase_0.body(
// CHECK-SAME: %[[X:.*]]: memref<?x8xf32>, %[[TASK:.*]]: index, %[[W:.*]]: memref<8xf32>, %[[T:.*]]: memref<8xf32>)
// CHECK: %[[A:.*]] = memref.load %[[X]][%[[TASK]], %[[C0:.*]]]
// CHECK: scf.for %[[I:.*]] = %[[C0]] to
// CHECK: %[[B:.*]] = memref.load %[[W]][%[[I]]]
// CHECK: %[[S:.*]] = arith.mulf %[[A]], %[[B]]
// CHECK: memref.store %[[S]], %[[T]][%[[I]]]

// CHECK-LABEL: func.func private @run.phase_0(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr, %[[TASK:.*]]: index, %[[WORKER:.*]]: index)
// CHECK: %[[W:.*]] = frame.weight %[[FRAME]] at 320
// CHECK: %[[N:.*]] = frame.size %[[FRAME]][1]
// CHECK: %[[X:.*]] = frame.buffer %[[FRAME]][7] (%[[N]])
// CHECK: %[[T:.*]] = frame.buffer %[[FRAME]][9] () worker(%[[WORKER]])
// CHECK: call @process.phase_0.body(%[[X]], %[[TASK]], %[[W]], %[[T]])
// CHECK-NEXT: return

// Another number in the code is another function, and what reads the frame
// where its own number says stays as it is, too.

// CHECK-LABEL: func.func private @run.phase_1(
// CHECK-NOT: call
// CHECK: %{{.*}} = arith.addf
// CHECK-LABEL: func.func private @run.phase_2(
// CHECK-NOT: call
// CHECK: %{{.*}} = frame.weight %{{.*}} at 64 member(%{{.*}} of 2)
// CHECK-LABEL: func.func private @run.phase_3(
// CHECK-NOT: call
// CHECK: %{{.*}} = frame.weight %{{.*}} at 64 member(%{{.*}} of 2)

// What has a size that the task computes is a view of a whole buffer; reads
// inside of loops move out of them.

// CHECK-LABEL: func.func private @one.phase_0(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr, %[[TASK:.*]]: index, %[[WORKER:.*]]: index)
// CHECK: %[[WHOLE:.*]] = frame.buffer %[[FRAME]][0] () worker(%[[WORKER]]) : memref<64xi8>
// CHECK: %[[U:.*]] = frame.buffer %[[FRAME]][1] () worker(%[[WORKER]]) : memref<8xf32>
// CHECK: call @[[BODY:one.phase_0.body_[0-9]+]](%[[TASK]], %[[WHOLE]], %[[U]])
// CHECK: func.func private @[[BODY]](
// CHECK-SAME: %[[TASK:.*]]: index, %[[WHOLE:.*]]: memref<64xi8>, %[[U:.*]]: memref<8xf32>)
// CHECK: %[[ROWS:.*]] = arith.minui %[[TASK]]
// CHECK: scf.for
// CHECK: %[[T:.*]] = memref.view %[[WHOLE]][%{{.*}}][%[[ROWS]]] : memref<64xi8> to memref<?xf32>
// CHECK: memref.store %{{.*}}, %[[T]]
// CHECK: memref.store %{{.*}}, %[[U]]
// CHECK-LABEL: func.func private @two.phase_0(
// CHECK: %[[WHOLE:.*]] = frame.buffer %{{.*}}[1] () worker(%{{.*}}) : memref<64xi8>
// CHECK: %[[U:.*]] = frame.buffer %{{.*}}[0] () worker(%{{.*}}) : memref<8xf32>
// CHECK: call @[[BODY]](%{{.*}}, %[[WHOLE]], %[[U]])

// But not if the plan knows its size only in a run.

// CHECK-LABEL: func.func private @three.phase_0(
// CHECK: %{{.*}} = frame.buffer %{{.*}}[0] (%{{.*}}) worker(%{{.*}}) : memref<?xf32>

func.func @process(%frame: !llvm.ptr) {
  %n = frame.size %frame[0]
  %k = arith.constant 1 : index
  frame.run_tasks %frame @process.phase_0 count(%n) captures(%k : index)
  return
}

// A name that is taken is not taken again.
func.func private @one.phase_0.body() {
  return
}

func.func private @process.phase_0(%frame: !llvm.ptr, %task: index, %worker: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %n = frame.size %frame[0]
  %x = frame.argument %frame[0] (%n) : memref<?x8xf32>
  %t = frame.buffer %frame[1] () worker(%worker) : memref<8xf32>
  %a = memref.load %x[%task, %c0] : memref<?x8xf32>
  %w = frame.weight %frame at 64 member(%k of 2) stride 128 : memref<8xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    %b = memref.load %w[%i] : memref<8xf32>
    %s = arith.mulf %a, %b : f32
    memref.store %s, %t[%i] : memref<8xf32>
  }
  return
}

func.func @run(%frame: !llvm.ptr) {
  %n = frame.size %frame[1]
  frame.run_tasks %frame @run.phase_0 count(%n)
  frame.run_tasks %frame @run.phase_1 count(%n)
  frame.run_tasks %frame @run.phase_2 count(%n)
  frame.run_tasks %frame @run.phase_3 count(%n)
  return
}

func.func private @run.phase_0(%frame: !llvm.ptr, %task: index, %worker: index) {
  %c8 = arith.constant 8 : index
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %w = frame.weight %frame at 320 : memref<8xf32>
  %n = frame.size %frame[1]
  %x = frame.buffer %frame[7] (%n) : memref<?x8xf32>
  %t = frame.buffer %frame[9] () worker(%worker) : memref<8xf32>
  %a = memref.load %x[%task, %c0] : memref<?x8xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    %b = memref.load %w[%i] : memref<8xf32>
    %s = arith.mulf %a, %b : f32
    memref.store %s, %t[%i] : memref<8xf32>
  }
  return
}

func.func private @run.phase_1(%frame: !llvm.ptr, %task: index, %worker: index) {
  %c8 = arith.constant 8 : index
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %w = frame.weight %frame at 320 : memref<8xf32>
  %n = frame.size %frame[1]
  %x = frame.buffer %frame[7] (%n) : memref<?x8xf32>
  %t = frame.buffer %frame[9] () worker(%worker) : memref<8xf32>
  %a = memref.load %x[%task, %c0] : memref<?x8xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    %b = memref.load %w[%i] : memref<8xf32>
    %s = arith.addf %a, %b : f32
    memref.store %s, %t[%i] : memref<8xf32>
  }
  return
}

func.func private @run.phase_2(%frame: !llvm.ptr, %task: index, %worker: index) {
  %c0 = arith.constant 0 : index
  %w = frame.weight %frame at 64 member(%task of 2) stride 128 : memref<8xf32>
  %a = memref.load %w[%c0] : memref<8xf32>
  memref.store %a, %w[%task] : memref<8xf32>
  return
}

func.func private @run.phase_3(%frame: !llvm.ptr, %task: index, %worker: index) {
  %c0 = arith.constant 0 : index
  %w = frame.weight %frame at 64 member(%task of 2) stride 128 : memref<8xf32>
  %a = memref.load %w[%c0] : memref<8xf32>
  memref.store %a, %w[%task] : memref<8xf32>
  return
}

func.func @one(%frame: !llvm.ptr) attributes {perceiver.entry,
    frame.entry = #frame.entry<sizes = ["batch"], arguments = [], buffers = [<first = 1, last = 2, size = [0, 64], per_worker = true>, <first = 1, last = 2, size = [0, 32], per_worker = true>]>} {
  %n = frame.size %frame[0]
  frame.run_tasks %frame @one.phase_0 count(%n)
  return
}

func.func private @one.phase_0(%frame: !llvm.ptr, %task: index, %worker: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %f = arith.constant 1.0 : f32
  %rows = arith.minui %task, %c16 : index
  scf.for %i = %c0 to %rows step %c1 {
    %t = frame.buffer %frame[0] (%rows) worker(%worker) : memref<?xf32>
    memref.store %f, %t[%i] : memref<?xf32>
    %u = frame.buffer %frame[1] () worker(%worker) : memref<8xf32>
    memref.store %f, %u[%c0] : memref<8xf32>
  }
  return
}

func.func @two(%frame: !llvm.ptr) attributes {perceiver.entry,
    frame.entry = #frame.entry<sizes = ["batch"], arguments = [], buffers = [<first = 1, last = 2, size = [0, 32], per_worker = true>, <first = 1, last = 2, size = [0, 64], per_worker = true>]>} {
  %n = frame.size %frame[0]
  frame.run_tasks %frame @two.phase_0 count(%n)
  return
}

func.func private @two.phase_0(%frame: !llvm.ptr, %task: index, %worker: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %f = arith.constant 1.0 : f32
  %rows = arith.minui %task, %c16 : index
  scf.for %i = %c0 to %rows step %c1 {
    %t = frame.buffer %frame[1] (%rows) worker(%worker) : memref<?xf32>
    memref.store %f, %t[%i] : memref<?xf32>
    %u = frame.buffer %frame[0] () worker(%worker) : memref<8xf32>
    memref.store %f, %u[%c0] : memref<8xf32>
  }
  return
}

func.func @three(%frame: !llvm.ptr) attributes {perceiver.entry,
    frame.entry = #frame.entry<sizes = ["batch"], arguments = [], buffers = [<first = 1, last = 2, size = [1, 0], per_worker = true>, <first = 1, last = 2, size = [0, 32], per_worker = true>]>} {
  %n = frame.size %frame[0]
  frame.run_tasks %frame @three.phase_0 count(%n)
  return
}

func.func private @three.phase_0(%frame: !llvm.ptr, %task: index, %worker: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %f = arith.constant 1.0 : f32
  %rows = arith.minui %task, %c16 : index
  scf.for %i = %c0 to %rows step %c1 {
    %t = frame.buffer %frame[0] (%rows) worker(%worker) : memref<?xf32>
    memref.store %f, %t[%i] : memref<?xf32>
    %u = frame.buffer %frame[1] () worker(%worker) : memref<8xf32>
    memref.store %f, %u[%c0] : memref<8xf32>
  }
  return
}
