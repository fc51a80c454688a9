// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-set-target{cpu=x86-64-v4},perceiver-convert-to-online-attention,func.func(perceiver-select-strategy))' | FileCheck %s

// Few heads and any number of queries: tasks are rows of queries, which what
// follows may have, too. Inside, the state of a head and block of queries is kept.

// CHECK-LABEL: func.func @any_queries
// CHECK: block.online_attention {{.*}}#perceiver.tiling<task = [1, 0, 128]>
// CHECK: block.finish_attention {{.*}}#perceiver.tiling<task = [1, 0, 128], inner = [array<i64: 0, 1, 64>]>
func.func @any_queries(%q: tensor<?x32xf32>, %k: tensor<2x40x32xf32>, %y: tensor<2x?x32xf32>) -> tensor<2x?x32xf32> {
  %0 = block.attention ins(%q, %k, %k : tensor<?x32xf32>, tensor<2x40x32xf32>, tensor<2x40x32xf32>)
      outs(%y : tensor<2x?x32xf32>) heads = 1 -> tensor<2x?x32xf32>
  return %0 : tensor<2x?x32xf32>
}

// So are they with queries enough for all tasks: no state of theirs is kept.

// CHECK-LABEL: func.func @many_queries
// CHECK: block.online_attention {{.*}}#perceiver.tiling<task = [1, 0, 128], inner = [array<i64: 0, 0, 0, 256>]>
// CHECK: block.finish_attention {{.*}}#perceiver.tiling<task = [1, 0, 128], inner = [array<i64: 0, 1, 64>]>
func.func @many_queries(%q: tensor<4096x32xf32>, %k: tensor<2x2048x32xf32>, %y: tensor<2x4096x32xf32>) -> tensor<2x4096x32xf32> {
  %0 = block.attention ins(%q, %k, %k : tensor<4096x32xf32>, tensor<2x2048x32xf32>, tensor<2x2048x32xf32>)
      outs(%y : tensor<2x4096x32xf32>) heads = 1 -> tensor<2x4096x32xf32>
  return %0 : tensor<2x4096x32xf32>
}

// Heads enough are tasks as they are, with blocks of queries inside.

// CHECK-LABEL: func.func @heads
// CHECK: block.online_attention {{.*}}#perceiver.tiling<task = [1, 1, 832]>
// CHECK: block.finish_attention {{.*}}#perceiver.tiling<task = [1, 1, 832], inner = [array<i64: 0, 0, 64>], root = true>
func.func @heads(%q: tensor<?x32xf32>, %k: tensor<2x40x32xf32>, %y: tensor<2x?x32xf32>) -> tensor<2x?x32xf32> {
  %0 = block.attention ins(%q, %k, %k : tensor<?x32xf32>, tensor<2x40x32xf32>, tensor<2x40x32xf32>)
      outs(%y : tensor<2x?x32xf32>) heads = 8 -> tensor<2x?x32xf32>
  return %0 : tensor<2x?x32xf32>
}

// Many keys do not change that: parts of theirs would keep states of all queries,
// whose number nothing bounds.

// CHECK-LABEL: func.func @many_keys
// CHECK: block.online_attention {{.*}}#perceiver.tiling<task = [1, 0, 128], inner = [array<i64: 0, 0, 0, 256>]>
// CHECK: block.finish_attention {{.*}}#perceiver.tiling<task = [1, 0, 128], inner = [array<i64: 0, 1, 64>]>
func.func @many_keys(%q: tensor<?x32xf32>, %k: tensor<2x4096x32xf32>, %y: tensor<2x?x32xf32>) -> tensor<2x?x32xf32> {
  %0 = block.attention ins(%q, %k, %k : tensor<?x32xf32>, tensor<2x4096x32xf32>, tensor<2x4096x32xf32>)
      outs(%y : tensor<2x?x32xf32>) heads = 1 -> tensor<2x?x32xf32>
  return %0 : tensor<2x?x32xf32>
}

// CHECK-LABEL: func.func @any_queries_and_keys
// CHECK: block.online_attention {{.*}}#perceiver.tiling<task = [1, 0, 128], inner = [array<i64: 0, 0, 0, 256>]>
// CHECK: block.finish_attention {{.*}}#perceiver.tiling<task = [1, 0, 128], inner = [array<i64: 0, 1, 64>]>
func.func @any_queries_and_keys(%x: tensor<2x?x32xf32>, %y: tensor<2x?x32xf32>) -> tensor<2x?x32xf32> {
  %0 = block.attention ins(%x, %x, %x : tensor<2x?x32xf32>, tensor<2x?x32xf32>, tensor<2x?x32xf32>)
      outs(%y : tensor<2x?x32xf32>) heads = 4 -> tensor<2x?x32xf32>
  return %0 : tensor<2x?x32xf32>
}

// Hardly more keys than queries: the states of 16 parts are larger than the keys.

// CHECK-LABEL: func.func @as_many_keys_as_queries
// CHECK: block.online_attention {{.*}}#perceiver.tiling<task = [1, 0, 128], inner = [array<i64: 0, 0, 0, 256>]>
func.func @as_many_keys_as_queries(%q: tensor<27556x32xf32>, %k: tensor<2x27557x32xf32>, %y: tensor<2x27556x32xf32>) -> tensor<2x27556x32xf32> {
  %0 = block.attention ins(%q, %k, %k : tensor<27556x32xf32>, tensor<2x27557x32xf32>, tensor<2x27557x32xf32>)
      outs(%y : tensor<2x27556x32xf32>) heads = 1 -> tensor<2x27556x32xf32>
  return %0 : tensor<2x27556x32xf32>
}

// Many queries and many more keys, as in an encoder of images: a part of the
// keys projects its own, and nobody holds all of them.

// CHECK-LABEL: func.func @more_keys_than_queries
// CHECK: block.online_attention {{.*}}key_split = 4096, merge = [1, 0, 64]>
func.func @more_keys_than_queries(%q: tensor<2048x32xf32>, %k: tensor<2x65536x32xf32>, %y: tensor<2x2048x32xf32>) -> tensor<2x2048x32xf32> {
  %0 = block.attention ins(%q, %k, %k : tensor<2048x32xf32>, tensor<2x65536x32xf32>, tensor<2x65536x32xf32>)
      outs(%y : tensor<2x2048x32xf32>) heads = 1 -> tensor<2x2048x32xf32>
  return %0 : tensor<2x2048x32xf32>
}
