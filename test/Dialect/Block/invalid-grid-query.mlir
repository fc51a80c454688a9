// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf64>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected an accumulator and a sum of one type, that of the maximum or a wider one, but got 'tensor<?x2x5x55xf64>', 'tensor<?x2x55xf32>' and 'tensor<?x2x55xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf64>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf64>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected a grid with axes of at least one point, but got array<i64: 5, 0>}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 0] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected at least one head, but got 0}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 0 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected a key and a value of rank 3, but got 'tensor<9x38xf32>' and 'tensor<?x9x10xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55x1xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected factors of rank 1 or 2, but got 'tensor<?x55x1xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55x1xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x54xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected factors of 55 points, but got 'tensor<?x54xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x54xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x?xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected factors of 55 points, but got 'tensor<?x?xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x?xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x56xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %i: index, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected factors of 55 points, but got 'tensor<?x56xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x56xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) offset(%i) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<2x55xf32>, %k: tensor<3x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected factors [3, 55], but got 'tensor<2x55xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<2x55xf32>, tensor<3x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected features of rank 3, but got 'tensor<55x3xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x?xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x?xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected a static number of features, but got 'tensor<?x55x?xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x?xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x?xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x54x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected features [?, 55, 3], but got 'tensor<?x54x3xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x54x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x37xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected keys [?, 9, 38], but got 'tensor<?x9x37xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x37xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x9xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected values with channels for each of 2 heads, but got 'tensor<?x9x9xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x9xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x8x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected values [?, 9, 10], but got 'tensor<?x8x10xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x8x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %c: tensor<?x1x9xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected a score bias [?, 2, 9], but got 'tensor<?x1x9xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) score_bias(%c : tensor<?x1x9xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %m8: tensor<?x8xi8>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected a mask [?, 9], but got 'tensor<?x8xi8>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) mask(%m8 : tensor<?x8xi8>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %m8: tensor<?x9xi1>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected a mask of i8, but got 'tensor<?x9xi1>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) mask(%m8 : tensor<?x9xi1>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x6x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected an accumulator [?, 2, 5, 55], but got 'tensor<?x2x6x55xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x6x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x6x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x54xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected a maximum [?, 2, 55], but got 'tensor<?x2x54xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x54xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x54xf32>, tensor<?x2x55xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x55x2xf32>) {
  // expected-error @+1 {{expected a sum [?, 2, 55], but got 'tensor<?x55x2xf32>'}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x55x2xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x55x2xf32>
  return
}

// -----

func.func @f(%r: tensor<?x55xf32>, %k: tensor<?x9x38xf32>, %v: tensor<?x9x10xf32>, %f: tensor<?x55x3xf32>, %a: tensor<?x2x5x55xf32>, %m: tensor<?x2x55xf32>, %s: tensor<?x2x55xf32>) {
  // expected-error @+1 {{expected a scale that is finite in f32, times log2(e), but got INF}}
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>) features(%f : tensor<?x55x3xf32>) outs(%a, %m, %s : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>) grid = [5, 11] heads = 2 scale = 0x7FF0000000000000 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
  return
}
