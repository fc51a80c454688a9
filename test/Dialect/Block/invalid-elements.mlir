// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// All arrays of a block-level operation have floating-point elements of one
// type, but for ids, lengths and masks, and weights of fewer bits.

func.func @legal(%ids: tensor<7xi32>, %table: tensor<9x8xf16>, %y: tensor<7x8xf16>) {
  %0 = block.embed ins(%ids, %table : tensor<7xi32>, tensor<9x8xf16>) outs(%y : tensor<7x8xf16>) -> tensor<7x8xf16>
  return
}

// -----

func.func @f(%x: memref<8x16xi32>) {
  // expected-error @+1 {{expected a destination of floating-point elements, but got 'memref<8x16xi32>'}}
  block.add ins(%x, %x : memref<8x16xi32>, memref<8x16xi32>) outs(%x : memref<8x16xi32>)
  return
}

// -----

func.func @f(%a: tensor<7x5xf32>, %b: tensor<7x5xf16>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'tensor<7x5xf16>'}}
  %0 = block.add ins(%a, %b : tensor<7x5xf32>, tensor<7x5xf16>) outs(%a : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %g: tensor<5xbf16>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'tensor<5xbf16>'}}
  %0 = block.layer_norm ins(%x : tensor<7x5xf32>) affine(%g, %g : tensor<5xbf16>, tensor<5xbf16>)
      outs(%x : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<5x9xi8>, %y: tensor<7x9xf32>) {
  // expected-error @+1 {{expected a weight of floating-point elements, but got 'tensor<5x9xi8>'}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<5x9xi8>) outs(%y : tensor<7x9xf32>) -> tensor<7x9xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<5x9xf16>, %b: tensor<9xf16>, %y: tensor<7x9xf32>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'tensor<9xf16>'}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<5x9xf16>) bias(%b : tensor<9xf16>)
      outs(%y : tensor<7x9xf32>) -> tensor<7x9xf32>
  return
}

// -----

func.func @f(%w: tensor<5x16xf16>, %p: tensor<1x5x16xf32>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'tensor<5x16xf16>'}}
  %0 = block.pack_weight ins(%w : tensor<5x16xf16>) outs(%p : tensor<1x5x16xf32>)
      layout = #block.panels<columns = 16, lanes = 16> -> tensor<1x5x16xf32>
  return
}

// -----

func.func @f(%t: tensor<7x5xi32>) {
  // expected-error @+1 {{expected a destination of floating-point elements, but got 'tensor<7x5xi32>'}}
  %0 = block.axis_table outs(%t : tensor<7x5xi32>) {bands = 2 : i64, max_frequency = 3.5 : f64} -> tensor<7x5xi32>
  return
}

// -----

func.func @f(%t: tensor<7x5xf64>, %p: tensor<7x5xf32>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'tensor<7x5xf64>'}}
  %0 = block.grid_positions tables(%t : tensor<7x5xf64>) outs(%p : tensor<7x5xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xi8>, %y: tensor<7x5xf32>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'tensor<7x5xi8>'}}
  %0 = block.concat_channels ins(%x : tensor<7x5xi8>) outs(%y : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%ids: tensor<7xi32>, %table: tensor<9x8xf16>, %y: tensor<7x8xf32>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'tensor<9x8xf16>'}}
  %0 = block.embed ins(%ids, %table : tensor<7xi32>, tensor<9x8xf16>) outs(%y : tensor<7x8xf32>) -> tensor<7x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x5x7xi8>, %y: tensor<1x7x5xf32>) {
  // expected-error @+1 {{expected arrays of the same elements, but got 'tensor<1x5x7xi8>' and 'tensor<1x7x5xf32>'}}
  %0 = block.transpose ins(%x : tensor<1x5x7xi8>) outs(%y : tensor<1x7x5xf32>) permutation = [0, 2, 1] -> tensor<1x7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<1x7x5xf64>, %y: tensor<1x1x5xf32>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'tensor<1x7x5xf64>'}}
  %0 = block.mean_rows ins(%x : tensor<1x7x5xf64>) outs(%y : tensor<1x1x5xf32>) -> tensor<1x1x5xf32>
  return
}

// -----

func.func @f(%q: tensor<1x7x5xf32>, %k: tensor<1x9x5xf16>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'tensor<1x9x5xf16>'}}
  %0 = block.attention ins(%q, %k, %k : tensor<1x7x5xf32>, tensor<1x9x5xf16>, tensor<1x9x5xf16>)
      outs(%q : tensor<1x7x5xf32>) heads = 1 -> tensor<1x7x5xf32>
  return
}

// -----

func.func @f(%q: memref<1x7x5xf16>, %a: memref<1x1x5x7xf64>, %m: memref<1x1x7xf32>, %s: memref<1x1x7xf64>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'memref<1x7x5xf16>'}}
  block.online_attention ins(%q, %q, %q : memref<1x7x5xf16>, memref<1x7x5xf16>, memref<1x7x5xf16>)
      outs(%a, %m, %s : memref<1x1x5x7xf64>, memref<1x1x7xf32>, memref<1x1x7xf64>) heads = 1 scale = 1.0
  return
}

// -----

// The sums of a state may be wider than its maximum, but not narrower.

func.func @f(%q: memref<1x7x5xf32>, %a: memref<1x1x5x7xf16>, %m: memref<1x1x7xf32>, %s: memref<1x1x7xf16>) {
  // expected-error @+1 {{expected an accumulator and a sum of one type, that of the maximum or a wider one, but got 'memref<1x1x5x7xf16>', 'memref<1x1x7xf16>' and 'memref<1x1x7xf32>'}}
  block.online_attention ins(%q, %q, %q : memref<1x7x5xf32>, memref<1x7x5xf32>, memref<1x7x5xf32>)
      outs(%a, %m, %s : memref<1x1x5x7xf16>, memref<1x1x7xf32>, memref<1x1x7xf16>) heads = 1 scale = 1.0
  return
}

// -----

func.func @f(%as: memref<2x1x1x5x7xf64>, %ms: memref<2x1x1x7xf32>, %a: memref<1x1x5x7xf32>, %m: memref<1x1x7xf32>) {
  // expected-error @+1 {{expected an accumulator and a sum of one type, that of the maximum or a wider one, but got 'memref<2x1x1x5x7xf64>', 'memref<2x1x1x7xf32>' and 'memref<2x1x1x7xf32>'}}
  block.merge_attention ins(%as, %ms, %ms : memref<2x1x1x5x7xf64>, memref<2x1x1x7xf32>, memref<2x1x1x7xf32>)
      outs(%a, %m, %m : memref<1x1x5x7xf32>, memref<1x1x7xf32>, memref<1x1x7xf32>)
  return
}

// -----

func.func @f(%a: memref<1x1x5x7xf32>, %m: memref<1x1x7xf32>, %s: memref<1x1x7xf32>, %y: memref<1x7x5xf16>) {
  // expected-error @+1 {{expected arrays of 'f16' like the destination, but got 'memref<1x1x7xf32>'}}
  block.finish_attention ins(%a, %m, %s : memref<1x1x5x7xf32>, memref<1x1x7xf32>, memref<1x1x7xf32>)
      outs(%y : memref<1x7x5xf16>)
  return
}
