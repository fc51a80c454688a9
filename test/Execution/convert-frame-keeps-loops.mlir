// RUN: perceiver-opt %s --perceiver-convert-frame-to-llvm | FileCheck %s

// A loop over phases is not unrolled; one that runs none is LLVM's to judge.

// CHECK: #[[ANNOTATION:.*]] = #llvm.loop_annotation<unroll = {{.*}}>
// CHECK-LABEL: func.func @run
// CHECK: scf.for
// CHECK: llvm.call
// CHECK: } {llvm.loop_annotation = #[[ANNOTATION]]}
// CHECK: scf.for
// CHECK: memref.store
// CHECK-NOT: llvm.loop_annotation
func.func @run(%frame: !llvm.ptr, %m: memref<8xindex>) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %c8 step %c1 {
    frame.run_tasks %frame @task count(%c8) captures(%i : index)
  }
  scf.for %i = %c0 to %c8 step %c1 {
    memref.store %i, %m[%i] : memref<8xindex>
  }
  return
}
func.func private @task(%frame: !llvm.ptr, %task: index, %worker: index, %i: index) {
  return
}
