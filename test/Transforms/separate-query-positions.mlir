// RUN: perceiver-opt %s --perceiver-separate-query-positions --canonicalize --cse --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-separate-query-positions --canonicalize --cse --perceiver-split-prepare --split-input-file | FileCheck %s --check-prefix=SPLIT

// Features, a vector and positions of two axes. Queries are columns of a layer
// with a bias, which is what a key adds to its scores.

perceiver.parameter @w : tensor<26x48xf32> key "weight" transpose
perceiver.parameter @b : tensor<48xf32> key "bias"
perceiver.parameter @pad : tensor<5xf32> key "padding"

// CHECK-LABEL: func.func @projected
// CHECK-SAME: %[[K:[a-z0-9]+]]: tensor<?x9x16xf32>, %[[V:[a-z0-9]+]]: tensor<?x9x7xf32>, %[[F:[a-z0-9]+]]: tensor<?x253x3xf32>
// CHECK: %[[R:.*]] = block.grid_statistics ins(%[[F]] : tensor<?x253x3xf32>)
// CHECK-SAME: channels = [9, 9, 5]
// CHECK: %[[POINTS:.*]] = block.linear {{.*}} -> tensor<38x26xf32>
// CHECK: %[[W:.*]] = tensor.extract_slice {{.*}} : tensor<26x48xf32> to tensor<26x16xf32>
// CHECK: %[[PW:.*]] = block.linear ins(%[[POINTS]], %[[W]] : tensor<38x26xf32>, tensor<26x16xf32>)
// CHECK: %[[T:.*]] = block.transpose ins(%[[PW]] : tensor<38x16xf32>)
// CHECK: %[[G:.*]] = block.linear ins(%[[K]], %[[T]] : tensor<?x9x16xf32>, tensor<16x38xf32>)
// CHECK: block.scale {{.*}}factor = 2.500000e-01
// CHECK: %[[TERMS:.*]] = block.linear ins(%[[K]], %{{.*}} : tensor<?x9x16xf32>, tensor<16x1xf32>)
// CHECK: %[[C:.*]] = block.transpose ins(%[[TERMS]] : tensor<?x9x1xf32>)
// CHECK: %[[M8:.*]] = block.key_mask
// CHECK: block.grid_query_attention ins(%[[R]], %[[G]], %[[V]] : tensor<?x253xf32>, tensor<?x9x38xf32>, tensor<?x9x7xf32>)
// CHECK-SAME: features(%[[F]] : tensor<?x253x3xf32>) mask(%[[M8]] : tensor<?x9xi8>) score_bias(%[[C]] : tensor<?x1x9xf32>)
// CHECK-SAME: grid = [11, 23, 1] heads = 1 scale = 2.500000e-01 -> tensor<?x1x7x253xf32>
// CHECK: %[[O:.*]]:2 = block.finish_attention
// CHECK-NOT: block.layer_norm
// CHECK: return %[[O]]#0, %[[O]]#1

// What the keys are multiplied with is stored.
// SPLIT-LABEL: func.func @projected
// SPLIT-NOT: block.grid_positions
// SPLIT-DAG: block.get_weight @{{.*}} : tensor<16x38xf32>
// SPLIT-DAG: block.get_weight @{{.*}} : tensor<16x1xf32>
// SPLIT: block.grid_query_attention
// SPLIT: return
func.func @projected(%k: tensor<?x9x16xf32>, %v: tensor<?x9x7xf32>, %f: tensor<?x253x3xf32>, %m: tensor<?x9xi1>)
    -> (tensor<?x253x7xf32>, tensor<?x1x253xf32>) {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x253x3xf32>
  %pad = perceiver.get_parameter @pad : tensor<5xf32>
  %w = perceiver.get_parameter @w : tensor<26x48xf32>
  %b = perceiver.get_parameter @b : tensor<48xf32>
  %ey = tensor.empty() : tensor<11x9xf32>
  %ty = block.axis_table outs(%ey : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ex = tensor.empty() : tensor<23x9xf32>
  %tx = block.axis_table outs(%ex : tensor<23x9xf32>) {bands = 4 : i64, max_frequency = 11.5 : f64} -> tensor<23x9xf32>
  %ep = tensor.empty() : tensor<253x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<11x9xf32>, tensor<23x9xf32>) outs(%ep : tensor<253x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<253x18xf32>
  %e = tensor.empty(%batch) : tensor<?x253x26xf32>
  %x = block.concat_channels ins(%f, %pad, %p : tensor<?x253x3xf32>, tensor<5xf32>, tensor<253x18xf32>)
      outs(%e : tensor<?x253x26xf32>) -> tensor<?x253x26xf32>
  %n = block.layer_norm ins(%x : tensor<?x253x26xf32>) outs(%e : tensor<?x253x26xf32>) -> tensor<?x253x26xf32>
  %eq = tensor.empty(%batch) : tensor<?x253x48xf32>
  %qs = block.linear ins(%n, %w : tensor<?x253x26xf32>, tensor<26x48xf32>) bias(%b : tensor<48xf32>)
      outs(%eq : tensor<?x253x48xf32>) -> tensor<?x253x48xf32>
  %q = tensor.extract_slice %qs[0, 0, 32] [%batch, 253, 16] [1, 1, 1] : tensor<?x253x48xf32> to tensor<?x253x16xf32>
  %eo = tensor.empty(%batch) : tensor<?x253x7xf32>
  %el = tensor.empty(%batch) : tensor<?x1x253xf32>
  %o, %l = block.attention ins(%q, %k, %v : tensor<?x253x16xf32>, tensor<?x9x16xf32>, tensor<?x9x7xf32>)
      mask(%m : tensor<?x9xi1>) outs(%eo, %el : tensor<?x253x7xf32>, tensor<?x1x253xf32>) heads = 1
      -> tensor<?x253x7xf32>, tensor<?x1x253xf32>
  return %o, %l : tensor<?x253x7xf32>, tensor<?x1x253xf32>
}

// -----

// Queries are the rows themselves, which something else reads, too: it has them
// computed. Keys keep what they add to their scores. Any number of keys is summed
// in float64.

// CHECK-LABEL: func.func @rows
// CHECK: %[[X:.*]] = block.concat_channels
// CHECK: %[[T:.*]] = block.transpose {{.*}} -> tensor<20x52xf32>
// CHECK: %[[G:.*]] = block.linear ins(%{{.*}}, %[[T]] : tensor<?x?x20xf32>, tensor<20x52xf32>)
// CHECK: block.grid_query_attention ins(%{{.*}}, %[[G]], %{{.*}} : tensor<?x400xf32>, tensor<?x?x52xf32>, tensor<?x?x20xf32>)
// CHECK-SAME: features(
// CHECK-SAME: score_bias(%{{.*}} : tensor<?x1x?xf32>)
// CHECK-SAME: grid = [10, 40] heads = 1 scale = 1.250000e-01 -> tensor<?x1x20x400xf64>
// CHECK: %[[O:.*]] = block.finish_attention
// CHECK: %[[Y:.*]] = block.add ins(%[[O]], %[[X]]
// CHECK: return %[[Y]]
func.func @rows(%k: tensor<?x?x20xf32>, %f: tensor<?x400x2xf32>, %c: tensor<?x1x?xf32>) -> tensor<?x400x20xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x400x2xf32>
  %et = tensor.empty() : tensor<10x9xf32>
  %t = block.axis_table outs(%et : tensor<10x9xf32>) {bands = 4 : i64, max_frequency = 5.0 : f64} -> tensor<10x9xf32>
  %eu = tensor.empty() : tensor<40x9xf32>
  %u = block.axis_table outs(%eu : tensor<40x9xf32>) {bands = 4 : i64, max_frequency = 20.0 : f64} -> tensor<40x9xf32>
  %ep = tensor.empty() : tensor<400x18xf32>
  %p = block.grid_positions tables(%t, %u : tensor<10x9xf32>, tensor<40x9xf32>) outs(%ep : tensor<400x18xf32>)
      {layout = #perceiver.fourier_layout<axis_major>} -> tensor<400x18xf32>
  %e = tensor.empty(%batch) : tensor<?x400x20xf32>
  %x = block.concat_channels ins(%p, %f : tensor<400x18xf32>, tensor<?x400x2xf32>)
      outs(%e : tensor<?x400x20xf32>) -> tensor<?x400x20xf32>
  %n = block.layer_norm ins(%x : tensor<?x400x20xf32>) outs(%e : tensor<?x400x20xf32>) -> tensor<?x400x20xf32>
  %o = block.attention ins(%n, %k, %k : tensor<?x400x20xf32>, tensor<?x?x20xf32>, tensor<?x?x20xf32>)
      score_bias(%c : tensor<?x1x?xf32>) outs(%e : tensor<?x400x20xf32>) heads = 1 {scale = 0.125 : f64} -> tensor<?x400x20xf32>
  %y = block.add ins(%o, %x : tensor<?x400x20xf32>, tensor<?x400x20xf32>) outs(%e : tensor<?x400x20xf32>) -> tensor<?x400x20xf32>
  return %y : tensor<?x400x20xf32>
}
