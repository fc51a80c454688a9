// RUN: perceiver-opt %s --perceiver-fold-elements --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-fold-elements --split-input-file --remarks-filter="perceiver-fold-elements" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// REMARK: remark: [Missed] NotJoined {{.*}} Reason="something else reads the layer", Remark=scale
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="something else reads the layer", Remark=add
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="a tiling is of one operation alone", Remark=scale
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the layer has a residual, which comes last", Remark=activate
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the layer depends on parameters alone and is stored as a whole", Remark=add
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the layer has an activation, which comes first", Remark=scale
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the weight and the bias do not come from parameters that can be combined", Remark=scale
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the layer has an activation already", Remark=activate
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the layer has an activation, which comes before a vector", Remark=add
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="one number is no bias", Remark=add
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the vector and the bias do not come from parameters that can be combined", Remark=add
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the layer lacks the batch of the sum", Remark=add
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the weight is packed already", Remark=scale
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="rows are no factors of a weight", Remark=multiply
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the weight, the bias and the vector do not come from parameters that can be combined", Remark=multiply
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the layer has an activation, which comes first", Remark=multiply
// REMARK: remark: [Missed] NotJoined {{.*}} Reason="the layer lacks the batch of the product", Remark=multiply

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @two_readers
// CHECK: block.linear
// CHECK: block.scale
func.func @two_readers(%x: tensor<5x7xf32>) -> (tensor<5x6xf32>, tensor<5x6xf32>) {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.scale ins(%0 : tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) {factor = 0.5 : f64} -> tensor<5x6xf32>
  return %1, %0 : tensor<5x6xf32>, tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @doubled
// CHECK: block.linear
// CHECK: block.add
func.func @doubled(%x: tensor<5x7xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.add ins(%0, %0 : tensor<5x6xf32>, tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @tiled
// CHECK: block.linear
// CHECK: block.scale
func.func @tiled(%x: tensor<5x7xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) {perceiver.tiling = #perceiver.tiling<task = [5, 6]>} -> tensor<5x6xf32>
  %1 = block.scale ins(%0 : tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) {factor = 0.5 : f64} -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @residual
// CHECK: block.linear
// CHECK: block.activate
func.func @residual(%x: tensor<5x7xf32>, %r: tensor<5x6xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) residual(%r : tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.activate ins(%0 : tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) {activation = #perceiver.activation<relu>} -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

perceiver.parameter @p : tensor<5x7xf32> key "p"

// CHECK: func.func @stored
// CHECK: block.linear
// CHECK: block.add
func.func @stored(%r: tensor<5x6xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %x = perceiver.get_parameter @p : tensor<5x7xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.add ins(%0, %r : tensor<5x6xf32>, tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @scaled_activation
// CHECK: block.linear
// CHECK: block.scale
func.func @scaled_activation(%x: tensor<5x7xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) {activation = #perceiver.activation<relu>} -> tensor<5x6xf32>
  %1 = block.scale ins(%0 : tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) {factor = 0.5 : f64} -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @argument
// CHECK: block.linear
// CHECK: block.scale
func.func @argument(%x: tensor<5x7xf32>, %b: tensor<6xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) bias(%b : tensor<6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.scale ins(%0 : tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) {factor = 0.5 : f64} -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @two_activations
// CHECK: block.linear
// CHECK: block.activate
func.func @two_activations(%x: tensor<5x7xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) {activation = #perceiver.activation<relu>} -> tensor<5x6xf32>
  %1 = block.activate ins(%0 : tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) {activation = #perceiver.activation<relu>} -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @vector_after_activation
// CHECK: block.linear
// CHECK: block.add
func.func @vector_after_activation(%x: tensor<5x7xf32>, %r: tensor<6xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) {activation = #perceiver.activation<relu>} -> tensor<5x6xf32>
  %1 = block.add ins(%0, %r : tensor<5x6xf32>, tensor<6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @number
// CHECK: block.linear
// CHECK: block.add
func.func @number(%x: tensor<5x7xf32>, %r: tensor<1xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.add ins(%0, %r : tensor<5x6xf32>, tensor<1xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @vector
// CHECK: block.linear
// CHECK: block.add
func.func @vector(%x: tensor<5x7xf32>, %r: tensor<6xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.add ins(%0, %r : tensor<5x6xf32>, tensor<6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @batch
// CHECK: block.linear
// CHECK: block.add
func.func @batch(%x: tensor<5x7xf32>, %r: tensor<2x5x6xf32>) -> tensor<2x5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<2x5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.add ins(%0, %r : tensor<5x6xf32>, tensor<2x5x6xf32>) outs(%f : tensor<2x5x6xf32>) -> tensor<2x5x6xf32>
  return %1 : tensor<2x5x6xf32>
}

// -----

// CHECK: func.func @packed
// CHECK: block.linear
// CHECK: block.scale
func.func @packed(%x: tensor<5x7xf32>, %p: tensor<1x7x16xf32>) -> tensor<5x6xf32> {
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %p : tensor<5x7xf32>, tensor<1x7x16xf32>) outs(%e : tensor<5x6xf32>)
      {layout = #block.panels<columns = 16, lanes = 16>} -> tensor<5x6xf32>
  %1 = block.scale ins(%0 : tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) {factor = 0.5 : f64} -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @rows_as_factors
// CHECK: block.linear
// CHECK: block.multiply
func.func @rows_as_factors(%x: tensor<5x7xf32>, %r: tensor<5x6xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.multiply ins(%0, %r : tensor<5x6xf32>, tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @vector_as_factor
// CHECK: block.linear
// CHECK: block.multiply
func.func @vector_as_factor(%x: tensor<5x7xf32>, %r: tensor<6xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.multiply ins(%0, %r : tensor<5x6xf32>, tensor<6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @factor_after_activation
// CHECK: block.linear
// CHECK: block.multiply
func.func @factor_after_activation(%x: tensor<5x7xf32>, %r: tensor<6xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) {activation = #perceiver.activation<relu>} -> tensor<5x6xf32>
  %1 = block.multiply ins(%0, %r : tensor<5x6xf32>, tensor<6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// CHECK: func.func @product_of_batch
// CHECK: block.linear
// CHECK: block.multiply
func.func @product_of_batch(%x: tensor<5x7xf32>, %r: tensor<2x5x6xf32>) -> tensor<2x5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<2x5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.multiply ins(%0, %r : tensor<5x6xf32>, tensor<2x5x6xf32>) outs(%f : tensor<2x5x6xf32>) -> tensor<2x5x6xf32>
  return %1 : tensor<2x5x6xf32>
}
