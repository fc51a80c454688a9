// RUN: perceiver-opt %s --perceiver-gpu-annotate-kernels -split-input-file | FileCheck %s

// Buffers and weights are aligned and apart from each other; an argument is
// aligned to its element. What overlaps something that is written promises
// nothing.

// CHECK-LABEL: func.func @residual(
// CHECK-SAME:    %{{[a-z0-9]+}}: index, %{{[a-z0-9]+}}: !llvm.ptr<1> {llvm.noalias, llvm.readonly},
// CHECK-SAME:    %{{[a-z0-9]+}}: !llvm.ptr<1> {llvm.align = 16 : i64, llvm.noalias, llvm.readonly},
// CHECK-SAME:    %{{[a-z0-9]+}}: !llvm.ptr<1> {llvm.align = 16 : i64},
// CHECK-SAME:    %{{[a-z0-9]+}}: !llvm.ptr<1> {llvm.align = 16 : i64})
module @kernels {
  func.func @residual(%task: index, %x: !llvm.ptr<1>, %w: !llvm.ptr<1>, %r: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
    %0 = frame.array %x() : memref<8x16xf32>
    %1 = frame.array %w() : memref<16x48xf32>
    %2 = frame.array %r() : memref<8x48xf32>
    %3 = frame.array %y() : memref<8x48xf32>
    block.linear ins(%0, %1 : memref<8x16xf32>, memref<16x48xf32>) residual(%2 : memref<8x48xf32>) outs(%3 : memref<8x48xf32>)
    return
  }
}
func.func @run(%frame: !llvm.ptr) {
  %c1 = arith.constant 1 : index
  %x = frame.argument %frame[0] () : memref<8x16xf32>
  %w = frame.weight %frame at 0 : memref<16x48xf32>
  %y = memref.alloc() : memref<8x48xf32>
  frame.launch %frame @kernels::@residual count(%c1) arguments(%x, %w, %y, %y : memref<8x16xf32>, memref<16x48xf32>, memref<8x48xf32>, memref<8x48xf32>) at 0
  return
}

// -----

// What a loop carries is one of several buffers.

// CHECK-LABEL: func.func @norm(
// CHECK-SAME:    %{{[a-z0-9]+}}: index, %{{[a-z0-9]+}}: !llvm.ptr<1> {llvm.align = 16 : i64},
// CHECK-SAME:    %{{[a-z0-9]+}}: !llvm.ptr<1> {llvm.align = 16 : i64})
module @kernels {
  func.func @norm(%task: index, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
    %0 = frame.array %x() : memref<8x48xf32>
    %1 = frame.array %y() : memref<8x48xf32>
    block.layer_norm ins(%0 : memref<8x48xf32>) outs(%1 : memref<8x48xf32>)
    return
  }
}
func.func @run(%frame: !llvm.ptr, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<8x48xf32>
  %b = memref.alloc() : memref<8x48xf32>
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (memref<8x48xf32>, memref<8x48xf32>) {
    frame.launch %frame @kernels::@norm count(%c1) arguments(%x, %y : memref<8x48xf32>, memref<8x48xf32>) at 0
    scf.yield %y, %x : memref<8x48xf32>, memref<8x48xf32>
  }
  return
}
