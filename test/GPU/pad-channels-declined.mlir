// RUN: perceiver-opt %s -split-input-file --perceiver-gpu-pad-channels --remarks-filter=perceiver-gpu-pad-channels 2>&1 | FileCheck %s

// Remarks go to the standard error, before the rest. Nothing is said of rows
// that are wide enough.
// CHECK: remark: [Missed] NotPadded | Category:perceiver-gpu-pad-channels | Reason="it is read as it is"
// CHECK: remark: [Missed] NotPadded {{.*}}Reason="padding would be too much of it"
// CHECK: remark: [Missed] NotPadded {{.*}}Reason="it comes from outside"
// CHECK: remark: [Missed] NotPadded {{.*}}Reason="a weight is computed by the model"
// CHECK: remark: [Missed] NotPadded {{.*}}Reason="it is written into an array that is more than that"
// CHECK: remark: [Missed] NotPadded {{.*}}Reason="its heads have different widths"

// CHECK: block.layer_norm {{.*}} -> tensor<7x35xf32>
func.func @returned(%x: tensor<7x35xf32>) -> tensor<7x35xf32> {
  %e = tensor.empty() : tensor<7x35xf32>
  %y = block.layer_norm ins(%x : tensor<7x35xf32>) outs(%e : tensor<7x35xf32>) -> tensor<7x35xf32>
  return %y : tensor<7x35xf32>
}

// -----

// CHECK: block.layer_norm {{.*}} -> tensor<7x36xf32>
// CHECK: block.layer_norm {{.*}} -> tensor<7x25xf32>
func.func @widths(%x: tensor<7x36xf32>, %y: tensor<7x25xf32>) {
  %e = tensor.empty() : tensor<7x36xf32>
  %f = tensor.empty() : tensor<7x25xf32>
  %0 = block.layer_norm ins(%x : tensor<7x36xf32>) outs(%e : tensor<7x36xf32>) -> tensor<7x36xf32>
  %1 = block.layer_norm ins(%y : tensor<7x25xf32>) outs(%f : tensor<7x25xf32>) -> tensor<7x25xf32>
  return
}

// -----

// CHECK: block.attention {{.*}} heads = 1 -> tensor<1x7x35xf32>
func.func @keys(%k: tensor<1x7x35xf32>, %v: tensor<1x7x40xf32>) {
  %e = tensor.empty() : tensor<1x7x35xf32>
  %0 = block.attention ins(%k, %k, %k : tensor<1x7x35xf32>, tensor<1x7x35xf32>, tensor<1x7x35xf32>)
      outs(%e : tensor<1x7x35xf32>) heads = 1 -> tensor<1x7x35xf32>
  return
}

// -----

// CHECK: block.linear {{.*}} -> tensor<7x35xf32>
func.func @weight(%x: tensor<7x40xf32>, %w: tensor<40x35xf32>) {
  %e = tensor.empty() : tensor<7x35xf32>
  %0 = block.linear ins(%x, %w : tensor<7x40xf32>, tensor<40x35xf32>) outs(%e : tensor<7x35xf32>) -> tensor<7x35xf32>
  return
}

// -----

// CHECK: block.layer_norm {{.*}} -> tensor<7x35xf32>
func.func @destination(%x: tensor<7x35xf32>) {
  %0 = block.layer_norm ins(%x : tensor<7x35xf32>) outs(%x : tensor<7x35xf32>) -> tensor<7x35xf32>
  return
}

// -----

// Two heads of the values, which a norm writes as one row.

// CHECK: block.layer_norm {{.*}} -> tensor<1x7x70xf32>
func.func @heads(%x: tensor<1x7x70xf32>, %q: tensor<1x7x80xf32>) {
  %e = tensor.empty() : tensor<1x7x70xf32>
  %0 = block.layer_norm ins(%x : tensor<1x7x70xf32>) outs(%e : tensor<1x7x70xf32>) -> tensor<1x7x70xf32>
  %1 = block.attention ins(%q, %q, %0 : tensor<1x7x80xf32>, tensor<1x7x80xf32>, tensor<1x7x70xf32>)
      outs(%e : tensor<1x7x70xf32>) heads = 2 -> tensor<1x7x70xf32>
  return
}
