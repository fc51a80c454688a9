// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %a: tensor<?x3x5x3xf32>, %m: tensor<?x3x5xf32>, %s: tensor<?x3x5xf32>) {
  // expected-error @+1 {{expected an accumulator [?, 3, 3, 5], but got 'tensor<?x3x5x3xf32>'}}
  %0, %1, %2 = block.online_attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) outs(%a, %m, %s : tensor<?x3x5x3xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>) heads = 3 scale = 0.5 -> tensor<?x3x5x3xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %a: tensor<?x3x3x5xf32>, %m: tensor<?x5x3xf32>, %s: tensor<?x3x5xf32>) {
  // expected-error @+1 {{expected a maximum [?, 3, 5], but got 'tensor<?x5x3xf32>'}}
  %0, %1, %2 = block.online_attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) outs(%a, %m, %s : tensor<?x3x3x5xf32>, tensor<?x5x3xf32>, tensor<?x3x5xf32>) heads = 3 scale = 0.5 -> tensor<?x3x3x5xf32>, tensor<?x5x3xf32>, tensor<?x3x5xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %a: tensor<?x3x3x5xf32>, %m: tensor<?x3x5xf32>, %s: tensor<?x5x3xf32>) {
  // expected-error @+1 {{expected a sum [?, 3, 5], but got 'tensor<?x5x3xf32>'}}
  %0, %1, %2 = block.online_attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) outs(%a, %m, %s : tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x5x3xf32>) heads = 3 scale = 0.5 -> tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x5x3xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %a: tensor<?x3x3x5xf32>, %m: tensor<?x3x5xf32>, %s: tensor<?x3x5xf32>, %mask: tensor<?x7xi1>) {
  // expected-error @+1 {{expected a mask of i8, but got 'tensor<?x7xi1>'}}
  %0, %1, %2 = block.online_attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) mask(%mask : tensor<?x7xi1>) outs(%a, %m, %s : tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>) heads = 3 scale = 0.5 -> tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %a: tensor<?x3x3x5xf32>, %m: tensor<?x3x5xf32>, %s: tensor<?x3x5xf32>, %mask: tensor<?x8xi8>) {
  // expected-error @+1 {{expected a mask [?, 7], but got 'tensor<?x8xi8>'}}
  %0, %1, %2 = block.online_attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) mask(%mask : tensor<?x8xi8>) outs(%a, %m, %s : tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>) heads = 3 scale = 0.5 -> tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %a: tensor<?x3x3x5xf32>, %m: tensor<?x3x5xf32>, %s: tensor<?x3x5xf32>) {
  // expected-error @+1 {{expected a scale that is finite in f32, times log2(e), but got INF}}
  %0, %1, %2 = block.online_attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) outs(%a, %m, %s : tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>) heads = 3 scale = 0x7FF0000000000000 -> tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>
  return
}

// -----

func.func @f(%as: tensor<4x?x1x3x5xf32>, %ms: tensor<4x?x1x5xf32>, %ss: tensor<4x?x1x5xf32>, %a: tensor<?x3x5xf32>, %m: tensor<?x1x5xf32>, %s: tensor<?x1x5xf32>) {
  // expected-error @+1 {{expected destinations of rank 4, 3 and 3, but got 'tensor<?x3x5xf32>'}}
  %0, %1, %2 = block.merge_attention ins(%as, %ms, %ss : tensor<4x?x1x3x5xf32>, tensor<4x?x1x5xf32>, tensor<4x?x1x5xf32>) outs(%a, %m, %s : tensor<?x3x5xf32>, tensor<?x1x5xf32>, tensor<?x1x5xf32>) -> tensor<?x3x5xf32>, tensor<?x1x5xf32>, tensor<?x1x5xf32>
  return
}

// -----

func.func @f(%as: tensor<4x?x1x3x6xf32>, %ms: tensor<4x?x1x5xf32>, %ss: tensor<4x?x1x5xf32>, %a: tensor<?x1x3x5xf32>, %m: tensor<?x1x5xf32>, %s: tensor<?x1x5xf32>) {
  // expected-error @+1 {{expected parts [4, ?, 1, 3, 5], but got 'tensor<4x?x1x3x6xf32>'}}
  %0, %1, %2 = block.merge_attention ins(%as, %ms, %ss : tensor<4x?x1x3x6xf32>, tensor<4x?x1x5xf32>, tensor<4x?x1x5xf32>) outs(%a, %m, %s : tensor<?x1x3x5xf32>, tensor<?x1x5xf32>, tensor<?x1x5xf32>) -> tensor<?x1x3x5xf32>, tensor<?x1x5xf32>, tensor<?x1x5xf32>
  return
}

// -----

func.func @f(%a: tensor<?x3x5xf32>, %m: tensor<?x2x5xf32>, %s: tensor<?x2x5xf32>, %y: tensor<?x5x6xf32>) {
  // expected-error @+1 {{expected an accumulator of rank 4, but got 'tensor<?x3x5xf32>'}}
  %0 = block.finish_attention ins(%a, %m, %s : tensor<?x3x5xf32>, tensor<?x2x5xf32>, tensor<?x2x5xf32>)
      outs(%y : tensor<?x5x6xf32>) -> tensor<?x5x6xf32>
  return
}

// -----

func.func @f(%a: tensor<?x?x3x5xf32>, %m: tensor<?x2x5xf32>, %s: tensor<?x2x5xf32>, %y: tensor<?x5x6xf32>) {
  // expected-error @+1 {{expected static heads and channels, but got 'tensor<?x?x3x5xf32>'}}
  %0 = block.finish_attention ins(%a, %m, %s : tensor<?x?x3x5xf32>, tensor<?x2x5xf32>, tensor<?x2x5xf32>)
      outs(%y : tensor<?x5x6xf32>) -> tensor<?x5x6xf32>
  return
}

// -----

func.func @f(%a: tensor<?x2x3x5xf32>, %m: tensor<?x3x5xf32>, %s: tensor<?x2x5xf32>, %y: tensor<?x5x6xf32>) {
  // expected-error @+1 {{expected a maximum [?, 2, 5], but got 'tensor<?x3x5xf32>'}}
  %0 = block.finish_attention ins(%a, %m, %s : tensor<?x2x3x5xf32>, tensor<?x3x5xf32>, tensor<?x2x5xf32>)
      outs(%y : tensor<?x5x6xf32>) -> tensor<?x5x6xf32>
  return
}

// -----

func.func @f(%a: tensor<?x2x3x5xf32>, %m: tensor<?x2x5xf32>, %s: tensor<?x2x6xf32>, %y: tensor<?x5x6xf32>) {
  // expected-error @+1 {{expected a sum [?, 2, 5], but got 'tensor<?x2x6xf32>'}}
  %0 = block.finish_attention ins(%a, %m, %s : tensor<?x2x3x5xf32>, tensor<?x2x5xf32>, tensor<?x2x6xf32>)
      outs(%y : tensor<?x5x6xf32>) -> tensor<?x5x6xf32>
  return
}

// -----

func.func @f(%a: tensor<?x2x3x5xf32>, %m: tensor<?x2x5xf32>, %s: tensor<?x2x5xf32>, %y: tensor<?x5x7xf32>) {
  // expected-error @+1 {{expected a destination [?, 5, 6], but got 'tensor<?x5x7xf32>'}}
  %0 = block.finish_attention ins(%a, %m, %s : tensor<?x2x3x5xf32>, tensor<?x2x5xf32>, tensor<?x2x5xf32>)
      outs(%y : tensor<?x5x7xf32>) -> tensor<?x5x7xf32>
  return
}

// -----

func.func @f(%a: tensor<?x2x3x5xf32>, %m: tensor<?x2x5xf32>) {
  // expected-error @+1 {{expected one destination, or two with the log-sum-exp, but got 0}}
  "block.finish_attention"(%a, %m, %m) : (tensor<?x2x3x5xf32>, tensor<?x2x5xf32>, tensor<?x2x5xf32>) -> ()
  return
}

// -----

func.func @f(%a: tensor<?x2x3x5xf32>, %m: tensor<?x2x5xf32>, %y: tensor<?x5x6xf32>, %l: tensor<?x5x2xf32>) {
  // expected-error @+1 {{expected a log-sum-exp [?, 2, 5], but got 'tensor<?x5x2xf32>'}}
  %0, %1 = block.finish_attention ins(%a, %m, %m : tensor<?x2x3x5xf32>, tensor<?x2x5xf32>, tensor<?x2x5xf32>) outs(%y, %l : tensor<?x5x6xf32>, tensor<?x5x2xf32>) -> tensor<?x5x6xf32>, tensor<?x5x2xf32>
  return
}

// -----

func.func @f(%p: tensor<f32>, %a: tensor<1x1x4x4xf32>, %m: tensor<1x1x4xf32>) {
  // expected-error @+1 {{expected parts [?, 1, 1, 4, 4], but got 'tensor<f32>'}}
  %0:3 = block.merge_attention ins(%p, %p, %p : tensor<f32>, tensor<f32>, tensor<f32>) outs(%a, %m, %m : tensor<1x1x4x4xf32>, tensor<1x1x4xf32>, tensor<1x1x4xf32>) -> tensor<1x1x4x4xf32>, tensor<1x1x4xf32>, tensor<1x1x4xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %c: tensor<?x3x8xf32>, %a: tensor<?x3x2x5xf32>, %m: tensor<?x3x5xf32>) {
  // expected-error @+1 {{expected a score bias [?, 3, 7], but got 'tensor<?x3x8xf32>'}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      score_bias(%c : tensor<?x3x8xf32>) outs(%a, %m, %m : tensor<?x3x2x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>)
      heads = 3 scale = 1.0 -> tensor<?x3x2x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>
  return
}
