// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-cpu-strategy{cpu=x86-64-v4},perceiver-cpu-prepare,perceiver-cpu-tile)' | FileCheck %s

// One latent layer: the norm is a phase of its own since every head needs all
// of its rows; projections and attention of a head are one; what follows is one
// for each block of rows.

// CHECK-LABEL: func.func @layer
// CHECK: scf.forall {{.*}} = (0, 0) to ({{.*}}, 128) step (1, 64)
// CHECK: block.layer_norm
// CHECK-NOT: block.linear
// CHECK: scf.forall {{.*}} in ({{.*}}, 8)
// CHECK: block.linear
// CHECK: scf.for
// CHECK: block.online_attention
// CHECK: block.finish_attention
// CHECK: scf.forall {{.*}} = (0, 0) to ({{.*}}, 128) step (1, 64)
// CHECK: block.linear
// CHECK: block.layer_norm
// CHECK: block.linear
// CHECK-NOT: scf.forall {{.*}} to
func.func @layer(%x: tensor<?x128x64xf32>, %w: tensor<64x64xf32>, %b: tensor<64xf32>) -> tensor<?x128x64xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x128x64xf32>
  %e = tensor.empty(%batch) : tensor<?x128x64xf32>
  %n = block.layer_norm ins(%x : tensor<?x128x64xf32>) outs(%e : tensor<?x128x64xf32>) -> tensor<?x128x64xf32>
  %q = block.linear ins(%n, %w : tensor<?x128x64xf32>, tensor<64x64xf32>) bias(%b : tensor<64xf32>)
      outs(%e : tensor<?x128x64xf32>) -> tensor<?x128x64xf32>
  %o = block.attention ins(%q, %q, %q : tensor<?x128x64xf32>, tensor<?x128x64xf32>, tensor<?x128x64xf32>)
      outs(%e : tensor<?x128x64xf32>) heads = 8 -> tensor<?x128x64xf32>
  %y = block.linear ins(%o, %w : tensor<?x128x64xf32>, tensor<64x64xf32>) bias(%b : tensor<64xf32>)
      residual(%x : tensor<?x128x64xf32>) outs(%e : tensor<?x128x64xf32>) -> tensor<?x128x64xf32>
  %m = block.layer_norm ins(%y : tensor<?x128x64xf32>) outs(%e : tensor<?x128x64xf32>) -> tensor<?x128x64xf32>
  %z = block.linear ins(%m, %w : tensor<?x128x64xf32>, tensor<64x64xf32>) bias(%b : tensor<64xf32>)
      residual(%y : tensor<?x128x64xf32>) outs(%e : tensor<?x128x64xf32>) -> tensor<?x128x64xf32>
  return %z : tensor<?x128x64xf32>
}

// Of one projection, the queries of a task are rows that no other task needs,
// the keys and values are all rows: the projection is a phase of its own, and
// nothing of it is computed twice.

// CHECK-LABEL: func.func @fused_projection
// CHECK-NOT: block.linear
// CHECK: scf.forall {{.*}} = (0, 0) to (2, 1024) step (1, 64)
// CHECK: block.linear
// CHECK: scf.forall {{.*}} = (0, 0) to (2, 1024) step (1, 64)
// CHECK-NOT: block.linear
// CHECK: block.online_attention
// CHECK-NOT: block.linear
// CHECK: return
func.func @fused_projection(%x: tensor<2x1024x32xf32>, %w: tensor<32x96xf32>) -> tensor<2x1024x32xf32> {
  %e = tensor.empty() : tensor<2x1024x96xf32>
  %p = block.linear ins(%x, %w : tensor<2x1024x32xf32>, tensor<32x96xf32>) outs(%e : tensor<2x1024x96xf32>)
      -> tensor<2x1024x96xf32>
  %q = tensor.extract_slice %p[0, 0, 0] [2, 1024, 32] [1, 1, 1] : tensor<2x1024x96xf32> to tensor<2x1024x32xf32>
  %k = tensor.extract_slice %p[0, 0, 32] [2, 1024, 32] [1, 1, 1] : tensor<2x1024x96xf32> to tensor<2x1024x32xf32>
  %v = tensor.extract_slice %p[0, 0, 64] [2, 1024, 32] [1, 1, 1] : tensor<2x1024x96xf32> to tensor<2x1024x32xf32>
  %f = tensor.empty() : tensor<2x1024x32xf32>
  %y = block.attention ins(%q, %k, %v : tensor<2x1024x32xf32>, tensor<2x1024x32xf32>, tensor<2x1024x32xf32>)
      outs(%f : tensor<2x1024x32xf32>) heads = 1 -> tensor<2x1024x32xf32>
  return %y : tensor<2x1024x32xf32>
}

// The rows of the norm that a task adds are fused, the channels that it
// projects cannot be: for these the norm is a phase, too.

// CHECK-LABEL: func.func @partly_fused
// CHECK-NOT: block.layer_norm
// CHECK: scf.forall {{.*}} = (0, 0) to (2, 128) step (1, 64)
// CHECK: block.layer_norm
// CHECK: scf.forall {{.*}} = (0, 0) to (2, 128) step (1, 64)
// CHECK: block.linear
// CHECK: return
func.func @partly_fused(%x: tensor<2x128x64xf32>, %w: tensor<32x64xf32>) -> tensor<2x128x64xf32> {
  %e = tensor.empty() : tensor<2x128x64xf32>
  %n = block.layer_norm ins(%x : tensor<2x128x64xf32>) outs(%e : tensor<2x128x64xf32>) -> tensor<2x128x64xf32>
  %s = tensor.extract_slice %n[0, 0, 0] [2, 128, 32] [1, 1, 1] : tensor<2x128x64xf32> to tensor<2x128x32xf32>
  %y = block.linear ins(%s, %w : tensor<2x128x32xf32>, tensor<32x64xf32>) residual(%n : tensor<2x128x64xf32>)
      outs(%e : tensor<2x128x64xf32>) -> tensor<2x128x64xf32>
  return %y : tensor<2x128x64xf32>
}

// What one head computes is no part of it: heads of 4 channels are not fused
// with the queries that an attention with heads of 2 channels reads.

// CHECK-LABEL: func.func @narrower_heads
// CHECK: %[[Q:.*]] = scf.forall
// CHECK: block.finish_attention
// CHECK: scf.forall
// CHECK: tensor.extract_slice %[[Q]][
// CHECK: block.online_attention {{.*}} heads = 1
func.func @narrower_heads(%s: tensor<2x1x4x7xf32>, %m: tensor<2x1x7xf32>, %k: tensor<2x8x4xf32>, %e: tensor<2x7x4xf32>,
                          %a: tensor<2x2x2x7xf32>, %n: tensor<2x2x7xf32>) -> tensor<2x2x2x7xf32> {
  %q = block.finish_attention ins(%s, %m, %m : tensor<2x1x4x7xf32>, tensor<2x1x7xf32>, tensor<2x1x7xf32>)
      outs(%e : tensor<2x7x4xf32>) -> tensor<2x7x4xf32>
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x4xf32>, tensor<2x8x4xf32>, tensor<2x8x4xf32>)
      outs(%a, %n, %n : tensor<2x2x2x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1, 1]>}
      -> tensor<2x2x2x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x2x7xf32>
}
