// RUN: perceiver-opt %s --perceiver-verify-description --split-input-file --verify-diagnostics

// What is legal: constants that stay within the source, of whatever kind; rows
// that are left out, and channels of integers.

func.func private @legal(%x: tensor<2x8x16xf32>, %ids: tensor<2x8x3xi64>)
    -> (tensor<2x4x16xf32>, tensor<2x3x8xf32>, tensor<2x8xi64>) {
  %c4 = arith.constant 4 : index
  %0 = tensor.extract_slice %x[0, %c4, 0] [2, 4, 16] [1, 1, 1] : tensor<2x8x16xf32> to tensor<2x4x16xf32>
  %1 = tensor.extract_slice %x[0, 1, 8] [2, 3, 8] [1, 3, 1] : tensor<2x8x16xf32> to tensor<2x3x8xf32>
  %2 = tensor.extract_slice %ids[0, 0, 1] [2, 8, 1] [1, 1, 1] : tensor<2x8x3xi64> to tensor<2x8xi64>
  return %0, %1, %2 : tensor<2x4x16xf32>, tensor<2x3x8xf32>, tensor<2x8xi64>
}

// Parts of dynamic sizes, which are 1 or more: of n * 4 rows the first, and n
// from the fourth on.

func.func private @dynamic(%x: tensor<?x4x16xf32> {perceiver.sizes = ["n"]}) -> (tensor<16xf32>, tensor<?x16xf32> {perceiver.sizes = ["n"]}) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %n = tensor.dim %x, %c0 : tensor<?x4x16xf32>
  %rows = tensor.collapse_shape %x [[0, 1], [2]] : tensor<?x4x16xf32> into tensor<?x16xf32>
  %0 = tensor.extract_slice %rows[0, 0] [1, 16] [1, 1] : tensor<?x16xf32> to tensor<16xf32>
  %1 = tensor.extract_slice %rows[%c3, 0] [%n, 16] [1, 1] : tensor<?x16xf32> to tensor<?x16xf32>
  return %0, %1 : tensor<16xf32>, tensor<?x16xf32>
}

func.func @run(%x: tensor<f32> {perceiver.name = "x"}) -> (tensor<f32> {perceiver.name = "y"})
    attributes {perceiver.entry} {
  %0 = tensor.extract_slice %x[] [] [] : tensor<f32> to tensor<f32>
  return %0 : tensor<f32>
}

// -----

func.func @run(%x: tensor<2x8x16xf32> {perceiver.name = "x"})
    -> (tensor<2x4x16xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  %c5 = arith.constant 5 : index
  // expected-error @+1 {{expected a slice that is known to lie within its source, but got dimension 1 of 'tensor<2x8x16xf32>'}}
  %0 = tensor.extract_slice %x[0, %c5, 0] [2, 4, 16] [1, 1, 1] : tensor<2x8x16xf32> to tensor<2x4x16xf32>
  return %0 : tensor<2x4x16xf32>
}

// -----

func.func @run(%x: tensor<2x8x16xf32> {perceiver.name = "x"})
    -> (tensor<2x4x16xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  %negative = arith.constant -1 : index
  // expected-error @+1 {{expected a slice that is known to lie within its source, but got dimension 1 of 'tensor<2x8x16xf32>'}}
  %0 = tensor.extract_slice %x[0, %negative, 0] [2, 4, 16] [1, 1, 1] : tensor<2x8x16xf32> to tensor<2x4x16xf32>
  return %0 : tensor<2x4x16xf32>
}

// -----

func.func @run(%x: tensor<2x8x16xf32> {perceiver.name = "x"})
    -> (tensor<2x4x16xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  %c3 = arith.constant 3 : index
  // expected-error @+1 {{expected a slice that is known to lie within its source, but got dimension 1 of 'tensor<2x8x16xf32>'}}
  %0 = tensor.extract_slice %x[0, 0, 0] [2, 4, 16] [1, %c3, 1] : tensor<2x8x16xf32> to tensor<2x4x16xf32>
  return %0 : tensor<2x4x16xf32>
}

// -----

// The product of size and stride does not fit 64 bits.

func.func @run(%x: tensor<2x8x16xf32> {perceiver.name = "x"})
    -> (tensor<2x4x16xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  %huge = arith.constant 6148914691236517206 : index
  // expected-error @+1 {{expected a slice that is known to lie within its source, but got dimension 1 of 'tensor<2x8x16xf32>'}}
  %0 = tensor.extract_slice %x[0, 0, 0] [2, 4, 16] [1, %huge, 1] : tensor<2x8x16xf32> to tensor<2x4x16xf32>
  return %0 : tensor<2x4x16xf32>
}

// -----

// Every second channel.

func.func @run(%x: tensor<2x4x16xf32> {perceiver.name = "x"})
    -> (tensor<2x8xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected a slice that keeps the last dimension of its source with a stride of 1, but got 'tensor<2x4x8xf32>' of 'tensor<2x4x16xf32>'}}
  %0 = tensor.extract_slice %x[0, 0, 0] [2, 4, 8] [1, 1, 2] : tensor<2x4x16xf32> to tensor<2x4x8xf32>
  %1 = perceiver.mean_pool %0 : tensor<2x4x8xf32> -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// -----

// One channel, whose rows become the channels.

func.func @run(%x: tensor<2x4x8x16xf32> {perceiver.name = "x"})
    -> (tensor<2x8xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected a slice that keeps the last dimension of its source with a stride of 1, but got 'tensor<2x4x8xf32>' of 'tensor<2x4x8x16xf32>'}}
  %0 = tensor.extract_slice %x[0, 0, 0, 3] [2, 4, 8, 1] [1, 1, 1, 1] : tensor<2x4x8x16xf32> to tensor<2x4x8xf32>
  %1 = perceiver.mean_pool %0 : tensor<2x4x8xf32> -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// -----

// Nothing is empty, and a negative number is no size.

func.func @run(%q: tensor<8x1x4xf32> {perceiver.name = "q"})
    -> (tensor<?x?x1x4xf32> {perceiver.name = "y", perceiver.sizes = ["n", "m"]}) attributes {perceiver.entry} {
  %n = arith.constant -2 : index
  %m = arith.constant -4 : index
  %c8 = arith.constant 8 : index
  %0 = tensor.extract_slice %q[0, 0, 0] [%c8, 1, 4] [1, 1, 1] : tensor<8x1x4xf32> to tensor<?x1x4xf32>
  // expected-error @+1 {{'tensor.expand_shape' op expected sizes of at least 1, but got -2}}
  %1 = tensor.expand_shape %0 [[0, 1], [2], [3]] output_shape [%n, %m, 1, 4]
      : tensor<?x1x4xf32> into tensor<?x?x1x4xf32>
  return %1 : tensor<?x?x1x4xf32>
}

// -----

func.func @run(%x: tensor<?x8x16xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x16xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %c3 = arith.constant 3 : index
  // expected-error @+1 {{expected a dimension of 'tensor<?x8x16xf32>', but got 3}}
  %d = tensor.dim %x, %c3 : tensor<?x8x16xf32>
  %y = perceiver.mean_pool %x : tensor<?x8x16xf32> -> tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

// -----

func.func @run(%x: tensor<?x8x16xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x16xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x8x16xf32>
  // expected-error @+1 {{expected a constant dimension}}
  %d = tensor.dim %x, %batch : tensor<?x8x16xf32>
  %y = perceiver.mean_pool %x : tensor<?x8x16xf32> -> tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

// -----

func.func @run(%x: tensor<2x8x16xf32> {perceiver.name = "x"})
    -> (tensor<?x8x16xf32> {perceiver.name = "y", perceiver.sizes = ["n"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  // expected-error @+1 {{'tensor.extract_slice' op expected sizes of at least 1, but got 0}}
  %0 = tensor.extract_slice %x[0, 0, 0] [%c0, 8, 16] [1, 1, 1] : tensor<2x8x16xf32> to tensor<?x8x16xf32>
  return %0 : tensor<?x8x16xf32>
}
