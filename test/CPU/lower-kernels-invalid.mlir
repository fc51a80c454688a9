// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels -split-input-file -verify-diagnostics
// RUN: not perceiver-opt %s --perceiver-lower-kernels -split-input-file 2>&1 | FileCheck %s

// CHECK: error: expected a module with 'perceiver.target', but got none; run perceiver-set-target

func.func @no_kernel(%w: memref<33x7xf32>, %p: memref<1x33x16xf32>) {
  // expected-error @+1 {{cannot lower 'block.pack_weight' to vector code: it is computed with the weights, from parameters alone, and takes at most 1 GiB}}
  block.pack_weight ins(%w : memref<33x7xf32>) outs(%p : memref<1x33x16xf32>) layout = #block.panels<columns = 7, lanes = 16>
  return
}

// -----

func.func @half(%a: memref<7x33xf16>) {
  // expected-error @+1 {{cannot lower 'block.add' to vector code: expected float32 arrays, but got 'memref<7x33xf16>'}}
  block.add ins(%a, %a : memref<7x33xf16>, memref<7x33xf16>) outs(%a : memref<7x33xf16>)
  return
}

// -----

func.func @not_packed(%x: memref<7x33xf32>, %w: memref<33x7xf32>, %y: memref<7x7xf32>) {
  // expected-error @+1 {{cannot lower 'block.linear' to vector code: expected a weight packed in panels}}
  block.linear ins(%x, %w : memref<7x33xf32>, memref<33x7xf32>) outs(%y : memref<7x7xf32>)
  return
}

// -----

func.func @other_vectors(%x: memref<7x33xf32>, %w: memref<1x33x8xf32>, %y: memref<7x7xf32>) {
  // expected-error @+1 {{cannot lower 'block.linear' to vector code: expected panels of whole vectors of the target}}
  block.linear ins(%x, %w : memref<7x33xf32>, memref<1x33x8xf32>) outs(%y : memref<7x7xf32>)
      {layout = #block.panels<columns = 7, lanes = 8>}
  return
}

// -----

func.func @channels(%x: memref<7x?xf32>) {
  // expected-error @+1 {{cannot lower 'block.layer_norm' to vector code: expected static channels}}
  block.layer_norm ins(%x : memref<7x?xf32>) outs(%x : memref<7x?xf32>)
  return
}

// -----

func.func @keys(%q: memref<7x5xf32>, %k: memref<1x?x5xf32>, %a: memref<1x1x5x7xf32>, %m: memref<1x1x7xf32>) {
  // expected-error @+1 {{cannot lower 'block.online_attention' to vector code: expected a bounded number of keys; tile the loop over keys}}
  block.online_attention ins(%q, %k, %k : memref<7x5xf32>, memref<1x?x5xf32>, memref<1x?x5xf32>)
      outs(%a, %m, %m : memref<1x1x5x7xf32>, memref<1x1x7xf32>, memref<1x1x7xf32>) heads = 1 scale = 1.0
  return
}

// -----

func.func @queries(%q: memref<?x5xf32>, %k: memref<1x7x5xf32>, %a: memref<1x1x5x?xf32>, %m: memref<1x1x?xf32>) {
  // expected-error @+1 {{cannot lower 'block.online_attention' to vector code: expected a bounded number of queries; tile the loop over queries}}
  block.online_attention ins(%q, %k, %k : memref<?x5xf32>, memref<1x7x5xf32>, memref<1x7x5xf32>)
      outs(%a, %m, %m : memref<1x1x5x?xf32>, memref<1x1x?xf32>, memref<1x1x?xf32>) heads = 1 scale = 1.0
  return
}

// -----

func.func @every_second_channel(%x: memref<7x8xf32, strided<[16, 2]>>, %y: memref<7x8xf32>) {
  // expected-error @+1 {{cannot lower 'block.layer_norm' to vector code: expected rows that are contiguous, but got 'memref<7x8xf32, strided<[16, 2]>>'}}
  block.layer_norm ins(%x : memref<7x8xf32, strided<[16, 2]>>) outs(%y : memref<7x8xf32>)
  return
}

// -----

func.func @read_by_element(%x: memref<1x8x7xf32, strided<[112, 14, 2]>>, %ids: memref<7xi64, strided<[2]>>,
                           %w: memref<9x8xf32>, %y: memref<1x7x8xf32>, %z: memref<7x8xf32>) {
  block.transpose ins(%x : memref<1x8x7xf32, strided<[112, 14, 2]>>) outs(%y : memref<1x7x8xf32>) permutation = [0, 2, 1]
  block.embed ins(%ids, %w : memref<7xi64, strided<[2]>>, memref<9x8xf32>) outs(%z : memref<7x8xf32>)
  return
}

// -----

func.func @table(%t: memref<8x9xf32>) {
  // expected-error @+1 {{cannot lower 'block.axis_table' to vector code: it is computed with the weights, from parameters alone, and takes at most 1 GiB}}
  block.axis_table outs(%t : memref<8x9xf32>) {bands = 4 : i64, max_frequency = 4.0 : f64}
  return
}
