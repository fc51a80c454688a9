// RUN: perceiver-opt %s --perceiver-convert-to-online-attention --perceiver-set-target=cpu=x86-64-v4 --perceiver-select-strategy --remarks-filter=perceiver-select-strategy 2>&1 | FileCheck %s

// The cost model says why it cuts as it does; an attribute that is there stays,
// without a remark.

// CHECK: Reason="1 head < 8 tasks: 50176 keys split into 16 parts of 3136", Remark=online_attention
// CHECK: Reason="after the parts are merged: 512 rows in blocks of 64 rows: 8 tasks", Remark=finish_attention
// CHECK: Reason="8 heads >= 8 tasks: a task is 64 queries of a head", Remark=online_attention
// CHECK: Reason="with its attention, a block of queries at a time", Remark=finish_attention
// CHECK: Reason="2 heads < 8 tasks: any number of keys split into few parts of multiples of 64", Remark=online_attention
// CHECK: Reason="after the parts are merged: 512 rows in blocks of 64 rows: 8 tasks", Remark=finish_attention
// CHECK: Reason="any number of rows in blocks of 128 rows", Remark=linear
// CHECK: Reason="16 rows in one task: each task streams all weights once, more tasks only move more memory", Remark=linear
// CHECK-NOT: Reason=

func.func @one_head(%q: tensor<512x64xf32>, %k: tensor<?x50176x64xf32>, %v: tensor<?x50176x32xf32>, %o: tensor<?x512x32xf32>) -> tensor<?x512x32xf32> {
  %0 = block.attention ins(%q, %k, %v : tensor<512x64xf32>, tensor<?x50176x64xf32>, tensor<?x50176x32xf32>) outs(%o : tensor<?x512x32xf32>) heads = 1 -> tensor<?x512x32xf32>
  return %0 : tensor<?x512x32xf32>
}

func.func @eight_heads(%q: tensor<?x512x64xf32>, %k: tensor<?x512x64xf32>, %v: tensor<?x512x32xf32>, %o: tensor<?x512x32xf32>) -> tensor<?x512x32xf32> {
  %0 = block.attention ins(%q, %k, %v : tensor<?x512x64xf32>, tensor<?x512x64xf32>, tensor<?x512x32xf32>) outs(%o : tensor<?x512x32xf32>) heads = 8 -> tensor<?x512x32xf32>
  return %0 : tensor<?x512x32xf32>
}

func.func @any_keys(%q: tensor<512x64xf32>, %k: tensor<?x?x64xf32>, %v: tensor<?x?x32xf32>, %o: tensor<?x512x32xf32>) -> tensor<?x512x32xf32> {
  %0 = block.attention ins(%q, %k, %v : tensor<512x64xf32>, tensor<?x?x64xf32>, tensor<?x?x32xf32>) outs(%o : tensor<?x512x32xf32>) heads = 2 -> tensor<?x512x32xf32>
  return %0 : tensor<?x512x32xf32>
}

func.func @rows(%x: tensor<?x?x8xf32>, %z: tensor<16x8xf32>, %w: tensor<8x32xf32>, %a: tensor<?x?x32xf32>, %b: tensor<16x32xf32>) -> (tensor<?x?x32xf32>, tensor<16x32xf32>, tensor<16x32xf32>) {
  %0 = block.linear ins(%x, %w : tensor<?x?x8xf32>, tensor<8x32xf32>) outs(%a : tensor<?x?x32xf32>) -> tensor<?x?x32xf32>
  %1 = block.linear ins(%z, %w : tensor<16x8xf32>, tensor<8x32xf32>) outs(%b : tensor<16x32xf32>) -> tensor<16x32xf32>
  %2 = block.linear ins(%z, %w : tensor<16x8xf32>, tensor<8x32xf32>) outs(%b : tensor<16x32xf32>) {perceiver.tiling = #perceiver.tiling<task = [8]>} -> tensor<16x32xf32>
  return %0, %1, %2 : tensor<?x?x32xf32>, tensor<16x32xf32>, tensor<16x32xf32>
}
