// RUN: perceiver-opt %s --perceiver-attach-loop-annotations | FileCheck %s

// CHECK: #[[UNROLL:.*]] = #llvm.loop_unroll<disable = true>
// CHECK: #[[ANNOTATION:.*]] = #llvm.loop_annotation<unroll = #[[UNROLL]]>
#annotation = #llvm.loop_annotation<unroll = <disable = true>>

// CHECK-LABEL: llvm.func @loop
// CHECK: llvm.br ^bb{{.*}} {loop_annotation = #[[ANNOTATION]]}
// CHECK-NOT: llvm.loop_annotation
llvm.func @loop(%n: i64) {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  llvm.br ^head(%zero : i64)
^head(%i: i64):
  %more = llvm.icmp "slt" %i, %n : i64
  llvm.cond_br %more, ^body, ^end
^body:
  %next = llvm.add %i, %one : i64
  llvm.br ^head(%next : i64) {llvm.loop_annotation = #annotation}
^end:
  llvm.return
}
