// RUN: perceiver-opt %s --perceiver-convert-to-online-attention | FileCheck %s

// The state starts neutral, with sums in float64 as there may be any number of
// keys; the scale and a tiling that a researcher wrote are kept.

// CHECK-LABEL: func.func @one_head(
// CHECK-SAME: %[[Q:.*]]: tensor<7x33xf32>, %[[K:.*]]: tensor<?x?x33xf32>, %[[V:.*]]: tensor<?x?x7xf32>, %[[INIT:.*]]: tensor<?x7x7xf32>
// CHECK-NOT: block.attention
// CHECK-NOT: block.key_mask
// CHECK: %[[BATCH:.*]] = tensor.dim %[[K]], %{{.*}} : tensor<?x?x33xf32>
// CHECK: %[[ACC_E:.*]] = tensor.empty(%[[BATCH]]) : tensor<?x1x7x7xf64>
// CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f64
// CHECK: %[[ACC:.*]] = linalg.fill ins(%[[ZERO]] : f64) outs(%[[ACC_E]] :
// CHECK: %[[INF:.*]] = arith.constant 0xFF800000 : f32
// CHECK: %[[MAX:.*]] = linalg.fill ins(%[[INF]] : f32) outs(%{{.*}} : tensor<?x1x7xf32>)
// CHECK: %[[ZERO_SUM:.*]] = arith.constant 0.000000e+00 : f64
// CHECK: %[[SUM:.*]] = linalg.fill ins(%[[ZERO_SUM]] : f64) outs(%{{.*}} : tensor<?x1x7xf64>)
// CHECK: %[[ONLINE:.*]]:3 = block.online_attention ins(%[[Q]], %[[K]], %[[V]] :
// CHECK-SAME: outs(%[[ACC]], %[[MAX]], %[[SUM]] :
// CHECK-SAME: heads = 1 scale = 5.000000e-01
// CHECK-SAME: {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 64>}
// CHECK: %[[O:.*]] = block.finish_attention ins(%[[ONLINE]]#0, %[[ONLINE]]#1, %[[ONLINE]]#2 :
// CHECK-SAME: outs(%[[INIT]] : tensor<?x7x7xf32>)
// CHECK-NOT: perceiver.tiling
// CHECK: return %[[O]]
func.func @one_head(%q: tensor<7x33xf32>, %k: tensor<?x?x33xf32>, %v: tensor<?x?x7xf32>, %init: tensor<?x7x7xf32>)
    -> tensor<?x7x7xf32> {
  %o = block.attention ins(%q, %k, %v : tensor<7x33xf32>, tensor<?x?x33xf32>, tensor<?x?x7xf32>)
      outs(%init : tensor<?x7x7xf32>) heads = 1
      {scale = 0.5 : f64, perceiver.tiling = #perceiver.tiling<task = [1], key_split = 64>} -> tensor<?x7x7xf32>
  return %o : tensor<?x7x7xf32>
}

// Lengths and a mask become a key mask; the default scale is 1 / sqrt(dqk); the
// log-sum-exp is a second result of finish_attention.

// CHECK-LABEL: func.func @masked(
// CHECK-SAME: %[[Q:.*]]: tensor<3x?x6xf32>, %[[K:.*]]: tensor<3x33x6xf32>, %[[V:.*]]: tensor<3x33x9xf32>, %[[N:.*]]: tensor<3xi64>, %[[M:.*]]: tensor<3x33xi1>, %[[INIT:.*]]: tensor<3x?x9xf32>, %[[LSE:.*]]: tensor<3x3x?xf32>
// CHECK: %[[QUERIES:.*]] = tensor.dim %[[Q]], %{{.*}} : tensor<3x?x6xf32>
// CHECK: %[[MASK:.*]] = block.key_mask lengths(%[[N]] : tensor<3xi64>) mask(%[[M]] : tensor<3x33xi1>)
// CHECK-SAME: outs(%{{.*}} : tensor<3x33xi8>) {masked_rows = #perceiver.masked_rows<uniform>}
// CHECK: tensor.empty(%[[QUERIES]]) : tensor<3x3x3x?xf32>
// CHECK: %[[ONLINE:.*]]:3 = block.online_attention ins(%[[Q]], %[[K]], %[[V]] :
// CHECK-SAME: mask(%[[MASK]] : tensor<3x33xi8>)
// CHECK-SAME: heads = 3 scale = 0.707106781{{[0-9]*}} ->
// CHECK: %[[O:.*]]:2 = block.finish_attention ins(%[[ONLINE]]#0, %[[ONLINE]]#1, %[[ONLINE]]#2 :
// CHECK-SAME: outs(%[[INIT]], %[[LSE]] :
// CHECK: return %[[O]]#0, %[[O]]#1
func.func @masked(%q: tensor<3x?x6xf32>, %k: tensor<3x33x6xf32>, %v: tensor<3x33x9xf32>, %n: tensor<3xi64>,
                  %m: tensor<3x33xi1>, %init: tensor<3x?x9xf32>, %lse: tensor<3x3x?xf32>)
    -> (tensor<3x?x9xf32>, tensor<3x3x?xf32>) {
  %o:2 = block.attention ins(%q, %k, %v : tensor<3x?x6xf32>, tensor<3x33x6xf32>, tensor<3x33x9xf32>)
      lengths(%n : tensor<3xi64>) mask(%m : tensor<3x33xi1>) outs(%init, %lse : tensor<3x?x9xf32>, tensor<3x3x?xf32>)
      heads = 3 {masked_rows = #perceiver.masked_rows<uniform>} -> tensor<3x?x9xf32>, tensor<3x3x?xf32>
  return %o#0, %o#1 : tensor<3x?x9xf32>, tensor<3x3x?xf32>
}

// What keys add to their scores stays.

// CHECK-LABEL: func.func @score_bias(
// CHECK: block.online_attention ins({{.*}}) score_bias(%{{.*}} : tensor<3x2x33xf32>) outs(
func.func @score_bias(%q: tensor<7x6xf32>, %k: tensor<3x33x6xf32>, %c: tensor<3x2x33xf32>, %init: tensor<3x7x6xf32>)
    -> tensor<3x7x6xf32> {
  %o = block.attention ins(%q, %k, %k : tensor<7x6xf32>, tensor<3x33x6xf32>, tensor<3x33x6xf32>)
      score_bias(%c : tensor<3x2x33xf32>) outs(%init : tensor<3x7x6xf32>) heads = 2 -> tensor<3x7x6xf32>
  return %o : tensor<3x7x6xf32>
}

// Sums over few keys are float32, over many float64; the maximum is float32.

// CHECK-LABEL: func.func @few_keys(
// CHECK: block.online_attention
// CHECK-SAME: -> tensor<1x1x5x7xf32>, tensor<1x1x7xf32>, tensor<1x1x7xf32>
func.func @few_keys(%q: tensor<7x5xf32>, %k: tensor<1x16384x5xf32>, %init: tensor<1x7x5xf32>) -> tensor<1x7x5xf32> {
  %o = block.attention ins(%q, %k, %k : tensor<7x5xf32>, tensor<1x16384x5xf32>, tensor<1x16384x5xf32>)
      outs(%init : tensor<1x7x5xf32>) heads = 1 -> tensor<1x7x5xf32>
  return %o : tensor<1x7x5xf32>
}

// CHECK-LABEL: func.func @many_keys(
// CHECK: block.online_attention
// CHECK-SAME: -> tensor<1x1x5x7xf64>, tensor<1x1x7xf32>, tensor<1x1x7xf64>
func.func @many_keys(%q: tensor<7x5xf32>, %k: tensor<1x16385x5xf32>, %init: tensor<1x7x5xf32>) -> tensor<1x7x5xf32> {
  %o = block.attention ins(%q, %k, %k : tensor<7x5xf32>, tensor<1x16385x5xf32>, tensor<1x16385x5xf32>)
      outs(%init : tensor<1x7x5xf32>) heads = 1 -> tensor<1x7x5xf32>
  return %o : tensor<1x7x5xf32>
}
