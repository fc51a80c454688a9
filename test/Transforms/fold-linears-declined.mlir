// RUN: perceiver-opt %s --perceiver-fold-linears --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-fold-linears --split-input-file --remarks-filter="perceiver-fold-linears" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// REMARK: remark: [Missed] NotFolded {{.*}} Reason="49 multiplications of a row instead of 14"
// REMARK: remark: [Missed] NotFolded {{.*}} Reason="65 multiplications of a row instead of 72"
// REMARK: remark: [Missed] NotFolded {{.*}} Reason="the first layer has a residual and the second an activation"
// REMARK: remark: [Missed] NotFolded {{.*}} Reason="the residual lacks the batch of the layer"
// REMARK: remark: [Missed] NotFolded {{.*}} Reason="the weights and biases do not come from parameters that can be combined"
// REMARK: remark: [Missed] NotFolded {{.*}} Reason="a tiling is of one layer alone"
// REMARK: remark: [Missed] NotFolded {{.*}} Reason="perceiver.without forbids it"
// REMARK-NOT: remark:

perceiver.parameter @w1 : tensor<7x1xf32> key "w1"
perceiver.parameter @w2 : tensor<1x7xf32> key "w2"

// A bottleneck is there to save work.

// CHECK: func.func @bottleneck
// CHECK-COUNT-2: block.linear
func.func @bottleneck(%x: tensor<5x7xf32>) -> tensor<5x7xf32> {
  %w1 = perceiver.get_parameter @w1 : tensor<7x1xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<1x7xf32>
  %e = tensor.empty() : tensor<5x1xf32>
  %f = tensor.empty() : tensor<5x7xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x7xf32>, tensor<7x1xf32>) outs(%e : tensor<5x1xf32>) -> tensor<5x1xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x1xf32>, tensor<1x7xf32>) outs(%f : tensor<5x7xf32>) -> tensor<5x7xf32>
  return %1 : tensor<5x7xf32>
}

// -----

perceiver.parameter @w1 : tensor<7x6xf32> key "w1"
perceiver.parameter @w2 : tensor<6x5xf32> key "w2"

// With a residual the second layer remains: little is saved where it is wide.

// CHECK: func.func @wide
// CHECK: block.linear {{.*}} residual
// CHECK: block.linear
func.func @wide(%x: tensor<5x7xf32>, %r: tensor<5x6xf32>) -> tensor<5x5xf32> {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x5xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<5x5xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x7xf32>, tensor<7x6xf32>) residual(%r : tensor<5x6xf32>)
      outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x6xf32>, tensor<6x5xf32>) outs(%f : tensor<5x5xf32>) -> tensor<5x5xf32>
  return %1 : tensor<5x5xf32>
}

// -----

perceiver.parameter @w1 : tensor<7x6xf32> key "w1"
perceiver.parameter @w2 : tensor<6x2xf32> key "w2"

// CHECK: func.func @activation
// CHECK: block.linear {{.*}} residual
// CHECK: block.linear
func.func @activation(%x: tensor<5x7xf32>, %r: tensor<5x6xf32>) -> tensor<5x2xf32> {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x2xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<5x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x7xf32>, tensor<7x6xf32>) residual(%r : tensor<5x6xf32>)
      outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x6xf32>, tensor<6x2xf32>) outs(%f : tensor<5x2xf32>)
      {activation = #perceiver.activation<relu>} -> tensor<5x2xf32>
  return %1 : tensor<5x2xf32>
}

// -----

perceiver.parameter @w1 : tensor<7x6xf32> key "w1"
perceiver.parameter @w2 : tensor<6x2xf32> key "w2"

// CHECK: func.func @batch
// CHECK: block.linear {{.*}} residual
// CHECK: block.linear {{.*}} residual
func.func @batch(%x: tensor<3x5x7xf32>, %r: tensor<5x6xf32>, %q: tensor<3x5x2xf32>) -> tensor<3x5x2xf32> {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x2xf32>
  %e = tensor.empty() : tensor<3x5x6xf32>
  %f = tensor.empty() : tensor<3x5x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<3x5x7xf32>, tensor<7x6xf32>) residual(%r : tensor<5x6xf32>)
      outs(%e : tensor<3x5x6xf32>) -> tensor<3x5x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<3x5x6xf32>, tensor<6x2xf32>) residual(%q : tensor<3x5x2xf32>)
      outs(%f : tensor<3x5x2xf32>) -> tensor<3x5x2xf32>
  return %1 : tensor<3x5x2xf32>
}

// -----

perceiver.parameter @w2 : tensor<6x2xf32> key "w2"

// CHECK: func.func @no_parameter
// CHECK-COUNT-2: block.linear
func.func @no_parameter(%x: tensor<5x7xf32>, %w1: tensor<7x6xf32>) -> tensor<5x2xf32> {
  %w2 = perceiver.get_parameter @w2 : tensor<6x2xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<5x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x6xf32>, tensor<6x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
  return %1 : tensor<5x2xf32>
}

// -----

perceiver.parameter @w1 : tensor<7x6xf32> key "w1"
perceiver.parameter @w2 : tensor<6x2xf32> key "w2"

// CHECK: func.func @tiled
// CHECK-COUNT-2: block.linear
func.func @tiled(%x: tensor<5x7xf32>) -> tensor<5x2xf32> {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x2xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<5x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [5]>} -> tensor<5x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x6xf32>, tensor<6x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
  return %1 : tensor<5x2xf32>
}

// -----

perceiver.parameter @w1 : tensor<7x6xf32> key "w1"
perceiver.parameter @w2 : tensor<6x2xf32> key "w2"

// CHECK: func.func @forbidden
// CHECK-COUNT-2: block.linear
func.func @forbidden(%x: tensor<5x7xf32>) -> tensor<5x2xf32> {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x2xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<5x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>)
      {perceiver.without = ["fold-linears"]} -> tensor<5x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x6xf32>, tensor<6x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
  return %1 : tensor<5x2xf32>
}

// -----

perceiver.parameter @w1 : tensor<7x6xf32> key "w1"
perceiver.parameter @w2 : tensor<6x2xf32> key "w2"

// What makes them two layers needs no remark.

// CHECK: func.func @mlp
// CHECK-COUNT-2: block.linear
func.func @mlp(%x: tensor<5x7xf32>) -> tensor<5x2xf32> {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x2xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<5x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>)
      {activation = #perceiver.activation<gelu_erf>} -> tensor<5x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x6xf32>, tensor<6x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
  return %1 : tensor<5x2xf32>
}
