// RUN: perceiver-opt %s --perceiver-gpu-outline-kernels -split-input-file -verify-diagnostics

func.func @run(%frame: !llvm.ptr, %x: memref<8x64xf32, strided<[128, 1]>>, %y: memref<8x64xf32>) attributes {perceiver.entry} {
  // expected-error @+1 {{expected contiguous arrays, but got 'memref<8x64xf32, strided<[128, 1]>>'}}
  scf.forall (%r) in (8) {
    block.layer_norm ins(%x : memref<8x64xf32, strided<[128, 1]>>) outs(%y : memref<8x64xf32>)
  }
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %x: memref<8x64xf32>, %y: memref<8x64xf32>, %k: f32) attributes {perceiver.entry} {
  // expected-error @+1 {{expected to use sizes and arrays, but got 'f32'}}
  scf.forall (%r) in (8) {
    linalg.fill ins(%k : f32) outs(%y : memref<8x64xf32>)
  }
  return
}

// -----

// expected-error @+1 {{expected a function that takes the frame; run perceiver-lower-entries first}}
func.func @run(%x: memref<8x64xf32>) attributes {perceiver.entry} {
  return
}
