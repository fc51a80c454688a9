// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// An attribute with a misspelt name would be ignored, and its default taken.

func.func @model(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{'perceiver.cross_block' op expected no attribute 'residul'; did you mean 'residual'?}}
  %0 = perceiver.cross_block %z, %z heads = 3 qk_channels = 12 v_channels = 12 mlp = none
      weights {query = [@w], key = [@w], value = [@w], output = [@w]} {residul = false}
      : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @generic(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{'perceiver.self_block' op expected no attribute 'scal'; did you mean 'scale'?}}
  %0 = "perceiver.self_block"(%z) {heads = 3, qk_channels = 12, v_channels = 12, mlp = #perceiver.activation<none>,
      weights = {query = [@w], key = [@w], value = [@w], output = [@w]}, scal = 0.5 : f64}
      : (tensor<?x5x12xf32>) -> tensor<?x5x12xf32>
  return
}

// -----

func.func @input(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{'perceiver.norm' op expected no attribute 'epsilonn'; did you mean 'epsilon'?}}
  %0 = perceiver.norm %x weight @w bias @b {epsilonn = 1.0e-6 : f64} : tensor<?x5x12xf32>
  return
}

// -----

func.func @block(%x: tensor<2x5x12xf32>) {
  // expected-error @+1 {{'block.attention' op expected no attribute 'masked_row'; did you mean 'masked_rows'?}}
  %0 = block.attention ins(%x, %x, %x : tensor<2x5x12xf32>, tensor<2x5x12xf32>, tensor<2x5x12xf32>)
      outs(%x : tensor<2x5x12xf32>) heads = 3 {masked_row = #perceiver.masked_rows<uniform>} -> tensor<2x5x12xf32>
  return
}

// -----

// expected-error @+1 {{'perceiver.parameter' op expected no attribute 'cuont'; did you mean 'count'?}}
perceiver.parameter @w : tensor<12xf32> key "layers.{}" {cuont = 6}

// -----

func.func @region(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{'perceiver.process' op expected no attribute 'unroll'; it has iterations}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> attributes {unroll} {
    perceiver.yield %s : tensor<?x5x12xf32>
  }
  return
}

// -----

func.func @without_attributes(%z: tensor<2x5x12xf32>) {
  // expected-error @+1 {{'perceiver.mean_pool' op expected no attribute 'axis'}}
  %0 = perceiver.mean_pool %z {axis = 1} : tensor<2x5x12xf32> -> tensor<2x12xf32>
  return
}

// -----

func.func @frame(%frame: !llvm.ptr) {
  // expected-error @+1 {{'frame.size' op expected no attribute 'numbr'; did you mean 'number'?}}
  %0 = frame.size %frame[0] {numbr = 1}
  return
}

// -----

func.func @without_dialect(%x: tensor<64x8xf32>) {
  // expected-error @+1 {{'block.add' op expected no attribute 'tiling'; did you mean 'perceiver.tiling'?}}
  %0 = block.add ins(%x, %x : tensor<64x8xf32>, tensor<64x8xf32>) outs(%x : tensor<64x8xf32>)
      {tiling = #perceiver.tiling<task = [1]>} -> tensor<64x8xf32>
  return
}

// -----

func.func @wrong_dialect(%x: tensor<64x8xf32>) {
  // expected-error @+1 {{'block.add' op expected no attribute of an unknown dialect 'percevier.tiling'; did you mean 'perceiver.tiling'?}}
  %0 = block.add ins(%x, %x : tensor<64x8xf32>, tensor<64x8xf32>) outs(%x : tensor<64x8xf32>)
      {percevier.tiling = #perceiver.tiling<task = [1]>} -> tensor<64x8xf32>
  return
}

// -----

// Attributes of other dialects are theirs.

func.func @others(%x: tensor<64x8xf32>) {
  %0 = block.add ins(%x, %x : tensor<64x8xf32>, tensor<64x8xf32>) outs(%x : tensor<64x8xf32>)
      {foo.bar, llvm.readnone} -> tensor<64x8xf32>
  return
}

// -----

// Those of ours are known, whatever the operation.

func.func @strategy(%x: tensor<64x8xf32>) {
  // expected-error @+1 {{expected no attribute 'perceiver.tilling' on an operation; did you mean 'perceiver.tiling'?}}
  %0 = block.add ins(%x, %x : tensor<64x8xf32>, tensor<64x8xf32>) outs(%x : tensor<64x8xf32>)
      {perceiver.tilling = #perceiver.tiling<task = [1]>} -> tensor<64x8xf32>
  return
}

// -----

// expected-error @+1 {{expected no attribute 'perceiver.entri' on an operation; did you mean 'perceiver.entry'?}}
func.func @entry() attributes {perceiver.entri} {
  return
}

// -----

// expected-error @+1 {{expected no attribute 'perceiver.weight_id' on an operation; did you mean 'perceiver.weights_id'?}}
module attributes {perceiver.weight_id = "0"} {}

// -----

// expected-error @+1 {{expected no attribute 'frame.entrie' on an operation; did you mean 'frame.entry'?}}
func.func @entry() attributes {perceiver.entry, frame.entrie = []} {
  return
}

// -----

// The attributes of blocks are those of their operations, or `perceiver.tiling`.

// expected-error @+1 {{expected no attribute 'block.tiling' on an operation; did you mean 'perceiver.tiling'?}}
func.func @block() attributes {block.tiling = #perceiver.tiling<task = [1]>} {
  return
}

// -----

// expected-error @+1 {{expected no attribute 'perceiver.name' on an operation}}
func.func @name() attributes {perceiver.name = "inputs"} {
  return
}

// -----

// expected-error @+1 {{expected no attribute 'perceiver.nam' on an argument or a result; did you mean 'perceiver.name'?}}
func.func @argument(%x: tensor<7xf32> {perceiver.nam = "inputs"}) {
  return
}

// -----

// expected-error @+1 {{expected no attribute 'perceiver.size' on an argument or a result; did you mean 'perceiver.sizes'?}}
func.func @result(%x: tensor<?xf32>) -> (tensor<?xf32> {perceiver.size = ["rows"]}) {
  return %x : tensor<?xf32>
}

// -----

// What is far from every name gets no suggestion.

// expected-error @+1 {{expected no attribute 'perceiver.documentation' on an argument or a result}}
func.func @far(%x: tensor<7xf32> {perceiver.documentation = "rows"}) {
  return
}
