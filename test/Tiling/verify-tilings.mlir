// RUN: perceiver-opt %s --perceiver-form-phases -split-input-file -verify-diagnostics
// RUN: perceiver-opt %s --perceiver-split-keys -split-input-file -verify-diagnostics

// Whether an operation becomes a phase or is fused into another one, as the
// norms here are: what its tiling says has to be possible.

func.func @rank(%x: tensor<?x33xf32>, %w: tensor<33x33xf32>, %e: tensor<?x33xf32>) -> tensor<?x33xf32> {
  // expected-error @+1 {{'block.layer_norm' op expected at most 1 sizes in its tiling, but got 2}}
  %n = block.layer_norm ins(%x : tensor<?x33xf32>) outs(%e : tensor<?x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [8, 8]>} -> tensor<?x33xf32>
  %y = block.linear ins(%n, %w : tensor<?x33xf32>, tensor<33x33xf32>) outs(%e : tensor<?x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [8]>} -> tensor<?x33xf32>
  return %y : tensor<?x33xf32>
}

// -----

func.func @larger(%x: tensor<2x7x33xf32>, %w: tensor<33x33xf32>, %e: tensor<2x7x33xf32>) -> tensor<2x7x33xf32> {
  // expected-error @+1 {{'block.layer_norm' op expected tiles of at most 7 iterations of loop 1, but got task tiles of 8}}
  %n = block.layer_norm ins(%x : tensor<2x7x33xf32>) outs(%e : tensor<2x7x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 8]>} -> tensor<2x7x33xf32>
  %y = block.linear ins(%n, %w : tensor<2x7x33xf32>, tensor<33x33xf32>) outs(%e : tensor<2x7x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 7]>} -> tensor<2x7x33xf32>
  return %y : tensor<2x7x33xf32>
}

// -----

// Any number of rows may be as many; another task than its reader's gives way.

func.func @obeyed(%x: tensor<?x33xf32>, %w: tensor<33x33xf32>, %e: tensor<?x33xf32>) -> tensor<?x33xf32> {
  %n = block.layer_norm ins(%x : tensor<?x33xf32>) outs(%e : tensor<?x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [100000], inner = [array<i64: 64>, array<i64: 8>]>} -> tensor<?x33xf32>
  %y = block.linear ins(%n, %w : tensor<?x33xf32>, tensor<33x33xf32>) outs(%e : tensor<?x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [8]>} -> tensor<?x33xf32>
  return %y : tensor<?x33xf32>
}

// -----

func.func @not_fused(%x: tensor<7x33xf32>, %e: tensor<7x33xf32>) -> tensor<7x33xf32> {
  // expected-error @+1 {{'block.layer_norm' op expected tiles of at most 7 iterations of loop 0, but got task tiles of 8}}
  %n = block.layer_norm ins(%x : tensor<7x33xf32>) outs(%e : tensor<7x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [8]>} -> tensor<7x33xf32>
  return %n : tensor<7x33xf32>
}

// -----

func.func @panels(%x: tensor<?x33xf32>, %p: tensor<3x33x16xf32>, %e: tensor<?x48xf32>) -> tensor<?x48xf32> {
  // expected-error @+1 {{'block.linear' op expected tiles of loop 1 of whole panels of 16 columns, but got tiles of 24}}
  %n = block.linear ins(%x, %p : tensor<?x33xf32>, tensor<3x33x16xf32>) outs(%e : tensor<?x48xf32>)
      {layout = #block.panels<columns = 16, lanes = 16>, perceiver.tiling = #perceiver.tiling<task = [8, 24]>} -> tensor<?x48xf32>
  %y = block.add ins(%n, %n : tensor<?x48xf32>, tensor<?x48xf32>) outs(%e : tensor<?x48xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [8]>} -> tensor<?x48xf32>
  return %y : tensor<?x48xf32>
}

// -----

// An attention that is fused into what finishes it.

func.func @heads(%q: tensor<2x7x33xf32>, %a: tensor<2x3x11x7xf32>, %m: tensor<2x3x7xf32>, %o: tensor<2x7x33xf32>)
    -> tensor<2x7x33xf32> {
  // expected-error @+1 {{'block.online_attention' op expected tiles of loop 1 (heads) that divide its 3 iterations, but got tiles of 2}}
  %0:3 = block.online_attention ins(%q, %q, %q : tensor<2x7x33xf32>, tensor<2x7x33xf32>, tensor<2x7x33xf32>)
      outs(%a, %m, %m : tensor<2x3x11x7xf32>, tensor<2x3x7xf32>, tensor<2x3x7xf32>) heads = 3 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1, 2]>}
      -> tensor<2x3x11x7xf32>, tensor<2x3x7xf32>, tensor<2x3x7xf32>
  %y = block.finish_attention ins(%0#0, %0#1, %0#2 : tensor<2x3x11x7xf32>, tensor<2x3x7xf32>, tensor<2x3x7xf32>)
      outs(%o : tensor<2x7x33xf32>) {perceiver.tiling = #perceiver.tiling<task = [1, 1]>} -> tensor<2x7x33xf32>
  return %y : tensor<2x7x33xf32>
}

// -----

func.func @inner_rank(%x: tensor<?x33xf32>, %e: tensor<?x33xf32>) -> tensor<?x33xf32> {
  // expected-error @+1 {{'block.layer_norm' op expected at most 1 sizes in its tiling, but got 3}}
  %n = block.layer_norm ins(%x : tensor<?x33xf32>) outs(%e : tensor<?x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [8], inner = [array<i64: 4>, array<i64: 2, 0, 0>]>} -> tensor<?x33xf32>
  %y = block.add ins(%n, %n : tensor<?x33xf32>, tensor<?x33xf32>) outs(%e : tensor<?x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [8]>} -> tensor<?x33xf32>
  return %y : tensor<?x33xf32>
}

// -----

// Inner tiles are those of a task, even if the number of rows is dynamic.

func.func @inner_larger(%x: tensor<?x33xf32>, %e: tensor<?x33xf32>) -> tensor<?x33xf32> {
  // expected-error @+1 {{'block.layer_norm' op expected tiles of at most 8 iterations of loop 0, but got inner tiles of 9}}
  %n = block.layer_norm ins(%x : tensor<?x33xf32>) outs(%e : tensor<?x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [8], inner = [array<i64: 9>]>} -> tensor<?x33xf32>
  return %n : tensor<?x33xf32>
}

// -----

// .. and the next ones those of the ones before.

func.func @inner_twice(%x: tensor<?x64x33xf32>, %e: tensor<?x64x33xf32>) -> tensor<?x64x33xf32> {
  // expected-error @+1 {{'block.layer_norm' op expected tiles of at most 16 iterations of loop 1, but got inner tiles of 32}}
  %n = block.layer_norm ins(%x : tensor<?x64x33xf32>) outs(%e : tensor<?x64x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1], inner = [array<i64: 0, 16>, array<i64: 0, 32>]>} -> tensor<?x64x33xf32>
  return %n : tensor<?x64x33xf32>
}

// -----

func.func @keys(%q: tensor<2x7x8xf32>, %k: tensor<2x90x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>)
    -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{'block.online_attention' op expected a key_split of at most 90 keys, but got 91}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x8xf32>, tensor<2x90x8xf32>, tensor<2x90x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 91>}
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}

// -----

func.func @merge(%q: tensor<2x7x8xf32>, %k: tensor<2x90x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>)
    -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{'block.online_attention' op expected tiles of at most 7 iterations of loop 2 (queries), but got merge tiles of 8}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x8xf32>, tensor<2x90x8xf32>, tensor<2x90x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 30, merge = [1, 0, 8]>}
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}

// -----

func.func @merge_keys(%q: tensor<2x7x8xf32>, %k: tensor<2x90x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>)
    -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{'block.online_attention' op expected at most 3 sizes in its merge, but got 4}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x8xf32>, tensor<2x90x8xf32>, tensor<2x90x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 30, merge = [1, 0, 7, 1]>}
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}

// -----

// Tasks cannot add to one another's results, whatever the number of keys.

func.func @keys_of_a_task(%q: tensor<2x7x8xf32>, %k: tensor<2x?x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>)
    -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{'block.online_attention' op expected tasks that have all iterations of loop 3 (keys), which add up, but got tasks of 30; key_split makes parts that are merged}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x8xf32>, tensor<2x?x8xf32>, tensor<2x?x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1, 0, 0, 30]>}
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}

// -----

func.func @keys_of_a_part(%q: tensor<2x7x8xf32>, %k: tensor<2x90x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>)
    -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{'block.online_attention' op expected tiles of at most 30 iterations of loop 3 (keys), but got inner tiles of 31}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x8xf32>, tensor<2x90x8xf32>, tensor<2x90x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1], inner = [array<i64: 0, 0, 0, 31>], key_split = 30>}
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}

// -----

// Attention whose keys are whole cannot be split over them.

func.func @not_online(%q: tensor<2x7x8xf32>, %o: tensor<2x7x8xf32>) -> tensor<2x7x8xf32> {
  // expected-error @+1 {{'block.attention' op expected key_split of a loop over keys, as attention has after perceiver-convert-to-online-attention}}
  %0 = block.attention ins(%q, %q, %q : tensor<2x7x8xf32>, tensor<2x7x8xf32>, tensor<2x7x8xf32>)
      outs(%o : tensor<2x7x8xf32>) heads = 2 {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 2>} -> tensor<2x7x8xf32>
  return %0 : tensor<2x7x8xf32>
}

// -----

func.func @memory(%x: memref<7x33xf32>) {
  // expected-error @+1 {{'block.layer_norm' op expected tensors: tile before bufferization}}
  block.layer_norm ins(%x : memref<7x33xf32>) outs(%x : memref<7x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1]>}
  return
}
