// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// Nothing is empty: static sizes are at least 1, as dynamic ones are.

func.func @model(%z: tensor<2x0x32xf32>) {
  // expected-error @+1 {{'perceiver.self_block' op expected sizes of at least 1, but got 'tensor<2x0x32xf32>'}}
  %0 = perceiver.self_block %z heads = 1 qk_channels = 32 v_channels = 32 mlp = none weights @s : tensor<2x0x32xf32>
  return
}

// -----

func.func @keys(%q: tensor<5x12xf32>, %x: tensor<?x0x7xf32>) {
  // expected-error @+1 {{'perceiver.encode' op expected sizes of at least 1, but got 'tensor<?x0x7xf32>'}}
  %0 = perceiver.encode %q, %x heads = 1 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<5x12xf32>, tensor<?x0x7xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @rows(%x: tensor<?x0x12xf32>) {
  // expected-error @+1 {{'perceiver.mean_pool' op expected sizes of at least 1, but got 'tensor<?x0x12xf32>'}}
  %0 = perceiver.mean_pool %x : tensor<?x0x12xf32> -> tensor<?x12xf32>
  return
}

// -----

func.func @result(%x: tensor<2x5xf32>) {
  // expected-error @+1 {{'perceiver.project' op expected sizes of at least 1, but got 'tensor<2x0xf32>'}}
  %0 = perceiver.project %x weight @w : tensor<2x5xf32> -> tensor<2x0xf32>
  return
}

// -----

func.func @block(%x: tensor<7x33xf32>, %w: tensor<33x0xf32>, %e: tensor<7x0xf32>) {
  // expected-error @+1 {{'block.linear' op expected sizes of at least 1, but got 'tensor<33x0xf32>'}}
  %y = block.linear ins(%x, %w : tensor<7x33xf32>, tensor<33x0xf32>) outs(%e : tensor<7x0xf32>) -> tensor<7x0xf32>
  return
}

// -----

func.func @memory(%x: memref<0x8xf32>) {
  // expected-error @+1 {{'block.add' op expected sizes of at least 1, but got 'memref<0x8xf32>'}}
  block.add ins(%x, %x : memref<0x8xf32>, memref<0x8xf32>) outs(%x : memref<0x8xf32>)
  return
}

// -----

// Ids are clamped to the rows of the table, of which there must be one.

func.func @table(%ids: memref<7xi64>, %table: memref<0x5xf32>, %y: memref<7x5xf32>) {
  // expected-error @+1 {{'block.embed' op expected sizes of at least 1, but got 'memref<0x5xf32>'}}
  block.embed ins(%ids, %table : memref<7xi64>, memref<0x5xf32>) outs(%y : memref<7x5xf32>)
  return
}

// -----

func.func @state(%z: tensor<?x0x12xf32>) {
  // expected-error @+1 {{'perceiver.process' op expected sizes of at least 1, but got 'tensor<?x0x12xf32>'}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<?x0x12xf32>) -> tensor<?x0x12xf32> {
    perceiver.yield %s : tensor<?x0x12xf32>
  }
  return
}

// -----

// Entries hold no operation of ours, perhaps.

// expected-error @+1 {{expected an entry with sizes of at least 1, but got 'tensor<4x0xf32>'}}
func.func @argument(%x: tensor<4x0xf32>) attributes {perceiver.entry} {
  return
}

// -----

// expected-error @+1 {{expected an entry with sizes of at least 1, but got 'tensor<0xf32>'}}
func.func @result() -> tensor<0xf32> attributes {perceiver.entry} {
  %0 = tensor.empty() : tensor<0xf32>
  return %0 : tensor<0xf32>
}
