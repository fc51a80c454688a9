// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// What `attention` refuses, and types that follow from the others.

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected at least one head, but got 0}}
  %0 = perceiver.attend %q, %k, %v heads = 0 : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected a query of rank 2 or 3, but got 'tensor<6xf32>'}}
  %0 = perceiver.attend %q, %k, %v heads = 3 : tensor<6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<7x6xf32>, %v: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected a key and a value of rank 3, but got 'tensor<7x6xf32>' and 'tensor<?x7x9xf32>'}}
  %0 = perceiver.attend %q, %k, %v heads = 3 : tensor<5x6xf32>, tensor<7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x?xf32>) {
  // expected-error @+1 {{expected static channels, but got 'tensor<?x7x?xf32>'}}
  %0 = perceiver.attend %q, %k, %v heads = 3 : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x?xf32> -> tensor<?x5x?xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected channels that are a positive multiple of 2 heads, but got 9}}
  %0 = perceiver.attend %q, %k, %v heads = 2 : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x9xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected as many query as key channels, but got 9 and 6}}
  %0 = perceiver.attend %q, %k, %v heads = 3 : tensor<5x9xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x8x9xf32>) {
  // expected-error @+1 {{expected as many keys as values, but got 7 and 8}}
  %0 = perceiver.attend %q, %k, %v heads = 3 : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x8x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<2x5x6xf32>, %k: tensor<3x7x6xf32>, %v: tensor<3x7x9xf32>) {
  // expected-error @+1 {{expected query, key and value of one batch size, but got 'tensor<2x5x6xf32>', 'tensor<3x7x6xf32>' and 'tensor<3x7x9xf32>'}}
  %0 = perceiver.attend %q, %k, %v heads = 3 : tensor<2x5x6xf32>, tensor<3x7x6xf32>, tensor<3x7x9xf32> -> tensor<3x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf16>, %v: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected a query, a key and a value of the same floating-point elements, but got 'tensor<5x6xf32>', 'tensor<?x7x6xf16>' and 'tensor<?x7x9xf32>'}}
  %0 = perceiver.attend %q, %k, %v heads = 3 : tensor<5x6xf32>, tensor<?x7x6xf16>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xi32>, %k: tensor<?x7x6xi32>, %v: tensor<?x7x9xi32>) {
  // expected-error @+1 {{expected a query, a key and a value of the same floating-point elements, but got 'tensor<5x6xi32>'}}
  %0 = perceiver.attend %q, %k, %v heads = 3 : tensor<5x6xi32>, tensor<?x7x6xi32>, tensor<?x7x9xi32> -> tensor<?x5x9xi32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x5x9xf32>', but got 'tensor<?x5x6xf32>'}}
  %0 = perceiver.attend %q, %k, %v heads = 3 : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x6xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected a log-sum-exp of type 'tensor<?x3x5xf32>', but got 'tensor<?x5x3xf32>'}}
  %0, %1 = perceiver.attend %q, %k, %v heads = 3
      : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>, tensor<?x5x3xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %l: tensor<?xi32>) {
  // expected-error @+1 {{expected lengths of type 'tensor<?xi64>', but got 'tensor<?xi32>'}}
  %0 = perceiver.attend %q, %k, %v lengths(%l : tensor<?xi32>) heads = 3
      : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %m: tensor<?x8xi1>) {
  // expected-error @+1 {{expected a mask of type 'tensor<?x7xi1>', but got 'tensor<?x8xi1>'}}
  %0 = perceiver.attend %q, %k, %v mask(%m : tensor<?x8xi1>) heads = 3
      : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected a scale that is finite in f32, times log2(e), but got nan}}
  %0 = perceiver.attend %q, %k, %v heads = 3 {scale = 0x7FF8000000000000 : f64}
      : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}
