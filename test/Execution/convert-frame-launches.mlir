// RUN: perceiver-opt %s --perceiver-convert-frame-to-llvm | FileCheck %s

// A launch is a call of the runtime with the number of the kernel, its place in
// the module of kernels; a table holds the addresses of its parameters, the
// first of which is the number of the first task.

module @kernels {
  llvm.func @first(%first: i64) {
    llvm.return
  }
  llvm.mlir.global external @memory() {addr_space = 3 : i32} : !llvm.array<0 x i8>
  llvm.func @second(%first: i64, %x: !llvm.ptr<1>, %n: i64) {
    llvm.return
  }
}

// CHECK-LABEL: func.func @launch(
// CHECK-SAME:    %[[FRAME:.*]]: !llvm.ptr
// CHECK-DAG:     %[[VALUES:.*]] = llvm.alloca %{{.*}} x !llvm.struct<(i64, ptr, i64)>
// CHECK-DAG:     %[[TABLE:.*]] = llvm.alloca %{{.*}} x !llvm.array<3 x ptr>
// CHECK:         %[[ZERO:.*]] = llvm.mlir.constant(0 : i64) : i64
// CHECK:         %[[V0:.*]] = llvm.getelementptr %[[VALUES]][0, 0]
// CHECK:         llvm.store %[[ZERO]], %[[V0]]
// CHECK:         %[[T0:.*]] = llvm.getelementptr %[[TABLE]][0, 0]
// CHECK:         llvm.store %[[V0]], %[[T0]]
// CHECK:         %[[KERNEL:.*]] = llvm.mlir.constant(1 : i32) : i32
// CHECK:         %[[POSITION:.*]] = llvm.mlir.constant(7 : i32) : i32
// CHECK:         %[[AT:.*]] = llvm.getelementptr %[[FRAME]][64]
// CHECK:         %[[LAUNCHER:.*]] = llvm.load %[[AT]] invariant
// CHECK:         %[[LAUNCH:.*]] = llvm.load %[[LAUNCHER]] invariant
// CHECK:         llvm.call %[[LAUNCH]](%[[FRAME]], %[[KERNEL]], %[[POSITION]], %{{.*}}, %[[TABLE]])
func.func @launch(%frame: !llvm.ptr) {
  %n = frame.size %frame[0]
  %x = frame.argument %frame[0] (%n) : memref<?x33xf32>
  frame.launch %frame @kernels::@second count(%n) arguments(%x, %n : memref<?x33xf32>, index) at 7
  return
}

// CHECK-LABEL: func.func @copy(
// CHECK-SAME:    %[[FRAME:.*]]: !llvm.ptr
// CHECK:         %[[SIZE:.*]] = llvm.mlir.constant(4 : i64) : i64
// CHECK:         llvm.mul %[[SIZE]], %{{.*}} : i64
// CHECK:         %[[POSITION:.*]] = llvm.mlir.constant(3 : i32) : i32
// CHECK:         llvm.getelementptr %{{.*}}[8]
// CHECK:         llvm.call %{{.*}}(%[[FRAME]], %[[POSITION]], %{{.*}}, %{{.*}}, %{{.*}})
func.func @copy(%frame: !llvm.ptr) {
  %n = frame.size %frame[0]
  %x = frame.argument %frame[0] (%n) : memref<?x33xf32>
  %y = frame.argument %frame[1] (%n) : memref<?x33xf32>
  frame.copy %frame %x to %y at 3 : memref<?x33xf32>
  return
}
