// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>) {
  // expected-error @+1 {{expected at least one head, but got 0}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%y : tensor<?x5x9xf32>) heads = 0 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>) {
  // expected-error @+1 {{expected a query of rank 2 or 3, but got 'tensor<6xf32>'}}
  %0 = block.attention ins(%q, %k, %v : tensor<6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%y : tensor<?x5x9xf32>) heads = 3 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>) {
  // expected-error @+1 {{expected a key and a value of rank 3, but got 'tensor<7x6xf32>' and 'tensor<?x7x9xf32>'}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<7x6xf32>, tensor<?x7x9xf32>)
      outs(%y : tensor<?x5x9xf32>) heads = 3 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x?xf32>, %y: tensor<?x5x9xf32>) {
  // expected-error @+1 {{expected static channels, but got 'tensor<?x7x?xf32>'}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x?xf32>)
      outs(%y : tensor<?x5x9xf32>) heads = 3 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>) {
  // expected-error @+1 {{expected channels that are a positive multiple of 2 heads, but got 9}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%y : tensor<?x5x9xf32>) heads = 2 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x9xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>) {
  // expected-error @+1 {{expected as many query as key channels, but got 9 and 6}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x9xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%y : tensor<?x5x9xf32>) heads = 3 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x8x9xf32>, %y: tensor<?x5x9xf32>) {
  // expected-error @+1 {{expected as many keys as values, but got 7 and 8}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x8x9xf32>)
      outs(%y : tensor<?x5x9xf32>) heads = 3 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<2x5x6xf32>, %k: tensor<3x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>) {
  // expected-error @+1 {{expected query, key and value of one batch size, but got 'tensor<2x5x6xf32>', 'tensor<3x7x6xf32>' and 'tensor<?x7x9xf32>'}}
  %0 = block.attention ins(%q, %k, %v : tensor<2x5x6xf32>, tensor<3x7x6xf32>, tensor<?x7x9xf32>)
      outs(%y : tensor<?x5x9xf32>) heads = 3 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x6xf32>) {
  // expected-error @+1 {{expected a destination [?, 5, 9], but got 'tensor<?x5x6xf32>'}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%y : tensor<?x5x6xf32>) heads = 3 -> tensor<?x5x6xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>, %l: tensor<?x1xi64>) {
  // expected-error @+1 {{expected lengths [?], but got 'tensor<?x1xi64>'}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) lengths(%l : tensor<?x1xi64>) outs(%y : tensor<?x5x9xf32>) heads = 3 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>, %l: tensor<?xi32>) {
  // expected-error @+1 {{expected lengths of i64, but got 'tensor<?xi32>'}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) lengths(%l : tensor<?xi32>) outs(%y : tensor<?x5x9xf32>) heads = 3 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>, %m: tensor<?x8xi1>) {
  // expected-error @+1 {{expected a mask [?, 7], but got 'tensor<?x8xi1>'}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) mask(%m : tensor<?x8xi1>) outs(%y : tensor<?x5x9xf32>) heads = 3 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>, %m: tensor<?x7xi8>) {
  // expected-error @+1 {{expected a mask of i1, but got 'tensor<?x7xi8>'}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) mask(%m : tensor<?x7xi8>) outs(%y : tensor<?x5x9xf32>) heads = 3 -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>) {
  // expected-error @+1 {{expected a scale that is finite in f32, times log2(e), but got nan}}
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%y : tensor<?x5x9xf32>) heads = 3 {scale = 0x7FF8000000000000 : f64} -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected one destination, or two with the log-sum-exp, but got 0}}
  "block.attention"(%q, %k, %v) <{heads = 3 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0>}> : (tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>) -> ()
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x9xf32>, %l: tensor<?x5x3xf32>) {
  // expected-error @+1 {{expected a log-sum-exp [?, 3, 5], but got 'tensor<?x5x3xf32>'}}
  %0, %1 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%y, %l : tensor<?x5x9xf32>, tensor<?x5x3xf32>) heads = 3 -> tensor<?x5x9xf32>, tensor<?x5x3xf32>
  return
}

// -----

func.func @f(%y: tensor<?x7xi8>) {
  // expected-error @+1 {{expected lengths, a mask or both}}
  %0 = block.key_mask outs(%y : tensor<?x7xi8>) -> tensor<?x7xi8>
  return
}

// -----

func.func @f(%m: tensor<?x7xi1>, %y: tensor<7xi8>) {
  // expected-error @+1 {{expected a destination of rank 2, but got 'tensor<7xi8>'}}
  %0 = block.key_mask mask(%m : tensor<?x7xi1>) outs(%y : tensor<7xi8>) -> tensor<7xi8>
  return
}

// -----

func.func @f(%m: tensor<?x7xi1>) {
  // expected-error @+1 {{expected a destination of i8, but got 'tensor<?x7xi1>'}}
  %0 = block.key_mask mask(%m : tensor<?x7xi1>) outs(%m : tensor<?x7xi1>) -> tensor<?x7xi1>
  return
}

// -----

func.func @f(%l: tensor<?x7xi64>, %y: tensor<?x7xi8>) {
  // expected-error @+1 {{expected lengths [?], but got 'tensor<?x7xi64>'}}
  %0 = block.key_mask lengths(%l : tensor<?x7xi64>) outs(%y : tensor<?x7xi8>) -> tensor<?x7xi8>
  return
}

// -----

func.func @f(%y: tensor<?x7xi8>) {
  // expected-error @+1 {{expected a mask of i1, but got 'tensor<?x7xi8>'}}
  %0 = block.key_mask mask(%y : tensor<?x7xi8>) outs(%y : tensor<?x7xi8>) -> tensor<?x7xi8>
  return
}

// -----

func.func @f(%q: tensor<5x12xf32>, %k: tensor<?x7x6xf32>, %y: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a number of key heads that divides 4 heads, but got 3}}
  %0 = block.attention ins(%q, %k, %k : tensor<5x12xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%y : tensor<?x5x12xf32>) heads = 4 {kv_heads = 3 : i64} -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%q: tensor<5x12xf32>, %k: tensor<?x7x9xf32>, %y: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected channels that are a positive multiple of 2 heads, but got 9}}
  %0 = block.attention ins(%q, %k, %k : tensor<5x12xf32>, tensor<?x7x9xf32>, tensor<?x7x9xf32>)
      outs(%y : tensor<?x5x12xf32>) heads = 4 {kv_heads = 2 : i64} -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%q: tensor<5x12xf32>, %k: tensor<?x7x8xf32>, %y: tensor<?x5x16xf32>) {
  // expected-error @+1 {{expected heads of queries and keys of one width, but got 3 and 4}}
  %0 = block.attention ins(%q, %k, %k : tensor<5x12xf32>, tensor<?x7x8xf32>, tensor<?x7x8xf32>)
      outs(%y : tensor<?x5x16xf32>) heads = 4 {kv_heads = 2 : i64} -> tensor<?x5x16xf32>
  return
}

// -----

// The result has the values of each head of queries.

func.func @f(%q: tensor<5x12xf32>, %k: tensor<?x7x6xf32>, %y: tensor<?x5x6xf32>) {
  // expected-error @+1 {{expected a destination [?, 5, 12], but got 'tensor<?x5x6xf32>'}}
  %0 = block.attention ins(%q, %k, %k : tensor<5x12xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%y : tensor<?x5x6xf32>) heads = 4 {kv_heads = 2 : i64} -> tensor<?x5x6xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %c: tensor<?x2x7xf32>, %y: tensor<?x5x6xf32>) {
  // expected-error @+1 {{expected a score bias [?, 3, 7], but got 'tensor<?x2x7xf32>'}}
  %0 = block.attention ins(%q, %k, %k : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      score_bias(%c : tensor<?x2x7xf32>) outs(%y : tensor<?x5x6xf32>) heads = 3 -> tensor<?x5x6xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %c: tensor<?x3x7xf64>, %y: tensor<?x5x6xf32>) {
  // expected-error @+1 {{expected arrays of 'f32' like the destination, but got 'tensor<?x3x7xf64>'}}
  %0 = block.attention ins(%q, %k, %k : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      score_bias(%c : tensor<?x3x7xf64>) outs(%y : tensor<?x5x6xf32>) heads = 3 -> tensor<?x5x6xf32>
  return
}
