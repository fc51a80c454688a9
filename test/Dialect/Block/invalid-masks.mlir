// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<7xi64>, %y: tensor<7xi1>) {
  // expected-error @+1 {{expected numbers of rank 2, but got 'tensor<7xi64>'}}
  %0 = block.to_mask ins(%x : tensor<7xi64>) outs(%y : tensor<7xi1>) -> tensor<7xi1>
  return
}

// -----

func.func @f(%x: tensor<?x7xi64>, %y: tensor<?x7xi8>) {
  // expected-error @+1 {{expected a destination of i1, but got 'tensor<?x7xi8>'}}
  %0 = block.to_mask ins(%x : tensor<?x7xi64>) outs(%y : tensor<?x7xi8>) -> tensor<?x7xi8>
  return
}

// -----

func.func @f(%x: tensor<?x7xi64>, %y: tensor<?x6xi1>) {
  // expected-error @+1 {{expected a destination [?, 7], but got 'tensor<?x6xi1>'}}
  %0 = block.to_mask ins(%x : tensor<?x7xi64>) outs(%y : tensor<?x6xi1>) -> tensor<?x6xi1>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %m: tensor<?x7xi1>) {
  // expected-error @+1 {{expected a destination of rank 3, but got 'tensor<7x5xf32>'}}
  %0 = block.mask_rows ins(%x : tensor<7x5xf32>) mask(%m : tensor<?x7xi1>) outs(%x : tensor<7x5xf32>)
      {value = 0.0 : f64} -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %m: tensor<?x7xi1>) {
  // expected-error @+1 {{expected rows in dimension 1 or 2, but got 0}}
  %0 = block.mask_rows ins(%x : tensor<?x7x5xf32>) mask(%m : tensor<?x7xi1>) outs(%x : tensor<?x7x5xf32>)
      {value = 0.0 : f64, dimension = 0 : i64} -> tensor<?x7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %m: tensor<?x7xi1>) {
  // expected-error @+1 {{expected a mask [?, 5], but got 'tensor<?x7xi1>'}}
  %0 = block.mask_rows ins(%x : tensor<?x7x5xf32>) mask(%m : tensor<?x7xi1>) outs(%x : tensor<?x7x5xf32>)
      {value = 0.0 : f64, dimension = 2 : i64} -> tensor<?x7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %m: tensor<?x7xi8>) {
  // expected-error @+1 {{expected a mask of i1, but got 'tensor<?x7xi8>'}}
  %0 = block.mask_rows ins(%x : tensor<?x7x5xf32>) mask(%m : tensor<?x7xi8>) outs(%x : tensor<?x7x5xf32>)
      {value = 0.0 : f64} -> tensor<?x7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x4xf32>, %y: tensor<?x7x5xf32>, %m: tensor<?x7xi1>) {
  // expected-error @+1 {{expected an input [?, 7, 5], but got 'tensor<?x7x4xf32>'}}
  %0 = block.mask_rows ins(%x : tensor<?x7x4xf32>) mask(%m : tensor<?x7xi1>) outs(%y : tensor<?x7x5xf32>)
      {value = 0.0 : f64} -> tensor<?x7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %m: tensor<?x6xi1>, %y: tensor<?x1x5xf32>) {
  // expected-error @+1 {{expected a mask [?, 7], but got 'tensor<?x6xi1>'}}
  %0 = block.mean_rows ins(%x : tensor<?x7x5xf32>) mask(%m : tensor<?x6xi1>) outs(%y : tensor<?x1x5xf32>) -> tensor<?x1x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %m: tensor<?x7xi8>, %y: tensor<?x1x5xf32>) {
  // expected-error @+1 {{expected a mask of i1, but got 'tensor<?x7xi8>'}}
  %0 = block.mean_rows ins(%x : tensor<?x7x5xf32>) mask(%m : tensor<?x7xi8>) outs(%y : tensor<?x1x5xf32>) -> tensor<?x1x5xf32>
  return
}
