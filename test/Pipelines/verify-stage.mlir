// RUN: perceiver-opt %s -split-input-file -verify-diagnostics --perceiver-verify-stage=stage=to-llvm

// What only an earlier stage replaces says which one is missing: in IR that is
// written by hand, no stage has left its name.

perceiver.parameter @w : tensor<8x8xf32> key "w"
func.func @description(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  // expected-error @+1 {{expected what the stage 'vectorize' leaves, but 'perceiver.project' is for the stage 'expand'; start with --from=expand}}
  %y = perceiver.project %x weight @w : tensor<2x8xf32> -> tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}

// -----

func.func @blocks(%x: tensor<2x9x8xf32>, %o: tensor<2x9x8xf32>) -> tensor<2x9x8xf32> {
  // expected-error @+1 {{but 'block.attention' is for the stage 'strategy'; start with --from=strategy}}
  %y = block.attention ins(%x, %x, %x : tensor<2x9x8xf32>, tensor<2x9x8xf32>, tensor<2x9x8xf32>)
      outs(%o : tensor<2x9x8xf32>) heads = 2 -> tensor<2x9x8xf32>
  return %y : tensor<2x9x8xf32>
}

// -----

perceiver.parameter @w : tensor<8x8xf32> key "w"
func.func private @prepare_0() -> tensor<8x8xf32> attributes {perceiver.prepare} {
  %w = perceiver.get_parameter @w : tensor<8x8xf32>
  return %w : tensor<8x8xf32>
}
func.func @unprepared() -> tensor<8x8xf32> {
  // expected-error @+1 {{but 'perceiver.get_parameter' is for the stage 'prepare'; start with --from=prepare}}
  %w = perceiver.get_parameter @w : tensor<8x8xf32>
  return %w : tensor<8x8xf32>
}

// -----

func.func @untiled(%x: tensor<9x8xf32>) -> tensor<9x8xf32> {
  // expected-error @+1 {{but 'block.layer_norm' is for the stage 'tile'; start with --from=tile}}
  %y = block.layer_norm ins(%x : tensor<9x8xf32>) outs(%x : tensor<9x8xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [4]>} -> tensor<9x8xf32>
  return %y : tensor<9x8xf32>
}

// -----

// expected-error @+1 {{but 'func.func' is for the stage 'bufferize'; start with --from=bufferize}}
func.func @tensors(%x: tensor<9x8xf32>) -> tensor<9x8xf32> attributes {perceiver.entry} {
  return %x : tensor<9x8xf32>
}

// -----

// expected-error @+1 {{but 'func.func' is for the stage 'vectorize'; start with --from=vectorize}}
func.func @memory(%x: !llvm.ptr) attributes {perceiver.entry, frame.entry = #frame.entry<sizes = [], arguments = []>} {
  return
}

// -----

// The functions that compute stored tensors keep their operations.

func.func private @prepare_0(%x: memref<9x8xf32>) attributes {perceiver.prepare} {
  block.layer_norm ins(%x : memref<9x8xf32>) outs(%x : memref<9x8xf32>)
  return
}
func.func @kernels(%x: memref<9x8xf32>) {
  // expected-error @+1 {{but 'block.layer_norm' is for the stage 'vectorize'; start with --from=vectorize}}
  block.layer_norm ins(%x : memref<9x8xf32>) outs(%x : memref<9x8xf32>)
  return
}

// -----

func.func @no_dimension(%x: memref<9x?xf32>) -> index {
  %c2 = arith.constant 2 : index
  // expected-error @+1 {{expected a dimension of 'memref<9x?xf32>', but got number 2}}
  %n = memref.dim %x, %c2 : memref<9x?xf32>
  return %n : index
}

// -----

func.func @negative_dimension(%x: tensor<9x?xf32>) -> index {
  %c-1 = arith.constant -1 : index
  // expected-error @+1 {{expected a dimension of 'tensor<9x?xf32>', but got number -1}}
  %n = tensor.dim %x, %c-1 : tensor<9x?xf32>
  return %n : index
}

// -----

// expected-error @+1 {{expected the output of the stage 'vectorize', but got that of the stage 'strategy'; go on with --from=prepare}}
module attributes {perceiver.stage = "strategy"} {}

// -----

// expected-error @+1 {{expected the output of the stage 'vectorize', but got that of the stage 'to-llvm'; no stage follows it, so start from an earlier one's}}
module attributes {perceiver.stage = "to-llvm"} {}

// -----

// expected-error @+1 {{expected 'perceiver.stage' to be the name of a stage, but got "nonsense"}}
module attributes {perceiver.stage = "nonsense"} {}

// -----

// expected-error @+1 {{expected 'perceiver.stage' to be the name of a stage, but got 7}}
module attributes {perceiver.stage = 7} {}

// -----

module attributes {perceiver.stage = "vectorize"} {}
