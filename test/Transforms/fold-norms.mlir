// RUN: perceiver-opt %s --perceiver-fold-norms --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-fold-norms --perceiver-split-prepare --split-input-file | FileCheck %s --check-prefix=SPLIT

perceiver.parameter @g : tensor<7xf32> key "norm.weight"
perceiver.parameter @s : tensor<7xf32> key "norm.bias"
perceiver.parameter @wk : tensor<7x3xf32> key "key.weight" transpose
perceiver.parameter @bk : tensor<3xf32> key "key.bias"
perceiver.parameter @wv : tensor<7x5xf32> key "value.weight" transpose

// Keys with a bias, values without one.

// CHECK-LABEL: func.func @keys_and_values
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x5x7xf32>
// CHECK-DAG: %[[G:.*]] = perceiver.get_parameter @g
// CHECK-DAG: %[[S:.*]] = perceiver.get_parameter @s
// CHECK-DAG: %[[N:.*]] = block.layer_norm ins(%[[X]] : tensor<?x5x7xf32>) outs({{.*}} {epsilon = 2.5
// CHECK-DAG: %[[WK:.*]] = perceiver.get_parameter @wk
// CHECK-DAG: %[[BK:.*]] = perceiver.get_parameter @bk
// CHECK-DAG: %[[WV:.*]] = perceiver.get_parameter @wv
// CHECK-DAG: %[[WK2:.*]] = block.scale_rows %[[WK]] by %[[G]]
// CHECK-DAG: %[[S1:.*]] = tensor.expand_shape %[[S]]
// CHECK-DAG: %[[P:.*]] = block.linear ins(%{{.*}}, %[[WK]] : tensor<1x7xf32>, tensor<7x3xf32>) bias(%[[BK]] :
// CHECK-DAG: %[[BK2:.*]] = tensor.collapse_shape %[[P]]
// CHECK: block.linear ins(%[[N]], %[[WK2]] : {{.*}}) bias(%[[BK2]] :
// CHECK-DAG: %[[WV2:.*]] = block.scale_rows %[[WV]] by %[[G]]
// CHECK-DAG: %[[Q:.*]] = block.linear ins(%{{.*}}, %[[WV]] : tensor<1x7xf32>, tensor<7x5xf32>) outs(
// CHECK-DAG: %[[BV2:.*]] = tensor.collapse_shape %[[Q]]
// CHECK: block.linear ins(%[[N]], %[[WV2]] : {{.*}}) bias(%[[BV2]] :

// Each layer is left with two stored tensors.
// SPLIT-LABEL: func.func @keys_and_values
// SPLIT-NOT: scale_rows
// SPLIT: block.layer_norm
// SPLIT-DAG: block.get_weight @weight_0 : tensor<7x3xf32>
// SPLIT-DAG: block.get_weight @weight_1 : tensor<3xf32>
// SPLIT: block.linear
// SPLIT-DAG: block.get_weight @weight_2 : tensor<7x5xf32>
// SPLIT-DAG: block.get_weight @weight_3 : tensor<5xf32>
// SPLIT: block.linear
// SPLIT: return
func.func @keys_and_values(%x: tensor<?x5x7xf32>, %ik: tensor<?x5x3xf32>, %iv: tensor<?x5x5xf32>, %in: tensor<?x5x7xf32>) -> (tensor<?x5x3xf32>, tensor<?x5x5xf32>) {
  %g = perceiver.get_parameter @g : tensor<7xf32>
  %s = perceiver.get_parameter @s : tensor<7xf32>
  %n = block.layer_norm ins(%x : tensor<?x5x7xf32>) affine(%g, %s : tensor<7xf32>, tensor<7xf32>)
      outs(%in : tensor<?x5x7xf32>) {epsilon = 2.5e-1 : f64} -> tensor<?x5x7xf32>
  %wk = perceiver.get_parameter @wk : tensor<7x3xf32>
  %bk = perceiver.get_parameter @bk : tensor<3xf32>
  %wv = perceiver.get_parameter @wv : tensor<7x5xf32>
  %k = block.linear ins(%n, %wk : tensor<?x5x7xf32>, tensor<7x3xf32>) bias(%bk : tensor<3xf32>)
      outs(%ik : tensor<?x5x3xf32>) -> tensor<?x5x3xf32>
  %v = block.linear ins(%n, %wv : tensor<?x5x7xf32>, tensor<7x5xf32>)
      outs(%iv : tensor<?x5x5xf32>) -> tensor<?x5x5xf32>
  return %k, %v : tensor<?x5x3xf32>, tensor<?x5x5xf32>
}

// -----

// A tied norm in front of a family: the folded weights are a family.

perceiver.parameter @g : tensor<7xf32> key "norm.weight"
perceiver.parameter @s : tensor<7xf32> key "norm.bias"
perceiver.parameter @w : tensor<7x4xf32> key "layers.{}.weight" count 3 transpose

// SPLIT-LABEL: func.func @family
// SPLIT-SAME: %[[I:[a-z0-9]+]]: index
// SPLIT-DAG: block.get_weight @weight_0[%[[I]]] : tensor<7x4xf32>
// SPLIT-DAG: block.get_weight @weight_1[%[[I]]] : tensor<4xf32>
// SPLIT: block.weight @weight_0 : tensor<7x4xf32> count 3
// CHECK-LABEL: func.func @family
func.func @family(%i: index, %x: tensor<9x7xf32>) -> tensor<9x2xf32> {
  %g = perceiver.get_parameter @g : tensor<7xf32>
  %s = perceiver.get_parameter @s : tensor<7xf32>
  %e = tensor.empty() : tensor<9x7xf32>
  %n = block.layer_norm ins(%x : tensor<9x7xf32>) affine(%g, %s : tensor<7xf32>, tensor<7xf32>)
      outs(%e : tensor<9x7xf32>) -> tensor<9x7xf32>
  %w = perceiver.get_parameter @w[%i] : tensor<7x4xf32>
  %f = tensor.empty() : tensor<9x2xf32>
  // The bias that a gated layer gets has both halves.
  // CHECK: block.linear ins(%{{.*}}) bias(%{{.*}} : tensor<4xf32>) {{.*}} {activation = #perceiver.activation<gated(gelu_erf)>}
  %y = block.linear ins(%n, %w : tensor<9x7xf32>, tensor<7x4xf32>) outs(%f : tensor<9x2xf32>)
      {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<9x2xf32>
  return %y : tensor<9x2xf32>
}

// -----

// The size of the norm's result is no use of it.

perceiver.parameter @g : tensor<7xf32> key "norm.weight"
perceiver.parameter @s : tensor<7xf32> key "norm.bias"
perceiver.parameter @w : tensor<7x3xf32> key "weight" transpose

// CHECK-LABEL: func.func @sizes
// CHECK-NOT: affine
// CHECK: return
func.func @sizes(%x: tensor<?x7xf32>, %in: tensor<?x7xf32>) -> tensor<?x3xf32> {
  %c0 = arith.constant 0 : index
  %g = perceiver.get_parameter @g : tensor<7xf32>
  %s = perceiver.get_parameter @s : tensor<7xf32>
  %n = block.layer_norm ins(%x : tensor<?x7xf32>) affine(%g, %s : tensor<7xf32>, tensor<7xf32>)
      outs(%in : tensor<?x7xf32>) -> tensor<?x7xf32>
  %d = tensor.dim %n, %c0 : tensor<?x7xf32>
  %e = tensor.empty(%d) : tensor<?x3xf32>
  %w = perceiver.get_parameter @w : tensor<7x3xf32>
  %y = block.linear ins(%n, %w : tensor<?x7xf32>, tensor<7x3xf32>) outs(%e : tensor<?x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}
