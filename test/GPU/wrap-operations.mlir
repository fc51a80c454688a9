// RUN: perceiver-opt %s --pass-pipeline='builtin.module(func.func(perceiver-gpu-wrap-operations,perceiver-gpu-verify-phases))' | FileCheck %s

// CHECK-LABEL: func.func @run(
// CHECK:         scf.forall (%{{.*}}) in (1) {
// CHECK-NEXT:      block.layer_norm
// CHECK-NEXT:    }
// CHECK-NEXT:    scf.forall (%{{.*}}) in (8) {
// CHECK-NOT:       scf.forall
// CHECK:           block.layer_norm
// CHECK:         }
// CHECK-NEXT:    linalg.copy
func.func @run(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #frame.entry<sizes = [], arguments = [<name = "x", type = tensor<1x8x64xf32>>, <name = "y", type = tensor<1x8x64xf32>, output = true>]>} {
  %x = frame.argument %frame[0] () : memref<1x8x64xf32>
  %y = frame.argument %frame[1] () : memref<1x8x64xf32>
  %a = memref.alloc() : memref<1x8x64xf32>
  %b = memref.alloc() : memref<1x8x64xf32>
  block.layer_norm ins(%x : memref<1x8x64xf32>) outs(%a : memref<1x8x64xf32>)
  scf.forall (%r) in (8) {
    %0 = memref.subview %a[0, %r, 0] [1, 1, 64] [1, 1, 1] : memref<1x8x64xf32> to memref<1x1x64xf32, strided<[512, 64, 1], offset: ?>>
    %1 = memref.subview %b[0, %r, 0] [1, 1, 64] [1, 1, 1] : memref<1x8x64xf32> to memref<1x1x64xf32, strided<[512, 64, 1], offset: ?>>
    block.layer_norm ins(%0 : memref<1x1x64xf32, strided<[512, 64, 1], offset: ?>>) outs(%1 : memref<1x1x64xf32, strided<[512, 64, 1], offset: ?>>)
  }
  linalg.copy ins(%b : memref<1x8x64xf32>) outs(%y : memref<1x8x64xf32>)
  return
}

// The device copies arrays; parts of them are a kernel's work.

// CHECK-LABEL: func.func @part(
// CHECK:         %[[PART:.*]] = memref.subview
// CHECK:         scf.forall (%[[I:.*]]) in (8) {
// CHECK-NEXT:      %[[X:.*]] = memref.subview %[[PART]][%[[I]], 0] [1, 32] [1, 1]
// CHECK-NEXT:      %[[Y:.*]] = memref.subview %{{.*}}[%[[I]], 0] [1, 32] [1, 1]
// CHECK-NEXT:      linalg.copy ins(%[[X]] : {{.*}}) outs(%[[Y]] :
// CHECK-NEXT:    }
func.func @part(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #frame.entry<sizes = [], arguments = [<name = "x", type = tensor<8x64xi1>>, <name = "y", type = tensor<8x32xi1>, output = true>]>} {
  %x = frame.argument %frame[0] () : memref<8x64xi1>
  %y = frame.argument %frame[1] () : memref<8x32xi1>
  %part = memref.subview %x[0, 16] [8, 32] [1, 1] : memref<8x64xi1> to memref<8x32xi1, strided<[64, 1], offset: 16>>
  linalg.copy ins(%part : memref<8x32xi1, strided<[64, 1], offset: 16>>) outs(%y : memref<8x32xi1>)
  return
}
