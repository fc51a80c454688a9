// RUN: perceiver-opt %s --perceiver-tile-tasks | FileCheck %s

// The norm is fused into the loops over rows, since each iteration needs its
// own part of it; the last tile has what is left of 33 rows.

// CHECK: #[[REST:.*]] = affine_map<(d0) -> (-d0 + 33, 8)>
// CHECK-LABEL: func.func @rows(
// CHECK-SAME: %[[X:.*]]: tensor<?x33x7xf32>, %[[O:.*]]: tensor<?x33x7xf32>
// CHECK: scf.for %[[B:.*]] = {{.*}} iter_args(%[[O1:.*]] = %[[O]])
// CHECK: scf.for %[[R:.*]] = {{.*}} iter_args(%[[O2:.*]] = %[[O1]])
// CHECK: %[[SIZE:.*]] = affine.min #[[REST]](%[[R]])
// CHECK: %[[XS:.*]] = tensor.extract_slice %[[X]][%[[B]], %[[R]], 0] [1, %[[SIZE]], 7]
// CHECK: %[[ES:.*]] = tensor.empty(%[[SIZE]]) : tensor<1x?x7xf32>
// CHECK: %[[N:.*]] = block.layer_norm ins(%[[XS]] : tensor<1x?x7xf32>) outs(%[[ES]] :
// CHECK: %[[Y:.*]] = block.add ins(%[[N]], %{{.*}} :
// CHECK-NOT: perceiver.tiling
// CHECK: tensor.insert_slice %[[Y]] into %[[O2]][%[[B]], %[[R]], 0] [1, %[[SIZE]], 7]
func.func @rows(%x: tensor<?x33x7xf32>, %o: tensor<?x33x7xf32>) -> tensor<?x33x7xf32> {
  %c0 = arith.constant 0 : index
  %b = tensor.dim %x, %c0 : tensor<?x33x7xf32>
  %e = tensor.empty(%b) : tensor<?x33x7xf32>
  %n = block.layer_norm ins(%x : tensor<?x33x7xf32>) outs(%e : tensor<?x33x7xf32>) -> tensor<?x33x7xf32>
  %y = block.add ins(%n, %x : tensor<?x33x7xf32>, tensor<?x33x7xf32>) outs(%o : tensor<?x33x7xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [], inner = [array<i64: 1, 8>]>} -> tensor<?x33x7xf32>
  return %y : tensor<?x33x7xf32>
}

// Two levels: keys are projected once for each block of keys, not once for
// each block of queries.

// CHECK-LABEL: func.func @flash
// CHECK: scf.for %[[J:.*]] = {{.*}} step %{{.*}} iter_args
// CHECK: %[[K:.*]] = block.linear {{.*}} -> tensor<1x?x7xf32>
// CHECK: scf.for %[[I:.*]] = {{.*}} iter_args(%[[A:.*]] = %{{.*}}, %[[M:.*]] = %{{.*}}, %[[S:.*]] =
// CHECK-NOT: block.linear
// CHECK: tensor.extract_slice %[[A]][0, 0, 0, %[[I]]]
// CHECK: block.online_attention
// CHECK-NOT: perceiver.tiling
// CHECK: return
func.func @flash(%q: tensor<1x129x7xf32>, %x: tensor<1x512x33xf32>, %p: tensor<1x33x16xf32>, %a: tensor<1x1x7x129xf32>,
                 %m: tensor<1x1x129xf32>) -> tensor<1x1x7x129xf32> {
  %e = tensor.empty() : tensor<1x512x7xf32>
  %k = block.linear ins(%x, %p : tensor<1x512x33xf32>, tensor<1x33x16xf32>) outs(%e : tensor<1x512x7xf32>)
      {layout = #block.panels<columns = 7, lanes = 16>} -> tensor<1x512x7xf32>
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<1x129x7xf32>, tensor<1x512x7xf32>, tensor<1x512x7xf32>)
      outs(%a, %m, %m : tensor<1x1x7x129xf32>, tensor<1x1x129xf32>, tensor<1x1x129xf32>) heads = 1 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [], inner = [array<i64: 0, 0, 0, 96>, array<i64: 0, 0, 64>]>}
      -> tensor<1x1x7x129xf32>, tensor<1x1x129xf32>, tensor<1x1x129xf32>
  return %0#0 : tensor<1x1x7x129xf32>
}

// Without inner tilings the attribute is used up; what a task keeps to itself
// has the size of its part.

// CHECK-LABEL: func.func @no_inner
// CHECK: tensor.empty() : tensor<1x33x7xf32>
// CHECK: block.layer_norm
// CHECK-NOT: perceiver.tiling
// CHECK: return
func.func @no_inner(%x: tensor<?x33x7xf32>, %n: index, %i: index) -> tensor<1x33x7xf32> {
  %e = tensor.empty(%n) : tensor<?x33x7xf32>
  %xs = tensor.extract_slice %x[%i, 0, 0] [1, 33, 7] [1, 1, 1] : tensor<?x33x7xf32> to tensor<1x33x7xf32>
  %es = tensor.extract_slice %e[%i, 0, 0] [1, 33, 7] [1, 1, 1] : tensor<?x33x7xf32> to tensor<1x33x7xf32>
  %y = block.layer_norm ins(%xs : tensor<1x33x7xf32>) outs(%es : tensor<1x33x7xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [0, 0]>} -> tensor<1x33x7xf32>
  return %y : tensor<1x33x7xf32>
}

// Columns are cut between panels.

// CHECK-LABEL: func.func @panels
// CHECK: scf.for
// CHECK: tensor.extract_slice %{{.*}} : tensor<3x33x16xf32> to tensor<1x33x16xf32>
// CHECK: block.linear
func.func @panels(%x: tensor<?x33xf32>, %p: tensor<3x33x16xf32>, %e: tensor<?x48xf32>) -> tensor<?x48xf32> {
  %n = block.linear ins(%x, %p : tensor<?x33xf32>, tensor<3x33x16xf32>) outs(%e : tensor<?x48xf32>)
      {layout = #block.panels<columns = 16, lanes = 16>,
       perceiver.tiling = #perceiver.tiling<task = [], inner = [array<i64: 0, 16>]>} -> tensor<?x48xf32>
  return %n : tensor<?x48xf32>
}
