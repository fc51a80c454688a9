// RUN: perceiver-opt %s --perceiver-fold-elements --perceiver-fold-norms --perceiver-fuse-projections --perceiver-fold-linears --perceiver-collect-rewrites --split-input-file | FileCheck %s

// Each rewrite can be forbidden: for a module, a function or an operation.

// CHECK: module attributes {perceiver.fusion_log = [{{.*}}fold-norms: norm keeps affine: perceiver.without forbids it{{.*}}fold-linears: not folded: perceiver.without forbids it{{.*}}fold-elements: not joined scale: perceiver.without forbids it
// CHECK-LABEL: func.func @all_off
// CHECK: block.layer_norm {{.*}} affine
// CHECK-COUNT-3: block.linear
// CHECK: block.scale
module attributes {perceiver.without = ["fold-elements", "fold-norms", "fuse-projections", "fold-linears"]} {
  perceiver.parameter @g : tensor<7xf32> key "g"
  perceiver.parameter @s : tensor<7xf32> key "s"
  perceiver.parameter @w1 : tensor<7x16xf32> key "w1"
  perceiver.parameter @w2 : tensor<7x16xf32> key "w2"
  perceiver.parameter @w3 : tensor<16x2xf32> key "w3"
  func.func @all_off(%x: tensor<5x7xf32>) -> (tensor<5x16xf32>, tensor<5x2xf32>) {
    %g = perceiver.get_parameter @g : tensor<7xf32>
    %s = perceiver.get_parameter @s : tensor<7xf32>
    %w1 = perceiver.get_parameter @w1 : tensor<7x16xf32>
    %w2 = perceiver.get_parameter @w2 : tensor<7x16xf32>
    %w3 = perceiver.get_parameter @w3 : tensor<16x2xf32>
    %c = tensor.empty() : tensor<5x7xf32>
    %e = tensor.empty() : tensor<5x16xf32>
    %f = tensor.empty() : tensor<5x2xf32>
    %n = block.layer_norm ins(%x : tensor<5x7xf32>) affine(%g, %s : tensor<7xf32>, tensor<7xf32>)
        outs(%c : tensor<5x7xf32>) -> tensor<5x7xf32>
    %0 = block.linear ins(%n, %w1 : tensor<5x7xf32>, tensor<7x16xf32>) outs(%e : tensor<5x16xf32>) -> tensor<5x16xf32>
    %1 = block.linear ins(%n, %w2 : tensor<5x7xf32>, tensor<7x16xf32>) outs(%e : tensor<5x16xf32>) -> tensor<5x16xf32>
    %2 = block.linear ins(%1, %w3 : tensor<5x16xf32>, tensor<16x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
    %3 = block.scale ins(%2 : tensor<5x2xf32>) outs(%f : tensor<5x2xf32>) {factor = 2.0 : f64} -> tensor<5x2xf32>
    return %0, %3 : tensor<5x16xf32>, tensor<5x2xf32>
  }
}

// -----

// One function alone: the other one's layers are folded.

// CHECK-LABEL: func.func @off
// CHECK-COUNT-2: block.linear
// CHECK-LABEL: func.func @on
// CHECK: block.linear ins(%{{.*}}, %{{.*}} : tensor<5x7xf32>, tensor<7x2xf32>)
perceiver.parameter @w1 : tensor<7x6xf32> key "w1"
perceiver.parameter @w2 : tensor<6x2xf32> key "w2"
func.func @off(%x: tensor<5x7xf32>) -> tensor<5x2xf32> attributes {perceiver.without = ["fold-linears"]} {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x2xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<5x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x6xf32>, tensor<6x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
  return %1 : tensor<5x2xf32>
}
func.func @on(%x: tensor<5x7xf32>) -> tensor<5x2xf32> {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x2xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<5x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x6xf32>, tensor<6x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
  return %1 : tensor<5x2xf32>
}
