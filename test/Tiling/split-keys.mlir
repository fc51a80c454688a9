// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-cpu-strategy{cpu=x86-64-v4},perceiver-cpu-prepare,perceiver-cpu-tile)' | FileCheck %s

// One head and many keys: 16 parts, whatever the number of threads; keys are
// projected a block at a time inside their part, and a merge follows. Float32
// holds the sums of a part, float64 those of all.

// CHECK-LABEL: func.func @cross
// CHECK: scf.forall {{.*}} to (50176) step (3136)
// CHECK: scf.for
// CHECK: block.linear
// CHECK: scf.for
// CHECK: block.online_attention
// CHECK-SAME: -> tensor<1x1x64x64xf32>, tensor<1x1x64xf32>, tensor<1x1x64xf32>
// CHECK: block.merge_attention
// CHECK-SAME: -> tensor<1x1x64x64xf64>, tensor<1x1x64xf32>, tensor<1x1x64xf64>
// CHECK: block.finish_attention
func.func @cross(%q: tensor<256x64xf32>, %x: tensor<1x50176x29xf32>, %w: tensor<29x64xf32>) -> tensor<1x256x64xf32> {
  %ek = tensor.empty() : tensor<1x50176x64xf32>
  %eo = tensor.empty() : tensor<1x256x64xf32>
  %k = block.linear ins(%x, %w : tensor<1x50176x29xf32>, tensor<29x64xf32>)
      outs(%ek : tensor<1x50176x64xf32>) -> tensor<1x50176x64xf32>
  %o = block.attention ins(%q, %k, %k : tensor<256x64xf32>, tensor<1x50176x64xf32>, tensor<1x50176x64xf32>)
      outs(%eo : tensor<1x256x64xf32>) heads = 1 -> tensor<1x256x64xf32>
  return %o : tensor<1x256x64xf32>
}

// Keys and values that one linear layer projects: each task computes its columns of
// both, and no array holds all keys.

// CHECK-LABEL: func.func @fused_projections
// CHECK-NOT: block.linear
// CHECK: scf.forall {{.*}} to (50176) step (3136)
// CHECK: scf.for
// CHECK: %[[K:.*]] = block.linear
// CHECK: %[[V:.*]] = block.linear
// CHECK: scf.for
// CHECK: block.online_attention ins(%{{.*}}, %[[K]], %[[V]]
func.func @fused_projections(%q: tensor<256x64xf32>, %x: tensor<?x50176x29xf32>, %w: tensor<29x128xf32>, %b: index)
    -> tensor<?x256x64xf32> {
  %e = tensor.empty(%b) : tensor<?x50176x128xf32>
  %eo = tensor.empty(%b) : tensor<?x256x64xf32>
  %kv = block.linear ins(%x, %w : tensor<?x50176x29xf32>, tensor<29x128xf32>)
      outs(%e : tensor<?x50176x128xf32>) -> tensor<?x50176x128xf32>
  %k = tensor.extract_slice %kv[0, 0, 0] [%b, 50176, 64] [1, 1, 1] : tensor<?x50176x128xf32> to tensor<?x50176x64xf32>
  %v = tensor.extract_slice %kv[0, 0, 64] [%b, 50176, 64] [1, 1, 1] : tensor<?x50176x128xf32> to tensor<?x50176x64xf32>
  %o = block.attention ins(%q, %k, %v : tensor<256x64xf32>, tensor<?x50176x64xf32>, tensor<?x50176x64xf32>)
      outs(%eo : tensor<?x256x64xf32>) heads = 1 -> tensor<?x256x64xf32>
  return %o : tensor<?x256x64xf32>
}
