// RUN: perceiver-opt %s --split-input-file --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels -verify-diagnostics

func.func @online(%q: memref<?x8xf32>, %k: memref<1x5x8xf32>, %v: memref<1x5x4xf32>,
                  %acc: memref<1x1x4x?xf32>, %max: memref<1x1x?xf32>, %sum: memref<1x1x?xf32>) {
  // expected-error @+1 {{cannot lower 'block.online_attention' to vector code: expected a bounded number of queries; tile the loop over queries}}
  block.online_attention ins(%q, %k, %v : memref<?x8xf32>, memref<1x5x8xf32>, memref<1x5x4xf32>)
      outs(%acc, %max, %sum : memref<1x1x4x?xf32>, memref<1x1x?xf32>, memref<1x1x?xf32>) heads = 1 scale = 0.5
  return
}

// -----

func.func @finish(%y: memref<1x?x32xf32>, %acc: memref<1x1x32x?xf32>, %max: memref<1x1x?xf32>, %sum: memref<1x1x?xf32>) {
  // expected-error @+1 {{cannot lower 'block.finish_attention' to vector code: expected a bounded number of queries; tile the loop over queries}}
  block.finish_attention ins(%acc, %max, %sum : memref<1x1x32x?xf32>, memref<1x1x?xf32>, memref<1x1x?xf32>)
      outs(%y : memref<1x?x32xf32>)
  return
}
