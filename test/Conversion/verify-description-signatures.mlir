// RUN: perceiver-opt %s --perceiver-verify-description --split-input-file --verify-diagnostics

// Names with dots, other names, bounds, masks that may be left out, and numbers.

func.func private @pick(%first: index {perceiver.name = "first"}, %x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}

func.func @run(%image: tensor<8xf32> {perceiver.name = "inputs.image"}, %audio: tensor<8xf32> {perceiver.name = "inputs.audio"},
               %ids: tensor<8xi64> {perceiver.name = "ids", perceiver.aliases = ["input_ids"], perceiver.bounds = [0, 262]},
               %mask: tensor<8xi1> {perceiver.name = "mask", perceiver.default = true}, %first: index {perceiver.name = "first"},
               %padding: tensor<4x8xf32> {perceiver.name = "padding", perceiver.default = false})
    -> (tensor<8xf32> {perceiver.name = "logits.image"}) attributes {perceiver.entry} {
  %keys = perceiver.to_mask %padding {inverted} : tensor<4x8xf32> -> tensor<4x8xi1>
  %0 = call @pick(%first, %image) : (index, tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// A mask may be passed on, and have another shape and a size.

func.func @other(%padding: tensor<4x2x?xf32> {perceiver.name = "padding", perceiver.sizes = ["half"], perceiver.default = false})
    -> (tensor<4x8xi1> {perceiver.name = "keys"}) attributes {perceiver.entry} {
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %half = tensor.dim %padding, %c2 : tensor<4x2x?xf32>
  perceiver.require %c4 <= %half, "8 keys or more"
  %part = tensor.extract_slice %padding[0, 0, 0] [4, 2, 4] [1, 1, 1] : tensor<4x2x?xf32> to tensor<4x2x4xf32>
  %rows = tensor.collapse_shape %part [[0], [1, 2]] : tensor<4x2x4xf32> into tensor<4x8xf32>
  %keys = call @mask(%rows) : (tensor<4x8xf32>) -> tensor<4x8xi1>
  return %keys : tensor<4x8xi1>
}

func.func private @mask(%padding: tensor<4x8xf32>) -> tensor<4x8xi1> {
  %keys = perceiver.to_mask %padding {inverted} : tensor<4x8xf32> -> tensor<4x8xi1>
  return %keys : tensor<4x8xi1>
}

// -----

// expected-error @+1 {{expected no name that goes on from another, but got 'inputs' and names that begin with 'inputs.'}}
func.func @run(%image: tensor<8xf32> {perceiver.name = "inputs.image"}, %x: tensor<8xf32> {perceiver.name = "inputs"})
    -> (tensor<8xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  return %x : tensor<8xf32>
}

// -----

// expected-error @+1 {{expected no name that goes on from another, but got 'logits.a' and names that begin with 'logits.a.'}}
func.func @run(%x: tensor<8xf32> {perceiver.name = "x"})
    -> (tensor<8xf32> {perceiver.name = "logits.a"}, tensor<8xf32> {perceiver.name = "logits.a.b"}) attributes {perceiver.entry} {
  return %x, %x : tensor<8xf32>, tensor<8xf32>
}

// -----

// expected-error @+1 {{expected different names, but got 'x' twice}}
func.func @run(%x: tensor<8xf32> {perceiver.name = "x"}, %ids: tensor<8xi64> {perceiver.name = "ids", perceiver.aliases = ["x"]})
    -> (tensor<8xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  return %x : tensor<8xf32>
}

// -----

// expected-error @+1 {{expected 'perceiver.bounds' in entries only, but got it on argument 0 of a function without 'perceiver.entry'}}
func.func private @f(%x: tensor<8xi64> {perceiver.bounds = [0, 262]}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.default' on a mask, an array of i1 or one that nothing but perceiver.to_mask reads, but got it on argument 0 of 'tensor<8xf32>'}}
func.func @run(%x: tensor<8xf32> {perceiver.name = "x", perceiver.default = true})
    -> (tensor<8xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  return %x : tensor<8xf32>
}

// -----

// expected-error @+1 {{expected tensors of f32, i64, i32 or i1 for result 0, but got 'index'}}
func.func @run(%n: index {perceiver.name = "n"}) -> (index {perceiver.name = "m"}) attributes {perceiver.entry} {
  return %n : index
}

// -----

// expected-error @+1 {{expected 'perceiver.name' of argument 0}}
func.func @run(%n: index, %x: tensor<8xf32> {perceiver.name = "x"}) -> (tensor<8xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  return %x : tensor<8xf32>
}
