// RUN: perceiver-opt %s --perceiver-verify-description --split-input-file --verify-diagnostics --allow-unregistered-dialect

// expected-error @+1 {{expected at least one function with 'perceiver.entry'}}
module {}

// -----

// expected-error @+1 {{expected parameters and functions in a module, but got 'memref.global'}}
memref.global "private" @x : memref<7xf32>

// -----

// expected-error @+1 {{expected an entry to be public}}
func.func private @run() attributes {perceiver.entry}

// -----

// expected-error @+1 {{expected a function that is private or has the attribute 'perceiver.entry'}}
func.func @run() {
  return
}

// -----

// A name that nobody outside can use.

// expected-error @+1 {{expected 'perceiver.name' in entries only, but got it on argument 0 of a function without 'perceiver.entry'}}
func.func private @part(%x: tensor<7xf32> {perceiver.name = "x"}) -> tensor<7xf32> {
  return %x : tensor<7xf32>
}

// -----

// expected-error @+1 {{expected 'perceiver.name' in entries only, but got it on result 0 of a function without 'perceiver.entry'}}
func.func private @part(%x: tensor<7xf32>) -> (tensor<7xf32> {perceiver.name = "y"}) {
  return %x : tensor<7xf32>
}

// -----

// expected-error @+1 {{expected the name of an entry to be an identifier, but got 'run.1'}}
func.func @run.1() attributes {perceiver.entry} {
  return
}

// -----

// expected-error @+1 {{expected an entry with results}}
func.func @run() attributes {perceiver.entry} {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.name' of argument 0}}
func.func @run(%x: tensor<7xf32>) -> (tensor<7xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  return %x : tensor<7xf32>
}

// -----

// expected-error @+1 {{expected 'perceiver.name' of result 0}}
func.func @run(%x: tensor<7xf32> {perceiver.name = "x"}) -> tensor<7xf32> attributes {perceiver.entry} {
  return %x : tensor<7xf32>
}

// -----

// expected-error @+1 {{expected different names, but got 'x' twice}}
func.func @run(%x: tensor<7xf32> {perceiver.name = "x"}, %y: tensor<7xf32> {perceiver.name = "x"})
    -> (tensor<7xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  return %x : tensor<7xf32>
}

// -----

// expected-error @+1 {{expected 'perceiver.sizes' of argument 0, a name for each '?' of 'tensor<?x7xf32>'}}
func.func private @f(%x: tensor<?x7xf32>) {
  return
}

// -----

// expected-error @+1 {{expected tensors of f32, f64, f16, bf16, i64, i32, i16, i8, ui8 or i1 for argument 0, but got 'f32'}}
func.func private @f(%x: f32) {
  return
}

// -----

// expected-error @+1 {{expected tensors of f32, i64, i32 or i1 for result 0, but got 'tensor<7xf64>'}}
func.func private @f() -> tensor<7xf64>

// -----

// expected-error @+1 {{expected a function with a body}}
func.func private @f()

// -----

// expected-error @+1 {{expected a function without branches}}
func.func private @f() {
  cf.br ^end
^end:
  return
}

// -----

func.func private @f(%x: tensor<7xf32>) {
  // expected-error @+2 {{expected an operation of the model level, but got 'math.exp'}}
  // expected-note @+1 {{perceiver.yield, tensor.expand_shape, tensor.collapse_shape, tensor.extract_slice, tensor.dim, arith.constant, arith.addi, arith.subi, arith.muli, arith.floordivsi, arith.ceildivsi, func.call, func.return}}
  %0 = math.exp %x : tensor<7xf32>
  return
}

// -----

func.func private @f(%x: tensor<7xf32>) {
  // expected-error @+2 {{expected an operation of the model level, but got 'torch.exp'}}
  // expected-note @+1 {{a function of a description may hold perceiver.activate, }}
  "torch.exp"(%x) : (tensor<7xf32>) -> ()
  return
}

// -----

// Destinations are of the block level.

func.func private @f() {
  // expected-error @+2 {{expected an operation of the model level, but got 'tensor.empty'}}
  // expected-note @+1 {{a function of a description may hold }}
  %0 = tensor.empty() : tensor<7x5xf32>
  return
}

// -----

// Block-level operations are made by the compiler.

func.func private @f(%x: tensor<7x5xf32>, %y: tensor<7x5xf32>) {
  // expected-error @+1 {{expected an operation of the model level, but got 'block.add' of the block level; did you mean 'perceiver.add'?}}
  %0 = block.add ins(%x, %y : tensor<7x5xf32>, tensor<7x5xf32>) outs(%x : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func private @f(%x: tensor<7x5xf32>) {
  // expected-error @+1 {{expected an operation of the model level, but got 'block.layer_norm' of the block level; did you mean 'perceiver.norm'?}}
  %0 = block.layer_norm ins(%x : tensor<7x5xf32>) outs(%x : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func private @f(%x: tensor<4x5x12xf32>) {
  // expected-error @+1 {{expected an operation of the model level, but got 'block.attention' of the block level; did you mean 'perceiver.attend'?}}
  %0 = block.attention ins(%x, %x, %x : tensor<4x5x12xf32>, tensor<4x5x12xf32>, tensor<4x5x12xf32>)
      outs(%x : tensor<4x5x12xf32>) heads = 3 -> tensor<4x5x12xf32>
  return
}

// -----

func.func private @f() {
  // expected-error @+1 {{expected a constant of type index, as other numbers of a model are parameters, but got 'f32'}}
  %0 = arith.constant 1.0 : f32
  return
}

// -----

// Arguments that are masks may have other types, also reshaped.

func.func private @f(%x: tensor<?x5x7xf16> {perceiver.sizes = ["rows"]}, %m: tensor<?x7xui8> {perceiver.sizes = ["rows"]}) {
  %0 = tensor.collapse_shape %x [[0], [1, 2]] : tensor<?x5x7xf16> into tensor<?x35xf16>
  %1 = perceiver.to_mask %0 : tensor<?x35xf16> -> tensor<?x35xi1>
  %2 = perceiver.to_mask %m : tensor<?x7xui8> -> tensor<?x7xi1>
  // expected-error @+1 {{expected tensors of f32, i64, i32 or i1, but got 'tensor<5x?x7xf16>'}}
  %3 = perceiver.transpose %x permutation = [1, 0, 2] : tensor<?x5x7xf16> -> tensor<5x?x7xf16>
  return
}

// -----

perceiver.parameter @latents : tensor<5x12xf16> key "latents"

func.func private @f() {
  // expected-error @+1 {{expected tensors of f32, i64, i32 or i1, but got 'tensor<5x12xf16>'}}
  %0 = perceiver.get_parameter @latents : tensor<5x12xf16>
  return
}

// -----

func.func @run(%x: tensor<7xf32> {perceiver.name = "x"}) -> (tensor<7xf32> {perceiver.name = "y"})
    attributes {perceiver.entry} {
  %0 = call @f(%x) : (tensor<7xf32>) -> tensor<7xf32>
  return %0 : tensor<7xf32>
}

func.func private @f(%x: tensor<7xf32>) -> tensor<7xf32> {
  // expected-error @+1 {{expected no recursion, but this call of 'run' leads back to it}}
  %0 = call @run(%x) : (tensor<7xf32>) -> tensor<7xf32>
  return %0 : tensor<7xf32>
}

// -----

// Operations of other dialects take any attribute.

// expected-error @+1 {{'func.func' op expected no attribute 'entry'; did you mean 'perceiver.entry'?}}
func.func @run() attributes {entry} {
  return
}

// -----

// expected-error @+1 {{'func.func' op expected no attribute of an unknown dialect 'perciever.entry'; did you mean 'perceiver.entry'?}}
func.func @run() attributes {perciever.entry} {
  return
}

// -----

func.func private @f(%x: tensor<7x1xf32>) -> tensor<7xf32> {
  // expected-error @+1 {{'tensor.collapse_shape' op expected no attribute 'reasociation'; did you mean 'reassociation'?}}
  %0 = tensor.collapse_shape %x [[0, 1]] {reasociation = 1} : tensor<7x1xf32> into tensor<7xf32>
  return %0 : tensor<7xf32>
}

// -----

// Nothing is empty.

// expected-error @+1 {{expected sizes of at least 1 for argument 0, but got 'tensor<2x0xf32>'}}
func.func private @f(%x: tensor<2x0xf32>) {
  return
}

// -----

func.func private @f(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{expected sizes of at least 1, but got 'tensor<0x8xf32>'}}
  %0 = tensor.extract_slice %x[0, 0] [0, 8] [1, 1] : tensor<2x8xf32> to tensor<0x8xf32>
  return
}

// -----

// expected-error @+1 {{expected no attribute that stages write in a description, but got 'frame.entry'}}
func.func @run(%x: tensor<3xf32> {perceiver.name = "x"}) -> (tensor<3xf32> {perceiver.name = "y"})
    attributes {perceiver.entry, frame.entry = #frame.entry<sizes = [], arguments = []>} {
  return %x : tensor<3xf32>
}

// -----

// expected-error @+1 {{expected no attribute that stages write in a description, but got 'perceiver.prepare'}}
func.func @run(%x: tensor<3xf32> {perceiver.name = "x"}) -> (tensor<3xf32> {perceiver.name = "y"})
    attributes {perceiver.entry, perceiver.prepare} {
  return %x : tensor<3xf32>
}

// -----

// expected-error @+1 {{expected no attribute that stages write in a description, but got 'perceiver.weights_id'}}
module attributes {perceiver.weights_id = "x"} {
  func.func @run(%x: tensor<3xf32> {perceiver.name = "x"}) -> (tensor<3xf32> {perceiver.name = "y"})
      attributes {perceiver.entry} {
    return %x : tensor<3xf32>
  }
}
