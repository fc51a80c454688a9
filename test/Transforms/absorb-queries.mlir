// RUN: perceiver-opt %s --perceiver-absorb-projections --canonicalize --cse --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-absorb-projections --canonicalize --cse --perceiver-split-prepare --split-input-file | FileCheck %s --check-prefix=SPLIT

// Layers of keys and values: the weight of the queries is merged into that of
// the keys, that of the output into that of the values. What the bias of the
// queries adds to scores, after the scale, is a column of the keys. The bias and
// the residual of the output are added to the averages.

perceiver.parameter @wq : tensor<8x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wk : tensor<5x6xf32> key "key.weight" transpose
perceiver.parameter @bk : tensor<6xf32> key "key.bias"
perceiver.parameter @wv : tensor<5x9xf32> key "value.weight" transpose
perceiver.parameter @bv : tensor<9xf32> key "value.bias"
perceiver.parameter @wo : tensor<9x8xf32> key "output.weight" transpose
perceiver.parameter @bo : tensor<8xf32> key "output.bias"

// CHECK-LABEL: func.func @merged(
// CHECK-SAME: %[[Z:.*]]: tensor<?x40x8xf32>, %[[N:.*]]: tensor<?x7x5xf32>, %[[R:.*]]: tensor<?x40x8xf32>
// CHECK-DAG: %[[WQ:.*]] = perceiver.get_parameter @wq
// CHECK-DAG: %[[BQ:.*]] = perceiver.get_parameter @bq
// CHECK-DAG: %[[WK:.*]] = perceiver.get_parameter @wk
// CHECK-DAG: %[[WV:.*]] = perceiver.get_parameter @wv
// CHECK-DAG: %[[WO:.*]] = perceiver.get_parameter @wo
// CHECK-DAG: %[[BO:.*]] = perceiver.get_parameter @bo
// CHECK: %[[T:.*]] = block.transpose ins(%[[WQ]] : tensor<8x6xf32>) {{.*}} permutation = [1, 0] -> tensor<6x8xf32>
// CHECK: %[[WU:.*]] = block.linear ins(%[[WK]], %[[T]] :
// CHECK: %[[BUR:.*]] = block.linear ins(%{{.*}}, %[[T]] : tensor<1x6xf32>, tensor<6x8xf32>)
// CHECK: %[[BU:.*]] = tensor.collapse_shape %[[BUR]]
// CHECK: %[[U:.*]] = block.linear ins(%[[N]], %[[WU]] : tensor<?x7x5xf32>, tensor<5x8xf32>) bias(%[[BU]] : tensor<8xf32>)
// CHECK: %[[BQR:.*]] = tensor.expand_shape %[[BQ]]
// CHECK: %[[BQS:.*]] = block.scale ins(%[[BQR]] : tensor<1x6xf32>) {{.*}} {factor = 0.40824829046386307 : f64}
// CHECK: %[[COLUMN:.*]] = block.transpose ins(%[[BQS]] : {{.*}} permutation = [1, 0] -> tensor<6x1xf32>
// CHECK: %[[WC:.*]] = block.linear ins(%[[WK]], %[[COLUMN]] : tensor<5x6xf32>, tensor<6x1xf32>)
// CHECK: %[[CT:.*]] = block.linear ins(%[[N]], %[[WC]] : tensor<?x7x5xf32>, tensor<5x1xf32>) bias(
// CHECK: %[[CF:.*]] = tensor.collapse_shape %[[CT]] {{.*}} : tensor<?x7x1xf32> into tensor<?x7xf32>
// CHECK: %[[C:.*]] = tensor.expand_shape %[[CF]] {{.*}} : tensor<?x7xf32> into tensor<?x1x7xf32>
// CHECK: %[[W2:.*]] = block.linear ins(%[[WV]], %[[WO]] : tensor<5x9xf32>, tensor<9x8xf32>)
// CHECK: %[[V:.*]] = block.linear ins(%[[N]], %[[W2]] : tensor<?x7x5xf32>, tensor<5x8xf32>) bias(
// CHECK: %[[O:.*]] = block.attention ins(%[[Z]], %[[U]], %[[V]] : tensor<?x40x8xf32>, tensor<?x7x8xf32>, tensor<?x7x8xf32>)
// CHECK-SAME: score_bias(%[[C]] : tensor<?x1x7xf32>)
// CHECK-SAME: heads = 1 {scale = 0.40824829046386307 : f64}
// CHECK: %[[S:.*]] = block.add ins(%[[O]], %[[BO]] : tensor<?x40x8xf32>, tensor<8xf32>)
// CHECK: %[[Y:.*]] = block.add ins(%[[S]], %[[R]] :
// CHECK: return %[[Y]]

// SPLIT-LABEL: func.func @merged(
// SPLIT: block.linear {{.*}} tensor<5x8xf32>) bias(
// SPLIT: block.linear {{.*}} tensor<5x1xf32>) bias(
// SPLIT: tensor.collapse_shape
// SPLIT: tensor.expand_shape
// SPLIT: block.linear {{.*}} tensor<5x8xf32>) bias(
// SPLIT: block.attention
// SPLIT-NOT: block.linear
// SPLIT: return
func.func @merged(%z: tensor<?x40x8xf32>, %n: tensor<?x7x5xf32>, %r: tensor<?x40x8xf32>, %q0: tensor<?x40x6xf32>,
                  %k0: tensor<?x7x6xf32>, %v0: tensor<?x7x9xf32>, %o0: tensor<?x40x9xf32>) -> tensor<?x40x8xf32> {
  %wq = perceiver.get_parameter @wq : tensor<8x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wk = perceiver.get_parameter @wk : tensor<5x6xf32>
  %bk = perceiver.get_parameter @bk : tensor<6xf32>
  %wv = perceiver.get_parameter @wv : tensor<5x9xf32>
  %bv = perceiver.get_parameter @bv : tensor<9xf32>
  %q = block.linear ins(%z, %wq : tensor<?x40x8xf32>, tensor<8x6xf32>) bias(%bq : tensor<6xf32>)
      outs(%q0 : tensor<?x40x6xf32>) -> tensor<?x40x6xf32>
  %k = block.linear ins(%n, %wk : tensor<?x7x5xf32>, tensor<5x6xf32>) bias(%bk : tensor<6xf32>)
      outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %v = block.linear ins(%n, %wv : tensor<?x7x5xf32>, tensor<5x9xf32>) bias(%bv : tensor<9xf32>)
      outs(%v0 : tensor<?x7x9xf32>) -> tensor<?x7x9xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x40x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%o0 : tensor<?x40x9xf32>) heads = 1
      {perceiver.algebra = #perceiver.algebra<absorb_queries_and_output>} -> tensor<?x40x9xf32>
  %wo = perceiver.get_parameter @wo : tensor<9x8xf32>
  %bo = perceiver.get_parameter @bo : tensor<8xf32>
  %y = block.linear ins(%o, %wo : tensor<?x40x9xf32>, tensor<9x8xf32>) bias(%bo : tensor<8xf32>)
      residual(%r : tensor<?x40x8xf32>) outs(%r : tensor<?x40x8xf32>) -> tensor<?x40x8xf32>
  return %y : tensor<?x40x8xf32>
}

// -----

// Given keys and values, the log-sum-exp and a tiling: the weight is a layer of
// its own, and what is said of the attention stays.

perceiver.parameter @wq : tensor<8x6xf32> key "query.weight" transpose

// CHECK-LABEL: func.func @given(
// CHECK-SAME: %[[Z:.*]]: tensor<40x8xf32>, %[[K:.*]]: tensor<?x?x6xf32>, %[[N:.*]]: tensor<?xi64>
// CHECK: %[[T:.*]] = block.transpose
// CHECK: %[[U:.*]] = block.linear ins(%[[K]], %[[T]] : tensor<?x?x6xf32>, tensor<6x8xf32>)
// CHECK: %[[O:.*]]:2 = block.attention ins(%[[Z]], %[[U]], %[[K]] : tensor<40x8xf32>, tensor<?x?x8xf32>, tensor<?x?x6xf32>)
// CHECK-SAME: lengths(%[[N]] : tensor<?xi64>) outs(
// CHECK-SAME: heads = 1 {masked_rows = #perceiver.masked_rows<uniform>, perceiver.tiling = #perceiver.tiling<task = [1, 1]>,
// CHECK-SAME: perceiver.without = ["separate-query-positions"], scale = 5.000000e-01 : f64}
// CHECK: return %[[O]]#0, %[[O]]#1
func.func @given(%z: tensor<40x8xf32>, %k: tensor<?x?x6xf32>, %n: tensor<?xi64>, %q0: tensor<40x6xf32>, %o0: tensor<?x40x6xf32>,
                 %l0: tensor<?x1x40xf32>) -> (tensor<?x40x6xf32>, tensor<?x1x40xf32>) {
  %wq = perceiver.get_parameter @wq : tensor<8x6xf32>
  %q = block.linear ins(%z, %wq : tensor<40x8xf32>, tensor<8x6xf32>) outs(%q0 : tensor<40x6xf32>) -> tensor<40x6xf32>
  %o:2 = block.attention ins(%q, %k, %k : tensor<40x6xf32>, tensor<?x?x6xf32>, tensor<?x?x6xf32>)
      lengths(%n : tensor<?xi64>) outs(%o0, %l0 : tensor<?x40x6xf32>, tensor<?x1x40xf32>) heads = 1
      {scale = 0.5 : f64, masked_rows = #perceiver.masked_rows<uniform>, perceiver.tiling = #perceiver.tiling<task = [1, 1]>,
       perceiver.without = ["separate-query-positions"], perceiver.algebra = #perceiver.algebra<absorb_queries>}
      -> tensor<?x40x6xf32>, tensor<?x1x40xf32>
  return %o#0, %o#1 : tensor<?x40x6xf32>, tensor<?x1x40xf32>
}

// -----

// Keys and values are columns of one layer: with half of it absorbed, the other
// half is a layer of its own.

perceiver.parameter @wq : tensor<8x16xf32> key "query.weight" transpose
perceiver.parameter @wk : tensor<5x16xf32> key "key.weight" transpose
perceiver.parameter @wv : tensor<5x16xf32> key "value.weight" transpose
perceiver.parameter @wo : tensor<16x3xf32> key "output.weight" transpose

// CHECK-LABEL: func.func @queries(
// CHECK-SAME: %[[Z:.*]]: tensor<?x40x8xf32>, %[[N:.*]]: tensor<?x7x5xf32>
// CHECK-NOT: tensor.extract_slice
// CHECK: %[[U:.*]] = block.linear ins(%[[N]], %{{.*}} : tensor<?x7x5xf32>, tensor<5x8xf32>)
// CHECK: %[[V:.*]] = block.linear ins(%[[N]], %{{.*}} : tensor<?x7x5xf32>, tensor<5x16xf32>)
// CHECK: %[[O:.*]] = block.attention ins(%[[Z]], %[[U]], %[[V]] :
// CHECK: block.linear ins(%[[O]],
// CHECK-LABEL: func.func @output(
// CHECK-SAME: %[[Z:.*]]: tensor<?x40x8xf32>, %[[N:.*]]: tensor<?x7x5xf32>
// CHECK-NOT: tensor.extract_slice
// CHECK: %[[Q:.*]] = block.linear ins(%[[Z]],
// CHECK: %[[K:.*]] = block.linear ins(%[[N]], %{{.*}} : tensor<?x7x5xf32>, tensor<5x16xf32>)
// CHECK: %[[V:.*]] = block.linear ins(%[[N]], %{{.*}} : tensor<?x7x5xf32>, tensor<5x3xf32>)
// CHECK: %[[O:.*]] = block.attention ins(%[[Q]], %[[K]], %[[V]] :
// CHECK: return %[[O]]
func.func @queries(%z: tensor<?x40x8xf32>, %n: tensor<?x7x5xf32>, %q0: tensor<?x40x16xf32>, %kv0: tensor<?x7x32xf32>,
                   %y0: tensor<?x40x3xf32>, %batch: index) -> tensor<?x40x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<8x16xf32>
  %wk = perceiver.get_parameter @wk : tensor<5x16xf32>
  %wv = perceiver.get_parameter @wv : tensor<5x16xf32>
  %wo = perceiver.get_parameter @wo : tensor<16x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x40x8xf32>, tensor<8x16xf32>) outs(%q0 : tensor<?x40x16xf32>) -> tensor<?x40x16xf32>
  %w = tensor.concat dim(1) %wk, %wv : (tensor<5x16xf32>, tensor<5x16xf32>) -> tensor<5x32xf32>
  %e = tensor.empty(%batch) : tensor<?x7x32xf32>
  %kv = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x32xf32>) outs(%e : tensor<?x7x32xf32>) -> tensor<?x7x32xf32>
  %k = tensor.extract_slice %kv[0, 0, 0] [%batch, 7, 16] [1, 1, 1] : tensor<?x7x32xf32> to tensor<?x7x16xf32>
  %v = tensor.extract_slice %kv[0, 0, 16] [%batch, 7, 16] [1, 1, 1] : tensor<?x7x32xf32> to tensor<?x7x16xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x40x16xf32>, tensor<?x7x16xf32>, tensor<?x7x16xf32>)
      outs(%q0 : tensor<?x40x16xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb_queries>} -> tensor<?x40x16xf32>
  %y = block.linear ins(%o, %wo : tensor<?x40x16xf32>, tensor<16x3xf32>) outs(%y0 : tensor<?x40x3xf32>) -> tensor<?x40x3xf32>
  return %y : tensor<?x40x3xf32>
}

func.func @output(%z: tensor<?x40x8xf32>, %n: tensor<?x7x5xf32>, %q0: tensor<?x40x16xf32>, %kv0: tensor<?x7x32xf32>,
                  %y0: tensor<?x40x3xf32>, %batch: index) -> tensor<?x40x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<8x16xf32>
  %wk = perceiver.get_parameter @wk : tensor<5x16xf32>
  %wv = perceiver.get_parameter @wv : tensor<5x16xf32>
  %wo = perceiver.get_parameter @wo : tensor<16x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x40x8xf32>, tensor<8x16xf32>) outs(%q0 : tensor<?x40x16xf32>) -> tensor<?x40x16xf32>
  %w = tensor.concat dim(1) %wk, %wv : (tensor<5x16xf32>, tensor<5x16xf32>) -> tensor<5x32xf32>
  %e = tensor.empty(%batch) : tensor<?x7x32xf32>
  %kv = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x32xf32>) outs(%e : tensor<?x7x32xf32>) -> tensor<?x7x32xf32>
  %k = tensor.extract_slice %kv[0, 0, 0] [%batch, 7, 16] [1, 1, 1] : tensor<?x7x32xf32> to tensor<?x7x16xf32>
  %v = tensor.extract_slice %kv[0, 0, 16] [%batch, 7, 16] [1, 1, 1] : tensor<?x7x32xf32> to tensor<?x7x16xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x40x16xf32>, tensor<?x7x16xf32>, tensor<?x7x16xf32>)
      outs(%q0 : tensor<?x40x16xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb_output>} -> tensor<?x40x16xf32>
  %y = block.linear ins(%o, %wo : tensor<?x40x16xf32>, tensor<16x3xf32>) outs(%y0 : tensor<?x40x3xf32>) -> tensor<?x40x3xf32>
  return %y : tensor<?x40x3xf32>
}
