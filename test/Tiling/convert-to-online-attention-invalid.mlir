// RUN: perceiver-opt %s --perceiver-convert-to-online-attention -verify-diagnostics

func.func @on_memrefs(%q: memref<7x33xf32>, %k: memref<?x?x33xf32>, %o: memref<?x7x33xf32>) {
  // expected-error @+1 {{expected tensors: convert attention before bufferization}}
  block.attention ins(%q, %k, %k : memref<7x33xf32>, memref<?x?x33xf32>, memref<?x?x33xf32>)
      outs(%o : memref<?x7x33xf32>) heads = 1
  return
}
