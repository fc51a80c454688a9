// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

func.func private @task(!llvm.ptr, index, index, memref<7xf32>)

// CHECK-LABEL: func.func @run
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr, %[[I:.*]]: index
func.func @run(%frame: !llvm.ptr, %i: index) {
  // CHECK: %[[N:.*]] = frame.size %[[FRAME]][1]
  %n = frame.size %frame[1]
  // CHECK: frame.argument %[[FRAME]][0] () : memref<7xf32>
  %a = frame.argument %frame[0] () : memref<7xf32>
  // CHECK: frame.argument %[[FRAME]][2] (%[[N]], %[[N]]) : memref<?x?xf32>
  %b = frame.argument %frame[2] (%n, %n) : memref<?x?xf32>
  // CHECK: frame.weight %[[FRAME]] at 64 : memref<7xf32>
  %c = frame.weight %frame at 64 : memref<7xf32>
  // CHECK: frame.weight %[[FRAME]] at 64 member(%[[I]] of 3) stride 960 : memref<7x33xf32>
  %d = frame.weight %frame at 64 member(%i of 3) stride 960 : memref<7x33xf32>
  // CHECK: %[[W:.*]] = frame.worker
  %w = frame.worker
  // CHECK: frame.buffer %[[FRAME]][0] (%[[N]]) : memref<?xf32>
  %e = frame.buffer %frame[0] (%n) : memref<?xf32>
  // CHECK: %[[OWN:.*]] = frame.buffer %[[FRAME]][1] () worker(%[[W]]) : memref<7xf32>
  %f = frame.buffer %frame[1] () worker(%w) : memref<7xf32>
  // CHECK: frame.run_tasks %[[FRAME]] @task count(%[[N]]) captures(%[[OWN]] : memref<7xf32>)
  frame.run_tasks %frame @task count(%n) captures(%f : memref<7xf32>)
  return
}

module @kernels {
  // CHECK-LABEL: func.func @scale
  // CHECK-SAME: %{{.*}}: index, %[[X:.*]]: !llvm.ptr<1>, %[[N:.*]]: index
  func.func @scale(%task: index, %x: !llvm.ptr<1>, %n: index) {
    // CHECK: frame.array %[[X]](%[[N]]) : memref<?x33xf32>
    %0 = frame.array %x(%n) : memref<?x33xf32>
    return
  }
}

// CHECK-LABEL: func.func @launch
func.func @launch(%frame: !llvm.ptr) {
  %n = frame.size %frame[0]
  %x = frame.argument %frame[0] (%n) : memref<?x33xf32>
  %y = frame.argument %frame[1] (%n) : memref<?x33xf32>
  // CHECK: frame.launch %{{.*}} @kernels::@scale count(%[[N:.*]]) arguments(%[[X:.*]], %[[N]] : memref<?x33xf32>, index) at 7
  frame.launch %frame @kernels::@scale count(%n) arguments(%x, %n : memref<?x33xf32>, index) at 7
  // CHECK: frame.copy %{{.*}} %[[X]] to %{{.*}} at 8 : memref<?x33xf32>
  frame.copy %frame %x to %y at 8 : memref<?x33xf32>
  return
}
