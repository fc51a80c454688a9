// RUN: perceiver-opt %s --perceiver-fold-norms --split-input-file --remarks-filter="perceiver-fold-norms" 2>&1 | FileCheck %s

// Remarks go to the standard error, before the rest.
// CHECK: remark: [Missed] NormKeepsAffine | Category:perceiver-fold-norms | Reason="something that is no linear layer uses the norm"
// CHECK: remark: [Missed] NormKeepsAffine {{.*}} Reason="the weight, the bias and the affine part do not all come from parameters that can be combined"

perceiver.parameter @g : tensor<7xf32> key "norm.weight"
perceiver.parameter @s : tensor<7xf32> key "norm.bias"
perceiver.parameter @w : tensor<7x7xf32> key "weight" transpose

// CHECK: func.func @residual
// CHECK: block.layer_norm {{.*}} affine(
func.func @residual(%x: tensor<9x7xf32>) -> tensor<9x7xf32> {
  %g = perceiver.get_parameter @g : tensor<7xf32>
  %s = perceiver.get_parameter @s : tensor<7xf32>
  %e = tensor.empty() : tensor<9x7xf32>
  %n = block.layer_norm ins(%x : tensor<9x7xf32>) affine(%g, %s : tensor<7xf32>, tensor<7xf32>)
      outs(%e : tensor<9x7xf32>) -> tensor<9x7xf32>
  %w = perceiver.get_parameter @w : tensor<7x7xf32>
  %y = block.linear ins(%n, %w : tensor<9x7xf32>, tensor<7x7xf32>) residual(%n : tensor<9x7xf32>)
      outs(%e : tensor<9x7xf32>) -> tensor<9x7xf32>
  return %y : tensor<9x7xf32>
}

// -----

// The gain is an argument, so the folded weight could not be stored.

perceiver.parameter @w : tensor<7x7xf32> key "weight" transpose

// CHECK: func.func @conditional
// CHECK: block.layer_norm {{.*}} affine(
func.func @conditional(%x: tensor<9x7xf32>, %g: tensor<7xf32>, %s: tensor<7xf32>) -> tensor<9x7xf32> {
  %e = tensor.empty() : tensor<9x7xf32>
  %n = block.layer_norm ins(%x : tensor<9x7xf32>) affine(%g, %s : tensor<7xf32>, tensor<7xf32>)
      outs(%e : tensor<9x7xf32>) -> tensor<9x7xf32>
  %w = perceiver.get_parameter @w : tensor<7x7xf32>
  %y = block.linear ins(%n, %w : tensor<9x7xf32>, tensor<7x7xf32>) outs(%e : tensor<9x7xf32>) -> tensor<9x7xf32>
  return %y : tensor<9x7xf32>
}
