// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-pack-weights | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v3 --perceiver-pack-weights | FileCheck %s --check-prefixes=CHECK,NARROW

// A weight and its bias get the same panels; the last one may be partly empty.

// CHECK-LABEL: func.func @plain(
// CHECK-SAME: %[[X:[^:]*]]: tensor<?x7x33xf32>, %[[W:[^:]*]]: tensor<33x100xf32>, %[[B:[^:]*]]: tensor<100xf32>, %[[E:[^:]*]]:
// CHECK: %[[PW:.*]] = block.pack_weight ins(%[[W]] : tensor<33x100xf32>)
// WIDE-SAME: outs(%{{.*}} : tensor<2x33x64xf32>) layout = #block.panels<columns = 64, lanes = 64>
// NARROW-SAME: outs(%{{.*}} : tensor<7x33x16xf32>) layout = #block.panels<columns = 16, lanes = 16>
// CHECK: %[[PB:.*]] = block.pack_weight ins(%[[B]] : tensor<100xf32>)
// WIDE-SAME: outs(%{{.*}} : tensor<2x64xf32>) layout = #block.panels<columns = 64, lanes = 64>
// CHECK: block.linear ins(%[[X]], %[[PW]] :
// CHECK-SAME: bias(%[[PB]] :
// CHECK-SAME: outs(%[[E]] : tensor<?x7x100xf32>)
// WIDE-SAME: {layout = #block.panels<columns = 64, lanes = 64>}
// NARROW-SAME: {layout = #block.panels<columns = 16, lanes = 16>}
func.func @plain(%x: tensor<?x7x33xf32>, %w: tensor<33x100xf32>, %b: tensor<100xf32>, %e: tensor<?x7x100xf32>)
    -> tensor<?x7x100xf32> {
  %y = block.linear ins(%x, %w : tensor<?x7x33xf32>, tensor<33x100xf32>) bias(%b : tensor<100xf32>)
      outs(%e : tensor<?x7x100xf32>) -> tensor<?x7x100xf32>
  return %y : tensor<?x7x100xf32>
}

// Gated panels hold value and gate columns, so half as many of each.

// CHECK-LABEL: func.func @gated
// CHECK: block.pack_weight
// WIDE-SAME: layout = #block.panels<columns = 32, lanes = 64, gated = true> -> tensor<4x33x64xf32>
// NARROW-SAME: layout = #block.panels<columns = 8, lanes = 16, gated = true> -> tensor<13x33x16xf32>
// CHECK: block.linear
// CHECK-SAME: activation = #perceiver.activation<gated(gelu_erf)>, layout = #block.panels<
func.func @gated(%x: tensor<7x33xf32>, %w: tensor<33x200xf32>, %e: tensor<7x100xf32>) -> tensor<7x100xf32> {
  %y = block.linear ins(%x, %w : tensor<7x33xf32>, tensor<33x200xf32>) outs(%e : tensor<7x100xf32>)
      {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<7x100xf32>
  return %y : tensor<7x100xf32>
}

// Fewer columns than a vector are one panel.

// CHECK-LABEL: func.func @narrow
// CHECK: block.pack_weight
// WIDE-SAME: layout = #block.panels<columns = 7, lanes = 16> -> tensor<1x33x16xf32>
// NARROW-SAME: layout = #block.panels<columns = 7, lanes = 8> -> tensor<1x33x8xf32>
func.func @narrow(%x: tensor<?x33xf32>, %w: tensor<33x7xf32>, %e: tensor<?x7xf32>) -> tensor<?x7xf32> {
  %y = block.linear ins(%x, %w : tensor<?x33xf32>, tensor<33x7xf32>) outs(%e : tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y : tensor<?x7xf32>
}

// Tasks are heads of width 24, read through slices of a fused projection: the
// columns of each head are whole panels.

// CHECK-LABEL: func.func @heads
// CHECK: block.pack_weight
// WIDE-SAME: layout = #block.panels<columns = 24, lanes = 32> -> tensor<9x72x32xf32>
// NARROW-SAME: layout = #block.panels<columns = 24, lanes = 24> -> tensor<9x72x24xf32>
func.func @heads(%x: tensor<?x33x72xf32>, %w: tensor<72x216xf32>, %e: tensor<?x33x216xf32>, %n: index,
                 %a: tensor<?x3x24x33xf32>, %m: tensor<?x3x33xf32>) -> tensor<?x3x24x33xf32> {
  %y = block.linear ins(%x, %w : tensor<?x33x72xf32>, tensor<72x216xf32>) outs(%e : tensor<?x33x216xf32>)
      -> tensor<?x33x216xf32>
  %q = tensor.extract_slice %y[0, 0, 0] [%n, 33, 72] [1, 1, 1] : tensor<?x33x216xf32> to tensor<?x33x72xf32>
  %k = tensor.extract_slice %y[0, 0, 72] [%n, 33, 72] [1, 1, 1] : tensor<?x33x216xf32> to tensor<?x33x72xf32>
  %v = tensor.extract_slice %y[0, 0, 144] [%n, 33, 72] [1, 1, 1] : tensor<?x33x216xf32> to tensor<?x33x72xf32>
  %0:3 = block.online_attention ins(%q, %k, %v : tensor<?x33x72xf32>, tensor<?x33x72xf32>, tensor<?x33x72xf32>)
      outs(%a, %m, %m : tensor<?x3x24x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>) heads = 3 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1, 1]>}
      -> tensor<?x3x24x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>
  return %0#0 : tensor<?x3x24x33xf32>
}

// A layer of parameters alone runs when the model is compiled, in the plain
// layout; a packed one stays as it is.

perceiver.parameter @x : tensor<7x33xf32> key "x"
perceiver.parameter @w : tensor<33x100xf32> key "w"

// CHECK-LABEL: func.func @prepared
// CHECK-NOT: block.pack_weight
// CHECK: return
func.func @prepared(%x: tensor<7x33xf32>, %p: tensor<1x33x16xf32>, %e: tensor<7x7xf32>)
    -> (tensor<7x100xf32>, tensor<7x7xf32>) {
  %c = perceiver.get_parameter @x : tensor<7x33xf32>
  %w = perceiver.get_parameter @w : tensor<33x100xf32>
  %i = tensor.empty() : tensor<7x100xf32>
  %y = block.linear ins(%c, %w : tensor<7x33xf32>, tensor<33x100xf32>) outs(%i : tensor<7x100xf32>)
      -> tensor<7x100xf32>
  %z = block.linear ins(%x, %p : tensor<7x33xf32>, tensor<1x33x16xf32>) outs(%e : tensor<7x7xf32>)
      {layout = #block.panels<columns = 7, lanes = 16>} -> tensor<7x7xf32>
  return %y, %z : tensor<7x100xf32>, tensor<7x7xf32>
}

// The columns are those of the weight; those of the result may be unknown.

// CHECK-LABEL: func.func @dynamic_columns
// CHECK: block.pack_weight
// WIDE-SAME: layout = #block.panels<columns = 64, lanes = 64>
// NARROW-SAME: layout = #block.panels<columns = 16, lanes = 16>
func.func @dynamic_columns(%x: tensor<7x33xf32>, %w: tensor<33x100xf32>, %e: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = block.linear ins(%x, %w : tensor<7x33xf32>, tensor<33x100xf32>) outs(%e : tensor<?x?xf32>)
      -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// No panel has columns of two groups.

// CHECK-LABEL: func.func @grouped
// CHECK: block.pack_weight
// WIDE-SAME: layout = #block.panels<columns = 33, lanes = 48> -> tensor<3x5x48xf32>
// NARROW-SAME: layout = #block.panels<columns = 11, lanes = 16> -> tensor<9x5x16xf32>
// CHECK: block.grouped_linear {{.*}} groups = 3 {layout = #block.panels<
func.func @grouped(%x: tensor<7x15xf32>, %w: tensor<5x99xf32>, %e: tensor<7x99xf32>) -> tensor<7x99xf32> {
  %y = block.grouped_linear ins(%x, %w : tensor<7x15xf32>, tensor<5x99xf32>) outs(%e : tensor<7x99xf32>) groups = 3
      -> tensor<7x99xf32>
  return %y : tensor<7x99xf32>
}
