// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-strategy,perceiver-tile)' | FileCheck %s

// One latent layer: the norm is a phase of its own since every head needs all
// of its rows; projections and attention of a head are one; what follows is one
// for each block of rows.

// CHECK-LABEL: func.func @layer
// CHECK: scf.forall {{.*}} = (0, 0) to ({{.*}}, 128) step (1, 64)
// CHECK: perceiver.layer_norm
// CHECK-NOT: perceiver.linear
// CHECK: scf.forall {{.*}} in ({{.*}}, 8)
// CHECK: perceiver.linear
// CHECK: scf.for
// CHECK: perceiver.online_attention
// CHECK: perceiver.finish_attention
// CHECK: scf.forall {{.*}} = (0, 0) to ({{.*}}, 128) step (1, 64)
// CHECK: perceiver.linear
// CHECK: perceiver.layer_norm
// CHECK: perceiver.linear
// CHECK-NOT: scf.forall {{.*}} to
func.func @layer(%x: tensor<?x128x64xf32>, %w: tensor<64x64xf32>, %b: tensor<64xf32>) -> tensor<?x128x64xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x128x64xf32>
  %e = tensor.empty(%batch) : tensor<?x128x64xf32>
  %n = perceiver.layer_norm ins(%x : tensor<?x128x64xf32>) outs(%e : tensor<?x128x64xf32>) -> tensor<?x128x64xf32>
  %q = perceiver.linear ins(%n, %w : tensor<?x128x64xf32>, tensor<64x64xf32>) bias(%b : tensor<64xf32>)
      outs(%e : tensor<?x128x64xf32>) -> tensor<?x128x64xf32>
  %o = perceiver.attention ins(%q, %q, %q : tensor<?x128x64xf32>, tensor<?x128x64xf32>, tensor<?x128x64xf32>)
      outs(%e : tensor<?x128x64xf32>) heads = 8 -> tensor<?x128x64xf32>
  %y = perceiver.linear ins(%o, %w : tensor<?x128x64xf32>, tensor<64x64xf32>) bias(%b : tensor<64xf32>)
      residual(%x : tensor<?x128x64xf32>) outs(%e : tensor<?x128x64xf32>) -> tensor<?x128x64xf32>
  %m = perceiver.layer_norm ins(%y : tensor<?x128x64xf32>) outs(%e : tensor<?x128x64xf32>) -> tensor<?x128x64xf32>
  %z = perceiver.linear ins(%m, %w : tensor<?x128x64xf32>, tensor<64x64xf32>) bias(%b : tensor<64xf32>)
      residual(%y : tensor<?x128x64xf32>) outs(%e : tensor<?x128x64xf32>) -> tensor<?x128x64xf32>
  return %z : tensor<?x128x64xf32>
}
