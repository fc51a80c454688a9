// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-set-target{backend=cuda},func.func(perceiver-gpu-select-strategy))' | FileCheck %s

// Products that are large have tasks of 128 rows and columns, small ones such that
// there are enough of them for all multiprocessors; no task is larger than the result.
// Rows are many unless that is known, but those of an array without batch.

// CHECK-LABEL: func.func @linear
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [1, 64, 64], root = true>
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [1, 128, 128], root = true>
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [32, 33], root = true>
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [8, 32], root = true>
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [1, 1, 64], root = true>
func.func @linear(%x: tensor<?x512x1024xf32>, %w: tensor<1024x1024xf32>, %y: tensor<?x512x1024xf32>,
                  %a: tensor<?x?x29xf32>, %b: tensor<29x128xf32>, %c: tensor<?x?x128xf32>,
                  %u: tensor<33x33xf32>, %v: tensor<33x33xf32>, %p: tensor<?x1024xf32>,
                  %q: tensor<?x1x1024xf32>, %g: tensor<1024x16384xf32>, %h: tensor<?x1x16384xf32>)
    -> (tensor<?x512x1024xf32>, tensor<?x?x128xf32>, tensor<33x33xf32>, tensor<?x1024xf32>, tensor<?x1x16384xf32>) {
  %0 = block.linear ins(%x, %w : tensor<?x512x1024xf32>, tensor<1024x1024xf32>) outs(%y : tensor<?x512x1024xf32>)
      -> tensor<?x512x1024xf32>
  %1 = block.linear ins(%a, %b : tensor<?x?x29xf32>, tensor<29x128xf32>) outs(%c : tensor<?x?x128xf32>)
      -> tensor<?x?x128xf32>
  %2 = block.linear ins(%u, %v : tensor<33x33xf32>, tensor<33x33xf32>) outs(%u : tensor<33x33xf32>)
      -> tensor<33x33xf32>
  %3 = block.linear ins(%p, %w : tensor<?x1024xf32>, tensor<1024x1024xf32>) outs(%p : tensor<?x1024xf32>)
      -> tensor<?x1024xf32>
  %4 = block.linear ins(%q, %g : tensor<?x1x1024xf32>, tensor<1024x16384xf32>) outs(%h : tensor<?x1x16384xf32>)
      -> tensor<?x1x16384xf32>
  return %0, %1, %2, %3, %4 : tensor<?x512x1024xf32>, tensor<?x?x128xf32>, tensor<33x33xf32>, tensor<?x1024xf32>, tensor<?x1x16384xf32>
}

// The halves of a gated weight have no column of the result in common.

// CHECK-LABEL: func.func @gated
// CHECK: block.linear {{.*}}#perceiver.tiling<task = [8], root = true>
func.func @gated(%x: tensor<?x33xf32>, %w: tensor<33x64xf32>, %y: tensor<?x32xf32>) -> tensor<?x32xf32> {
  %0 = block.linear ins(%x, %w : tensor<?x33xf32>, tensor<33x64xf32>) outs(%y : tensor<?x32xf32>)
      {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<?x32xf32>
  return %0 : tensor<?x32xf32>
}

// Attention keeps its keys whole: a task is a block of queries of one head.

// CHECK-LABEL: func.func @attention
// CHECK: block.attention {{.*}}#perceiver.tiling<task = [1, 1, 64], root = true>
// CHECK: block.attention {{.*}}#perceiver.tiling<task = [1, 1, 3], root = true>
func.func @attention(%q: tensor<?x?x32xf32>, %p: tensor<3x32xf32>, %k: tensor<?x50x32xf32>, %y: tensor<?x?x32xf32>,
                     %z: tensor<?x3x32xf32>) -> (tensor<?x?x32xf32>, tensor<?x3x32xf32>) {
  %0 = block.attention ins(%q, %k, %k : tensor<?x?x32xf32>, tensor<?x50x32xf32>, tensor<?x50x32xf32>)
      outs(%y : tensor<?x?x32xf32>) heads = 4 -> tensor<?x?x32xf32>
  %1 = block.attention ins(%p, %k, %k : tensor<3x32xf32>, tensor<?x50x32xf32>, tensor<?x50x32xf32>)
      outs(%z : tensor<?x3x32xf32>) heads = 1 -> tensor<?x3x32xf32>
  return %0, %1 : tensor<?x?x32xf32>, tensor<?x3x32xf32>
}

// What reads memory and computes little has few rows to a task, if they are short
// and many more of them; what ends in one row a batch entry. What a person has
// chosen stays.

// CHECK-LABEL: func.func @rows
// CHECK: block.layer_norm {{.*}}#perceiver.tiling<task = [1, 8], root = true>
// CHECK: block.mean_rows {{.*}}#perceiver.tiling<task = [1], root = true>
// CHECK: block.layer_norm {{.*}}#perceiver.tiling<task = [1, 5]>
// CHECK: block.add {{.*}}#perceiver.tiling<task = [64], root = true>
func.func @rows(%x: tensor<?x50x32xf32>, %m: tensor<?x1x32xf32>, %s: tensor<50176x35xf32>)
    -> (tensor<?x50x32xf32>, tensor<?x1x32xf32>, tensor<50176x35xf32>) {
  %0 = block.layer_norm ins(%x : tensor<?x50x32xf32>) outs(%x : tensor<?x50x32xf32>) -> tensor<?x50x32xf32>
  %1 = block.mean_rows ins(%0 : tensor<?x50x32xf32>) outs(%m : tensor<?x1x32xf32>) -> tensor<?x1x32xf32>
  %2 = block.layer_norm ins(%0 : tensor<?x50x32xf32>) outs(%x : tensor<?x50x32xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 5]>} -> tensor<?x50x32xf32>
  %3 = block.add ins(%s, %s : tensor<50176x35xf32>, tensor<50176x35xf32>) outs(%s : tensor<50176x35xf32>)
      -> tensor<50176x35xf32>
  return %2, %1, %3 : tensor<?x50x32xf32>, tensor<?x1x32xf32>, tensor<50176x35xf32>
}

// Few queries and many keys: parts, in whole tiles of 64 keys, for 132
// multiprocessors; multiples of 16 tiles of keys whose number is not known. Smaller
// blocks of queries where there are few.

// CHECK-LABEL: func.func @parts
// CHECK: block.attention {{.*}} heads = 1 {perceiver.tiling = #perceiver.tiling<task = [1, 1, 64], key_split = 3136, merge = [1, 1, 8], root = true>}
// CHECK: block.attention {{.*}} heads = 8 {perceiver.tiling = #perceiver.tiling<task = [1, 1, 32], root = true>}
// CHECK: block.attention {{.*}} heads = 12 {perceiver.tiling = #perceiver.tiling<task = [1, 1, 64], key_split = 1024, merge = [1, 1, 8], root = true>}
func.func @parts(%q: tensor<512x264xf32>, %k: tensor<?x50176x264xf32>, %few: tensor<?x512x264xf32>, %any: tensor<?x?x264xf32>,
                 %y: tensor<?x512x264xf32>) -> (tensor<?x512x264xf32>, tensor<?x512x264xf32>, tensor<?x512x264xf32>) {
  %0 = block.attention ins(%q, %k, %k : tensor<512x264xf32>, tensor<?x50176x264xf32>, tensor<?x50176x264xf32>)
      outs(%y : tensor<?x512x264xf32>) heads = 1 -> tensor<?x512x264xf32>
  %1 = block.attention ins(%q, %few, %few : tensor<512x264xf32>, tensor<?x512x264xf32>, tensor<?x512x264xf32>)
      outs(%y : tensor<?x512x264xf32>) heads = 8 -> tensor<?x512x264xf32>
  %2 = block.attention ins(%q, %any, %any : tensor<512x264xf32>, tensor<?x?x264xf32>, tensor<?x?x264xf32>)
      outs(%y : tensor<?x512x264xf32>) heads = 12 -> tensor<?x512x264xf32>
  return %0, %1, %2 : tensor<?x512x264xf32>, tensor<?x512x264xf32>, tensor<?x512x264xf32>
}

// No parts where their states would grow with queries whose number is not known; no
// more than float32 needs where states would be larger than keys and values.

// CHECK-LABEL: func.func @many_queries
// CHECK: block.attention {{.*}} heads = 1 {perceiver.tiling = #perceiver.tiling<task = [1, 1, 64], root = true>}
// CHECK: block.attention {{.*}} heads = 1 {perceiver.tiling = #perceiver.tiling<task = [1, 1, 64], key_split = 14336, merge = [1, 1, 8], root = true>}
func.func @many_queries(%any: tensor<?x264xf32>, %k: tensor<?x50176x264xf32>, %y: tensor<?x?x264xf32>,
                    %q: tensor<100000x264xf32>, %z: tensor<?x100000x264xf32>) -> (tensor<?x?x264xf32>, tensor<?x100000x264xf32>) {
  %0 = block.attention ins(%any, %k, %k : tensor<?x264xf32>, tensor<?x50176x264xf32>, tensor<?x50176x264xf32>)
      outs(%y : tensor<?x?x264xf32>) heads = 1 -> tensor<?x?x264xf32>
  %1 = block.attention ins(%q, %z, %z : tensor<100000x264xf32>, tensor<?x100000x264xf32>, tensor<?x100000x264xf32>)
      outs(%z : tensor<?x100000x264xf32>) heads = 1 -> tensor<?x100000x264xf32>
  return %0, %1 : tensor<?x?x264xf32>, tensor<?x100000x264xf32>
}
