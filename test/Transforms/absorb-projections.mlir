// RUN: perceiver-opt %s --perceiver-absorb-projections --canonicalize --cse --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-absorb-projections --canonicalize --cse --perceiver-split-prepare --split-input-file | FileCheck %s --check-prefix=SPLIT

perceiver.parameter @wq : tensor<8x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wk : tensor<5x6xf32> key "key.weight" transpose
perceiver.parameter @bk : tensor<6xf32> key "key.bias"
perceiver.parameter @wv : tensor<5x9xf32> key "value.weight" transpose
perceiver.parameter @bv : tensor<9xf32> key "value.bias"
perceiver.parameter @wo : tensor<9x8xf32> key "output.weight" transpose

// One head: the weight of the keys is merged into that of the queries, that of
// the values into that of the output, with the bias; the bias of the keys is
// gone, the scale stays that of 6 channels.

// CHECK-LABEL: func.func @one_head(
// CHECK-SAME: %[[Z:.*]]: tensor<?x4x8xf32>, %[[N:.*]]: tensor<?x7x5xf32>, %[[R:.*]]: tensor<?x4x8xf32>
// CHECK-DAG: %[[WQ:.*]] = perceiver.get_parameter @wq
// CHECK-DAG: %[[BQ:.*]] = perceiver.get_parameter @bq
// CHECK-DAG: %[[WK:.*]] = perceiver.get_parameter @wk
// CHECK-DAG: %[[WV:.*]] = perceiver.get_parameter @wv
// CHECK-DAG: %[[BV:.*]] = perceiver.get_parameter @bv
// CHECK-DAG: %[[WO:.*]] = perceiver.get_parameter @wo
// CHECK-NOT: perceiver.get_parameter @bk
// CHECK: %[[T:.*]] = block.transpose ins(%[[WK]] : tensor<5x6xf32>) {{.*}} permutation = [1, 0] -> tensor<6x5xf32>
// CHECK: %[[WU:.*]] = block.linear ins(%[[WQ]], %[[T]] :
// CHECK: %[[BQR:.*]] = tensor.expand_shape %[[BQ]]
// CHECK: %[[BUR:.*]] = block.linear ins(%[[BQR]], %[[T]] :
// CHECK: %[[BU:.*]] = tensor.collapse_shape %[[BUR]]
// CHECK: %[[U:.*]] = block.linear ins(%[[Z]], %[[WU]] : tensor<?x4x8xf32>, tensor<8x5xf32>) bias(%[[BU]] : tensor<5xf32>)
// CHECK: %[[O:.*]] = block.attention ins(%[[U]], %[[N]], %[[N]] : tensor<?x4x5xf32>, tensor<?x7x5xf32>, tensor<?x7x5xf32>)
// CHECK-SAME: heads = 1 {scale = 0.40824829046386307 : f64}
// CHECK: %[[W2:.*]] = block.linear ins(%[[WV]], %[[WO]] : tensor<5x9xf32>, tensor<9x8xf32>)
// CHECK: %[[BVR:.*]] = tensor.expand_shape %[[BV]]
// CHECK: %[[B2R:.*]] = block.linear ins(%[[BVR]], %[[WO]] :
// CHECK: %[[B2:.*]] = tensor.collapse_shape %[[B2R]]
// CHECK: %[[Y:.*]] = block.linear ins(%[[O]], %[[W2]] : tensor<?x4x5xf32>, tensor<5x8xf32>) bias(%[[B2]] : tensor<8xf32>) residual(%[[R]] :
// CHECK: return %[[Y]]

// SPLIT-LABEL: func.func @one_head(
// SPLIT: block.linear {{.*}} tensor<8x5xf32>) bias(
// SPLIT-NEXT: tensor.dim
// SPLIT-NEXT: tensor.empty
// SPLIT-NEXT: block.attention
// SPLIT: block.linear {{.*}} tensor<5x8xf32>) bias(
// SPLIT-NEXT: return
func.func @one_head(%z: tensor<?x4x8xf32>, %n: tensor<?x7x5xf32>, %r: tensor<?x4x8xf32>, %q0: tensor<?x4x6xf32>,
                    %k0: tensor<?x7x6xf32>, %v0: tensor<?x7x9xf32>, %o0: tensor<?x4x9xf32>) -> tensor<?x4x8xf32> {
  %wq = perceiver.get_parameter @wq : tensor<8x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wk = perceiver.get_parameter @wk : tensor<5x6xf32>
  %bk = perceiver.get_parameter @bk : tensor<6xf32>
  %wv = perceiver.get_parameter @wv : tensor<5x9xf32>
  %bv = perceiver.get_parameter @bv : tensor<9xf32>
  %wo = perceiver.get_parameter @wo : tensor<9x8xf32>
  %q = block.linear ins(%z, %wq : tensor<?x4x8xf32>, tensor<8x6xf32>) bias(%bq : tensor<6xf32>)
      outs(%q0 : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  %k = block.linear ins(%n, %wk : tensor<?x7x5xf32>, tensor<5x6xf32>) bias(%bk : tensor<6xf32>)
      outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %v = block.linear ins(%n, %wv : tensor<?x7x5xf32>, tensor<5x9xf32>) bias(%bv : tensor<9xf32>)
      outs(%v0 : tensor<?x7x9xf32>) -> tensor<?x7x9xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%o0 : tensor<?x4x9xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb>} -> tensor<?x4x9xf32>
  %y = block.linear ins(%o, %wo : tensor<?x4x9xf32>, tensor<9x8xf32>) residual(%r : tensor<?x4x8xf32>)
      outs(%r : tensor<?x4x8xf32>) -> tensor<?x4x8xf32>
  return %y : tensor<?x4x8xf32>
}

// -----

// Three heads, whose keys and values are columns of one layer; given queries,
// and the result as it is. All heads read one head of keys.

perceiver.parameter @wk : tensor<7x48xf32> key "key.weight" transpose
perceiver.parameter @wv : tensor<7x48xf32> key "value.weight" transpose
perceiver.parameter @bv : tensor<48xf32> key "value.bias"

// CHECK-LABEL: func.func @three_heads(
// CHECK-SAME: %[[Q:.*]]: tensor<?x4x48xf32>, %[[N:.*]]: tensor<?x?x7xf32>
// CHECK-DAG: %[[WK:.*]] = perceiver.get_parameter @wk
// CHECK-DAG: %[[WV:.*]] = perceiver.get_parameter @wv
// CHECK-DAG: %[[BV:.*]] = perceiver.get_parameter @bv
// CHECK: %[[E:.*]] = tensor.expand_shape %[[WK]] {{\[\[}}0], [1, 2]] output_shape [7, 3, 16]
// CHECK: %[[P:.*]] = block.transpose ins(%[[E]] : {{.*}} permutation = [2, 1, 0] -> tensor<16x3x7xf32>
// CHECK: %[[T:.*]] = tensor.collapse_shape %[[P]] {{\[\[}}0], [1, 2]] : tensor<16x3x7xf32> into tensor<16x21xf32>
// CHECK: %[[U:.*]] = block.grouped_linear ins(%[[Q]], %[[T]] : {{.*}} groups = 3 -> tensor<?x4x21xf32>
// CHECK: %[[O:.*]] = block.attention ins(%[[U]], %[[N]], %[[N]] : tensor<?x4x21xf32>, tensor<?x?x7xf32>, tensor<?x?x7xf32>)
// CHECK-SAME: heads = 3 {kv_heads = 1 : i64, scale = 5.000000e-01 : f64} -> tensor<?x4x21xf32>
// CHECK: %[[Y:.*]] = block.grouped_linear ins(%[[O]], %[[WV]] : tensor<?x4x21xf32>, tensor<7x48xf32>) bias(%[[BV]] : {{.*}} groups = 3 -> tensor<?x4x48xf32>
// CHECK: return %[[Y]]
func.func @three_heads(%q: tensor<?x4x48xf32>, %n: tensor<?x?x7xf32>, %o0: tensor<?x4x48xf32>) -> tensor<?x4x48xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %n, %c0 : tensor<?x?x7xf32>
  %rows = tensor.dim %n, %c1 : tensor<?x?x7xf32>
  %wk = perceiver.get_parameter @wk : tensor<7x48xf32>
  %wv = perceiver.get_parameter @wv : tensor<7x48xf32>
  %bv = perceiver.get_parameter @bv : tensor<48xf32>
  %zero = arith.constant dense<0.0> : tensor<48xf32>
  %w = tensor.concat dim(1) %wk, %wv : (tensor<7x48xf32>, tensor<7x48xf32>) -> tensor<7x96xf32>
  %b = tensor.concat dim(0) %zero, %bv : (tensor<48xf32>, tensor<48xf32>) -> tensor<96xf32>
  %e = tensor.empty(%batch, %rows) : tensor<?x?x96xf32>
  %kv = block.linear ins(%n, %w : tensor<?x?x7xf32>, tensor<7x96xf32>) bias(%b : tensor<96xf32>)
      outs(%e : tensor<?x?x96xf32>) -> tensor<?x?x96xf32>
  %k = tensor.extract_slice %kv[0, 0, 0] [%batch, %rows, 48] [1, 1, 1] : tensor<?x?x96xf32> to tensor<?x?x48xf32>
  %v = tensor.extract_slice %kv[0, 0, 48] [%batch, %rows, 48] [1, 1, 1] : tensor<?x?x96xf32> to tensor<?x?x48xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x4x48xf32>, tensor<?x?x48xf32>, tensor<?x?x48xf32>)
      outs(%o0 : tensor<?x4x48xf32>) heads = 3 {scale = 0.5 : f64, perceiver.algebra = #perceiver.algebra<absorb>}
      -> tensor<?x4x48xf32>
  return %o : tensor<?x4x48xf32>
}

// -----

// Queries that are parameters: what they are multiplied with is stored. The
// heads of the output are stacked. Only the marked attention changes.

perceiver.parameter @q : tensor<4x6xf32> key "latents"
perceiver.parameter @wk : tensor<5x6xf32> key "key.weight" transpose
perceiver.parameter @wv : tensor<5x6xf32> key "value.weight" transpose
perceiver.parameter @wo : tensor<6x3xf32> key "output.weight" transpose

// CHECK-LABEL: func.func @latents(
// CHECK: %[[U:.*]] = block.grouped_linear ins(%{{.*}}, %{{.*}} : tensor<4x6xf32>, tensor<3x10xf32>)
// CHECK: %[[O:.*]] = block.attention ins(%[[U]], %[[N:.*]], %[[N]] : tensor<4x10xf32>, {{.*}} heads = 2 {kv_heads = 1 : i64
// CHECK: %[[B:.*]] = block.transpose ins(%{{.*}} : tensor<2x3x3xf32>) {{.*}} permutation = [1, 0, 2]
// CHECK: %[[S:.*]] = tensor.collapse_shape %[[B]] {{.*}} into tensor<3x6xf32>
// CHECK: %[[P:.*]] = block.grouped_linear ins(%{{.*}}, %[[S]] : tensor<5x6xf32>, tensor<3x6xf32>) {{.*}} groups = 2 -> tensor<5x6xf32>
// CHECK: block.transpose ins(%{{.*}} : tensor<5x2x3xf32>) {{.*}} permutation = [1, 0, 2]
// CHECK: %[[W:.*]] = tensor.collapse_shape {{.*}} into tensor<10x3xf32>
// CHECK: block.linear ins(%[[O]], %[[W]] :
// CHECK: block.attention {{.*}} : tensor<4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) {{.*}} heads = 2 ->

// SPLIT-LABEL: func.func @latents(
// SPLIT: %[[U:.*]] = block.get_weight @{{.*}} : tensor<4x10xf32>
// SPLIT: block.attention ins(%[[U]],
func.func @latents(%n: tensor<?x7x5xf32>, %k0: tensor<?x7x6xf32>, %o0: tensor<?x4x6xf32>, %y0: tensor<?x4x3xf32>)
    -> (tensor<?x4x3xf32>, tensor<?x4x6xf32>) {
  %q = perceiver.get_parameter @q : tensor<4x6xf32>
  %wk = perceiver.get_parameter @wk : tensor<5x6xf32>
  %wv = perceiver.get_parameter @wv : tensor<5x6xf32>
  %wo = perceiver.get_parameter @wo : tensor<6x3xf32>
  %k = block.linear ins(%n, %wk : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %v = block.linear ins(%n, %wv : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %o = block.attention ins(%q, %k, %v : tensor<4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%o0 : tensor<?x4x6xf32>) heads = 2 {perceiver.algebra = #perceiver.algebra<absorb>} -> tensor<?x4x6xf32>
  %y = block.linear ins(%o, %wo : tensor<?x4x6xf32>, tensor<6x3xf32>) outs(%y0 : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %l = block.linear ins(%n, %wv : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %p = block.attention ins(%q, %l, %l : tensor<4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%o0 : tensor<?x4x6xf32>) heads = 2 {perceiver.algebra = #perceiver.algebra<project>} -> tensor<?x4x6xf32>
  return %y, %p : tensor<?x4x3xf32>, tensor<?x4x6xf32>
}
