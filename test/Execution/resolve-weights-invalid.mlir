// RUN: perceiver-opt %s --perceiver-resolve-weights -split-input-file -verify-diagnostics

block.weight @w : tensor<7x33xf32>
func.func @run(%frame: !llvm.ptr) -> memref<7x33xf32> {
  // expected-error @+1 {{expected @w to have an offset in the weight file}}
  %a = block.get_weight @w : memref<7x33xf32>
  return %a : memref<7x33xf32>
}

// -----

block.weight @w : tensor<7x33xf32> {offset = 64 : i64, stride = 960 : i64}
func.func @run() -> memref<7x33xf32> {
  // expected-error @+1 {{expected a function that takes the frame; run perceiver-lower-entries first}}
  %a = block.get_weight @w : memref<7x33xf32>
  return %a : memref<7x33xf32>
}
