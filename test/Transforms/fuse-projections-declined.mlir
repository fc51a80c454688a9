// RUN: perceiver-opt %s --perceiver-fuse-projections --split-input-file --remarks-filter="perceiver-fuse-projections" 2>&1 | FileCheck %s

// Remarks go to the standard error, before the rest.
// CHECK: remark: [Missed] NotFused | Category:perceiver-fuse-projections | Reason="17 columns are no multiple of 16"
// CHECK: remark: [Passed] Fused | Category:perceiver-fuse-projections | LinearLayers=2
// CHECK: remark: [Missed] NotFused {{.*}} Reason="the weights are members of different families"
// CHECK: remark: [Missed] NotFused {{.*}} Reason="a tiling is of one layer alone"

// Widths that are no multiple of 16: one of three is left out.

perceiver.parameter @wa : tensor<7x16xf32> key "a" transpose
perceiver.parameter @wb : tensor<7x17xf32> key "b" transpose
perceiver.parameter @wc : tensor<7x32xf32> key "c" transpose

// CHECK: func.func @odd
// CHECK: tensor.concat dim(1) {{.*}} -> tensor<7x48xf32>
// CHECK: block.linear {{.*}} tensor<7x17xf32>
func.func @odd(%x: tensor<9x7xf32>) -> (tensor<9x16xf32>, tensor<9x17xf32>, tensor<9x32xf32>) {
  %ea = tensor.empty() : tensor<9x16xf32>
  %eb = tensor.empty() : tensor<9x17xf32>
  %ec = tensor.empty() : tensor<9x32xf32>
  %wa = perceiver.get_parameter @wa : tensor<7x16xf32>
  %wb = perceiver.get_parameter @wb : tensor<7x17xf32>
  %wc = perceiver.get_parameter @wc : tensor<7x32xf32>
  %a = block.linear ins(%x, %wa : tensor<9x7xf32>, tensor<7x16xf32>) outs(%ea : tensor<9x16xf32>) -> tensor<9x16xf32>
  %b = block.linear ins(%x, %wb : tensor<9x7xf32>, tensor<7x17xf32>) outs(%eb : tensor<9x17xf32>) -> tensor<9x17xf32>
  %c = block.linear ins(%x, %wc : tensor<9x7xf32>, tensor<7x32xf32>) outs(%ec : tensor<9x32xf32>) -> tensor<9x32xf32>
  return %a, %b, %c : tensor<9x16xf32>, tensor<9x17xf32>, tensor<9x32xf32>
}

// -----

// Members with different numbers cannot be one stored tensor.

perceiver.parameter @w : tensor<7x16xf32> key "{}" count 4 transpose

// CHECK: func.func @members
func.func @members(%x: tensor<9x7xf32>, %i: index, %j: index) -> (tensor<9x16xf32>, tensor<9x16xf32>) {
  %e = tensor.empty() : tensor<9x16xf32>
  %wa = perceiver.get_parameter @w[%i] : tensor<7x16xf32>
  %wb = perceiver.get_parameter @w[%j] : tensor<7x16xf32>
  %a = block.linear ins(%x, %wa : tensor<9x7xf32>, tensor<7x16xf32>) outs(%e : tensor<9x16xf32>) -> tensor<9x16xf32>
  %b = block.linear ins(%x, %wb : tensor<9x7xf32>, tensor<7x16xf32>) outs(%e : tensor<9x16xf32>) -> tensor<9x16xf32>
  return %a, %b : tensor<9x16xf32>, tensor<9x16xf32>
}

// -----

// What a tiling says of one layer, it does not say of two.

perceiver.parameter @wd : tensor<7x16xf32> key "d" transpose
perceiver.parameter @we : tensor<7x16xf32> key "e" transpose

// CHECK: func.func @tiled
// CHECK: block.linear
// CHECK: block.linear {{.*}} {perceiver.tiling = #perceiver.tiling<task = [4]>}
func.func @tiled(%x: tensor<9x7xf32>) -> (tensor<9x16xf32>, tensor<9x16xf32>) {
  %e = tensor.empty() : tensor<9x16xf32>
  %wd = perceiver.get_parameter @wd : tensor<7x16xf32>
  %we = perceiver.get_parameter @we : tensor<7x16xf32>
  %a = block.linear ins(%x, %wd : tensor<9x7xf32>, tensor<7x16xf32>) outs(%e : tensor<9x16xf32>) -> tensor<9x16xf32>
  %b = block.linear ins(%x, %we : tensor<9x7xf32>, tensor<7x16xf32>) outs(%e : tensor<9x16xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [4]>} -> tensor<9x16xf32>
  return %a, %b : tensor<9x16xf32>, tensor<9x16xf32>
}
