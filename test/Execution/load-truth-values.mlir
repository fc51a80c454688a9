// RUN: perceiver-opt %s --perceiver-load-truth-values | FileCheck %s

// CHECK-LABEL: llvm.func @mask
// CHECK-SAME: (%[[P:.*]]: !llvm.ptr)
// CHECK-DAG: %[[BYTE:.*]] = llvm.load %[[P]] {alignment = 1 : i64} : !llvm.ptr -> i8
// CHECK-DAG: %[[ZERO:.*]] = llvm.mlir.constant(0 : i8) : i8
// CHECK: %[[TRUE:.*]] = llvm.icmp "ne" %[[BYTE]], %[[ZERO]] : i8
// CHECK-NOT: -> i1
// CHECK: llvm.return %[[TRUE]] : i1
llvm.func @mask(%p: !llvm.ptr) -> i1 {
  %0 = llvm.load %p {alignment = 1 : i64} : !llvm.ptr -> i1
  llvm.return %0 : i1
}

// Other types stay.

// CHECK-LABEL: llvm.func @bytes
// CHECK-NEXT: llvm.load {{.*}} : !llvm.ptr -> i8
// CHECK-NEXT: llvm.return
llvm.func @bytes(%p: !llvm.ptr) -> i8 {
  %0 = llvm.load %p : !llvm.ptr -> i8
  llvm.return %0 : i8
}
