// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<55x3xf32>, %t0: tensor<2x5xf32>, %t1: tensor<2x11xf32>, %e: tensor<?x55xf32>) {
  // expected-error @+1 {{expected features of rank 3, but got 'tensor<55x3xf32>'}}
  %r = block.grid_statistics ins(%x : tensor<55x3xf32>) tables(%t0, %t1 : tensor<2x5xf32>, tensor<2x11xf32>) outs(%e : tensor<?x55xf32>) channels = [9, 9] -> tensor<?x55xf32>
  return
}

// -----

func.func @f(%x: tensor<?x55x?xf32>, %t0: tensor<2x5xf32>, %t1: tensor<2x11xf32>, %e: tensor<?x55xf32>) {
  // expected-error @+1 {{expected a static number of features, but got 'tensor<?x55x?xf32>'}}
  %r = block.grid_statistics ins(%x : tensor<?x55x?xf32>) tables(%t0, %t1 : tensor<2x5xf32>, tensor<2x11xf32>) outs(%e : tensor<?x55xf32>) channels = [9, 9] -> tensor<?x55xf32>
  return
}

// -----

func.func @f(%x: tensor<?x55x3xf32>, %t0: tensor<2x5xf32>, %t1: tensor<2x11xf32>, %e: tensor<?x55xf32>) {
  // expected-error @+1 {{expected channels for each of 2 tables, but got 1}}
  %r = block.grid_statistics ins(%x : tensor<?x55x3xf32>) tables(%t0, %t1 : tensor<2x5xf32>, tensor<2x11xf32>) outs(%e : tensor<?x55xf32>) channels = [9] -> tensor<?x55xf32>
  return
}

// -----

func.func @f(%x: tensor<?x55x3xf32>, %t0: tensor<2x5xf32>, %t1: tensor<2x11xf32>, %e: tensor<?x55xf32>) {
  // expected-error @+1 {{expected at least one channel of an axis, but got 0}}
  %r = block.grid_statistics ins(%x : tensor<?x55x3xf32>) tables(%t0, %t1 : tensor<2x5xf32>, tensor<2x11xf32>) outs(%e : tensor<?x55xf32>) channels = [9, 0] -> tensor<?x55xf32>
  return
}

// -----

func.func @f(%x: tensor<?x55x3xf32>, %t0: tensor<5xf32>, %t1: tensor<2x11xf32>, %e: tensor<?x55xf32>) {
  // expected-error @+1 {{expected a table [2, ?], but got 'tensor<5xf32>'}}
  %r = block.grid_statistics ins(%x : tensor<?x55x3xf32>) tables(%t0, %t1 : tensor<5xf32>, tensor<2x11xf32>) outs(%e : tensor<?x55xf32>) channels = [9, 9] -> tensor<?x55xf32>
  return
}

// -----

func.func @f(%x: tensor<?x55x3xf32>, %t0: tensor<3x5xf32>, %t1: tensor<2x11xf32>, %e: tensor<?x55xf32>) {
  // expected-error @+1 {{expected a table [2, 5], but got 'tensor<3x5xf32>'}}
  %r = block.grid_statistics ins(%x : tensor<?x55x3xf32>) tables(%t0, %t1 : tensor<3x5xf32>, tensor<2x11xf32>) outs(%e : tensor<?x55xf32>) channels = [9, 9] -> tensor<?x55xf32>
  return
}

// -----

func.func @f(%x: tensor<?x55x3xf32>, %t0: tensor<2x5xf32>, %t1: tensor<2x?xf32>, %e: tensor<?x55xf32>) {
  // expected-error @+1 {{expected tables of static length, but got 'tensor<2x?xf32>'}}
  %r = block.grid_statistics ins(%x : tensor<?x55x3xf32>) tables(%t0, %t1 : tensor<2x5xf32>, tensor<2x?xf32>) outs(%e : tensor<?x55xf32>) channels = [9, 9] -> tensor<?x55xf32>
  return
}

// -----

func.func @f(%x: tensor<?x55x3xf32>, %t0: tensor<2x5xf32>, %t1: tensor<2x12xf32>, %e: tensor<?x55xf32>) {
  // expected-error @+1 {{expected features of 60 points, but got 'tensor<?x55x3xf32>'}}
  %r = block.grid_statistics ins(%x : tensor<?x55x3xf32>) tables(%t0, %t1 : tensor<2x5xf32>, tensor<2x12xf32>) outs(%e : tensor<?x55xf32>) channels = [9, 9] -> tensor<?x55xf32>
  return
}

// -----

func.func @f(%x: tensor<?x55x3xf32>, %t0: tensor<2x5xf32>, %t1: tensor<2x11xf32>, %e: tensor<?x54xf32>) {
  // expected-error @+1 {{expected a destination [?, 55], but got 'tensor<?x54xf32>'}}
  %r = block.grid_statistics ins(%x : tensor<?x55x3xf32>) tables(%t0, %t1 : tensor<2x5xf32>, tensor<2x11xf32>) outs(%e : tensor<?x54xf32>) channels = [9, 9] -> tensor<?x54xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf64>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>) {
  // expected-error @+1 {{expected an accumulator and a sum of one type, that of the maximum or a wider one, but got 'tensor<?x2x19x7xf64>', 'tensor<?x2x7xf32>' and 'tensor<?x2x7xf32>'}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) outs(%a, %m, %s : tensor<?x2x19x7xf64>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf64>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>) {
  // expected-error @+1 {{expected a grid with axes of at least one point, but got array<i64: 5, 0>}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 0] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>) {
  // expected-error @+1 {{expected at least one head, but got 0}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 11] heads = 0 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>) {
  // expected-error @+1 {{expected features of 65 points, but got 'tensor<?x55x3xf32>'}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 13] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>) {
  // expected-error @+1 {{expected queries of rank 2 or 3, but got 'tensor<38xf32>'}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<7x39xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>) {
  // expected-error @+1 {{expected queries [7, 38], but got 'tensor<7x39xf32>'}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x39xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x54xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>) {
  // expected-error @+1 {{expected factors [?, 55], but got 'tensor<?x54xf32>'}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x54xf32>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x18x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>) {
  // expected-error @+1 {{expected an accumulator [?, 2, 19, 7], but got 'tensor<?x2x18x7xf32>'}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) outs(%a, %m, %s : tensor<?x2x18x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x18x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x8xf32>, %s: tensor<?x2x7xf32>) {
  // expected-error @+1 {{expected a maximum [?, 2, 7], but got 'tensor<?x2x8xf32>'}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x8xf32>, tensor<?x2x7xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x8xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x7x2xf32>) {
  // expected-error @+1 {{expected a sum [?, 2, 7], but got 'tensor<?x7x2xf32>'}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x7x2xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x7x2xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>, %k: tensor<?x5xi8>) {
  // expected-error @+1 {{expected a mask [?, 55], but got 'tensor<?x5xi8>'}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) mask(%k : tensor<?x5xi8>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>, %k: tensor<?x55xi1>) {
  // expected-error @+1 {{expected a mask of i8, but got 'tensor<?x55xi1>'}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) mask(%k : tensor<?x55xi1>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%q: tensor<7x38xf32>, %x: tensor<?x55x3xf32>, %r: tensor<?x55xf32>, %a: tensor<?x2x19x7xf32>, %m: tensor<?x2x7xf32>, %s: tensor<?x2x7xf32>) {
  // expected-error @+1 {{expected a scale that is finite in f32, times log2(e), but got INF}}
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>) outs(%a, %m, %s : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>) grid = [5, 11] heads = 2 scale = 0x7FF0000000000000 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// -----

func.func @f(%x: tensor<?x55x3xf32>, %e: tensor<?x55xf32>) {
  // expected-error @+1 {{expected at least one table}}
  %0 = "block.grid_statistics"(%x, %e) <{channels = array<i64>}> : (tensor<?x55x3xf32>, tensor<?x55xf32>) -> tensor<?x55xf32>
  return
}
