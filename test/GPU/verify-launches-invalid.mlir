// RUN: perceiver-opt %s --pass-pipeline='builtin.module(func.func(perceiver-gpu-verify-launches))' -split-input-file -verify-diagnostics

#entry = #frame.entry<sizes = [], arguments = [<name = "x", type = tensor<8x4xf32>>, <name = "y", type = tensor<8x2xf32>, output = true>], buffers = [<first = 3, last = 5, size = [0, 128]>]>

module @kernels {
  func.func @copy(%task: index, %from: !llvm.ptr<1>, %to: !llvm.ptr<1>) {
    %0 = frame.array %from() : memref<8x4xf32>
    %1 = frame.array %to() : memref<8x4xf32>
    linalg.copy ins(%0 : memref<8x4xf32>) outs(%1 : memref<8x4xf32>)
    return
  }
}

func.func @early(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  %c1 = arith.constant 1 : index
  %x = frame.argument %frame[0] () : memref<8x4xf32>
  %b = frame.buffer %frame[0] () : memref<8x4xf32>
  frame.launch %frame @kernels::@copy count(%c1) arguments(%x, %b : memref<8x4xf32>, memref<8x4xf32>) at 3
  frame.copy %frame %x to %b at 5 : memref<8x4xf32>
  // expected-error @+1 {{'frame.launch' op expected a step from 3 to 5, when buffer 0 is live, but got 2}}
  frame.launch %frame @kernels::@copy count(%c1) arguments(%x, %b : memref<8x4xf32>, memref<8x4xf32>) at 2
  return
}

func.func @late(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  %x = frame.argument %frame[0] () : memref<8x4xf32>
  %b = frame.buffer %frame[0] () : memref<8x4xf32>
  // expected-error @+1 {{'frame.copy' op expected a step from 3 to 5, when buffer 0 is live, but got 6}}
  frame.copy %frame %b to %x at 6 : memref<8x4xf32>
  return
}

func.func @exchanged(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  %c1 = arith.constant 1 : index
  %x = frame.argument %frame[0] () : memref<8x4xf32>
  %y = frame.argument %frame[1] () : memref<8x2xf32>
  // expected-error @+1 {{'frame.launch' op expected 'memref<8x4xf32>' for argument 1 of @kernels::@copy, but got 'memref<8x2xf32>'}}
  frame.launch %frame @kernels::@copy count(%c1) arguments(%x, %y : memref<8x4xf32>, memref<8x2xf32>) at 3
  return
}

// What runs on the host has no array.

func.func @host(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  %c1 = arith.constant 1 : index
  %x = frame.argument %frame[0] () : memref<8x4xf32>
  // expected-error @+1 {{'memref.load' op expected arrays to be accessed by kernels and copies of the device only}}
  %0 = memref.load %x[%c1, %c1] : memref<8x4xf32>
  return
}
