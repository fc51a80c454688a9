// RUN: perceiver-opt %s --perceiver-gpu-lower-kernels -split-input-file -verify-diagnostics

// expected-error @+1 {{expected a kernel of one operation on arrays, but got 0}}
func.func @empty(%task: index) attributes {perceiver.kernel} {
  return
}

// -----

func.func @copy(%task: index, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
  %0 = frame.array %x() : memref<48xf32>
  %1 = frame.array %y() : memref<48xf32>
  // expected-error @+1 {{cannot become code of a GPU, which has no kernel for it}}
  linalg.copy ins(%0 : memref<48xf32>) outs(%1 : memref<48xf32>)
  return
}

// -----

// expected-error @+1 {{expected a view of an array of the kernel}}
func.func @foreign(%task: index, %x: memref<1x8x64xf32>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
  %0 = frame.array %y() : memref<1x8x64xf32>
  block.add ins(%x, %0 : memref<1x8x64xf32>, memref<1x8x64xf32>) outs(%0 : memref<1x8x64xf32>)
  return
}
