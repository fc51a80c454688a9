// RUN: perceiver-opt %s --loop-invariant-code-motion --perceiver-split-prepare --canonicalize | FileCheck %s

// A tied model reads its input in each iteration with the same weights: the
// norm and the projections of the input leave the loop. What depends on the
// latents stays.

perceiver.parameter @ng : tensor<5xf32> key "layers.1.0.norm_context.weight"
perceiver.parameter @nb : tensor<5xf32> key "layers.1.0.norm_context.bias"
perceiver.parameter @wk : tensor<5x8xf32> key "layers.1.0.fn.to_kv.weight" slice [0:8, 0:5] of [16, 5] transpose
perceiver.parameter @wv : tensor<5x8xf32> key "layers.1.0.fn.to_kv.weight" slice [8:16, 0:5] of [16, 5] transpose
perceiver.parameter @wq : tensor<6x8xf32> key "layers.1.0.fn.to_q.weight" transpose
perceiver.parameter @wo : tensor<8x6xf32> key "layers.1.0.fn.to_out.weight" transpose

// CHECK-LABEL: func.func @tied
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x11x5xf32>, %[[Z:[a-z0-9]+]]: tensor<?x3x6xf32>
// CHECK: %[[N:.*]] = block.layer_norm ins(%[[X]] :
// CHECK: %[[K:.*]] = block.linear ins(%[[N]],
// CHECK: %[[V:.*]] = block.linear ins(%[[N]],
// CHECK: scf.for
// CHECK-NOT: block.layer_norm
// CHECK-NOT: block.get_weight
// CHECK: %[[Q:.*]] = block.linear
// CHECK: block.attention ins(%[[Q]], %[[K]], %[[V]] :
// CHECK: block.linear
// CHECK: scf.yield
func.func @tied(%x: tensor<?x11x5xf32>, %z: tensor<?x3x6xf32>) -> tensor<?x3x6xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %y = scf.for %i = %c0 to %c5 step %c1 iter_args(%s = %z) -> tensor<?x3x6xf32> {
    %b = tensor.dim %x, %c0 : tensor<?x11x5xf32>
    %ng = perceiver.get_parameter @ng : tensor<5xf32>
    %nb = perceiver.get_parameter @nb : tensor<5xf32>
    %en = tensor.empty(%b) : tensor<?x11x5xf32>
    %n = block.layer_norm ins(%x : tensor<?x11x5xf32>) affine(%ng, %nb : tensor<5xf32>, tensor<5xf32>)
        outs(%en : tensor<?x11x5xf32>) -> tensor<?x11x5xf32>
    %wk = perceiver.get_parameter @wk : tensor<5x8xf32>
    %ek = tensor.empty(%b) : tensor<?x11x8xf32>
    %k = block.linear ins(%n, %wk : tensor<?x11x5xf32>, tensor<5x8xf32>) outs(%ek : tensor<?x11x8xf32>) -> tensor<?x11x8xf32>
    %wv = perceiver.get_parameter @wv : tensor<5x8xf32>
    %v = block.linear ins(%n, %wv : tensor<?x11x5xf32>, tensor<5x8xf32>) outs(%ek : tensor<?x11x8xf32>) -> tensor<?x11x8xf32>
    %wq = perceiver.get_parameter @wq : tensor<6x8xf32>
    %eq = tensor.empty(%b) : tensor<?x3x8xf32>
    %q = block.linear ins(%s, %wq : tensor<?x3x6xf32>, tensor<6x8xf32>) outs(%eq : tensor<?x3x8xf32>) -> tensor<?x3x8xf32>
    %a = block.attention ins(%q, %k, %v : tensor<?x3x8xf32>, tensor<?x11x8xf32>, tensor<?x11x8xf32>)
        outs(%eq : tensor<?x3x8xf32>) heads = 1 -> tensor<?x3x8xf32>
    %wo = perceiver.get_parameter @wo : tensor<8x6xf32>
    %eo = tensor.empty(%b) : tensor<?x3x6xf32>
    %o = block.linear ins(%a, %wo : tensor<?x3x8xf32>, tensor<8x6xf32>) residual(%s : tensor<?x3x6xf32>)
        outs(%eo : tensor<?x3x6xf32>) -> tensor<?x3x6xf32>
    scf.yield %o : tensor<?x3x6xf32>
  }
  return %y : tensor<?x3x6xf32>
}
