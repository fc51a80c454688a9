// RUN: perceiver-opt %s --perceiver-fold-norms --perceiver-fuse-projections --perceiver-split-prepare --canonicalize --symbol-dce | FileCheck %s

// The query path of an encoder with learned latents is one stored tensor. The
// latents themselves are stored for the residual.

perceiver.parameter @latents : tensor<5x6xf32> key "latents"
perceiver.parameter @g : tensor<6xf32> key "layernorm1.weight"
perceiver.parameter @s : tensor<6xf32> key "layernorm1.bias"
perceiver.parameter @wq : tensor<6x8xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<8xf32> key "query.bias"
perceiver.parameter @wo : tensor<8x6xf32> key "output.weight" transpose
perceiver.parameter @bo : tensor<6xf32> key "output.bias"

// CHECK-LABEL: func.func @encode
// CHECK-NOT: block.layer_norm
// CHECK-DAG: %[[Q:.*]] = block.get_weight @weight_0 : tensor<5x8xf32>
// CHECK-DAG: %[[Z:.*]] = block.get_weight @weight_3 : tensor<5x6xf32>
// CHECK: block.attention ins(%[[Q]],
// CHECK: block.linear {{.*}} residual(%[[Z]] :
// CHECK: return
// CHECK: func.func private @prepare_0() -> tensor<5x8xf32>
// CHECK: block.layer_norm
// CHECK: block.linear
// CHECK: return
// CHECK: block.weight @weight_3
// CHECK-NOT: block.weight
func.func @encode(%k: tensor<?x11x8xf32>, %v: tensor<?x11x8xf32>, %ia: tensor<?x5x8xf32>, %io: tensor<?x5x6xf32>) -> tensor<?x5x6xf32> {
  %z = perceiver.get_parameter @latents : tensor<5x6xf32>
  %g = perceiver.get_parameter @g : tensor<6xf32>
  %s = perceiver.get_parameter @s : tensor<6xf32>
  %en = tensor.empty() : tensor<5x6xf32>
  %n = block.layer_norm ins(%z : tensor<5x6xf32>) affine(%g, %s : tensor<6xf32>, tensor<6xf32>)
      outs(%en : tensor<5x6xf32>) -> tensor<5x6xf32>
  %wq = perceiver.get_parameter @wq : tensor<6x8xf32>
  %bq = perceiver.get_parameter @bq : tensor<8xf32>
  %eq = tensor.empty() : tensor<5x8xf32>
  %q = block.linear ins(%n, %wq : tensor<5x6xf32>, tensor<6x8xf32>) bias(%bq : tensor<8xf32>)
      outs(%eq : tensor<5x8xf32>) -> tensor<5x8xf32>
  %a = block.attention ins(%q, %k, %v : tensor<5x8xf32>, tensor<?x11x8xf32>, tensor<?x11x8xf32>)
      outs(%ia : tensor<?x5x8xf32>) heads = 1 -> tensor<?x5x8xf32>
  %wo = perceiver.get_parameter @wo : tensor<8x6xf32>
  %bo = perceiver.get_parameter @bo : tensor<6xf32>
  %y = block.linear ins(%a, %wo : tensor<?x5x8xf32>, tensor<8x6xf32>) bias(%bo : tensor<6xf32>)
      residual(%z : tensor<5x6xf32>) outs(%io : tensor<?x5x6xf32>) -> tensor<?x5x6xf32>
  return %y : tensor<?x5x6xf32>
}
