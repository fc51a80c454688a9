// RUN: perceiver-opt %s --perceiver-separate-positions --canonicalize --cse --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-separate-positions --canonicalize --cse --perceiver-split-prepare --split-input-file | FileCheck %s --check-prefix=SPLIT

// Features between a vector and positions of two axes. Keys and values are
// columns of one layer; the bias of the keys changes no result.

perceiver.parameter @wk : tensor<26x16xf32> key "key.weight" transpose
perceiver.parameter @bk : tensor<16xf32> key "key.bias"
perceiver.parameter @wv : tensor<26x32xf32> key "value.weight" transpose
perceiver.parameter @bv : tensor<32xf32> key "value.bias"
perceiver.parameter @pad : tensor<5xf32> key "padding"

// CHECK-LABEL: func.func @two_axes
// CHECK-SAME: %[[Q:[a-z0-9]+]]: tensor<33x16xf32>, %[[F:[a-z0-9]+]]: tensor<?x55x3xf32>
// CHECK-DAG: %[[PAD:.*]] = perceiver.get_parameter @pad
// CHECK-DAG: %[[TY:.*]] = block.axis_table {{.*}} -> tensor<5x9xf32>
// CHECK-DAG: %[[TX:.*]] = block.axis_table {{.*}} -> tensor<11x9xf32>
// CHECK: %[[R:.*]] = block.grid_statistics ins(%[[F]] : tensor<?x55x3xf32>)
// CHECK-SAME: tables(%{{.*}}, %{{.*}}, %{{.*}} : tensor<2x5xf32>, tensor<2x11xf32>, tensor<2x1xf32>)
// CHECK-SAME: channels = [9, 9, 5] {epsilon = 1.000000e-03 : f64} -> tensor<?x55xf32>
// Rows of features, of each axis and of the vector, with zeros in the channels
// of the others.
// CHECK-DAG: %[[Y:.*]] = block.grid_positions tables(%[[TY]], %{{.*}} : tensor<5x9xf32>, tensor<1x9xf32>)
// CHECK-DAG: %[[X:.*]] = block.grid_positions tables(%{{.*}}, %[[TX]] : tensor<1x9xf32>, tensor<11x9xf32>)
// CHECK-DAG: block.concat_channels ins(%{{.*}}, %{{.*}}, %[[Y]] : tensor<5xf32>, tensor<3xf32>, tensor<5x18xf32>)
// CHECK-DAG: block.concat_channels ins(%{{.*}}, %{{.*}}, %[[X]] : tensor<5xf32>, tensor<3xf32>, tensor<11x18xf32>)
// CHECK: %[[ALL:.*]] = block.concat_rows ins({{.*}} : tensor<3x26xf32>, tensor<5x26xf32>, tensor<11x26xf32>, tensor<1x26xf32>)
// CHECK: %[[POINTS:.*]] = block.linear {{.*}} residual(%[[ALL]] : tensor<20x26xf32>)
// CHECK: %[[KEYS:.*]] = block.linear ins(%[[POINTS]], %{{.*}} : tensor<20x26xf32>, tensor<26x16xf32>) outs(
// CHECK: %[[KT:.*]] = block.transpose ins(%[[KEYS]] : tensor<20x16xf32>)
// CHECK: %[[U:.*]] = block.linear ins(%[[Q]], %[[KT]] : tensor<33x16xf32>, tensor<16x20xf32>) outs(
// CHECK: block.grid_attention ins(%[[U]], %[[F]], %[[R]] : tensor<33x20xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>)
// CHECK-SAME: grid = [5, 11, 1] heads = 1 scale = 2.500000e-01 -> tensor<?x1x20x33xf32>
// CHECK: %[[O:.*]] = block.finish_attention {{.*}} -> tensor<?x33x20xf32>
// CHECK: %[[VALUES:.*]] = block.linear ins(%[[POINTS]], %{{.*}} : tensor<20x26xf32>, tensor<26x32xf32>) outs(
// CHECK: %[[Y:.*]] = block.linear ins(%[[O]], %[[VALUES]] : tensor<?x33x20xf32>, tensor<20x32xf32>) bias(%{{.*}} : tensor<32xf32>)
// CHECK-NOT: block.layer_norm
// CHECK: return %[[Y]]

// Moments, keys and values of the points are stored.
// SPLIT-LABEL: func.func @two_axes
// SPLIT-NOT: block.grid_positions
// SPLIT-NOT: block.concat
// SPLIT-DAG: block.get_weight @{{.*}} : tensor<2x5xf32>
// SPLIT-DAG: block.get_weight @{{.*}} : tensor<2x11xf32>
// SPLIT-DAG: block.get_weight @{{.*}} : tensor<2x1xf32>
// SPLIT: block.grid_statistics
// SPLIT: block.get_weight @{{.*}} : tensor<16x20xf32>
// SPLIT: block.linear
// SPLIT: block.grid_attention
// SPLIT: block.finish_attention
// SPLIT: block.linear
// SPLIT: return
func.func @two_axes(%q: tensor<33x16xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %pad = perceiver.get_parameter @pad : tensor<5xf32>
  %wk = perceiver.get_parameter @wk : tensor<26x16xf32>
  %bk = perceiver.get_parameter @bk : tensor<16xf32>
  %wv = perceiver.get_parameter @wv : tensor<26x32xf32>
  %bv = perceiver.get_parameter @bv : tensor<32xf32>
  %w = tensor.concat dim(1) %wk, %wv : (tensor<26x16xf32>, tensor<26x32xf32>) -> tensor<26x48xf32>
  %b = tensor.concat dim(0) %bk, %bv : (tensor<16xf32>, tensor<32xf32>) -> tensor<48xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 2.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x26xf32>
  %x = block.concat_channels ins(%pad, %f, %p : tensor<5xf32>, tensor<?x55x3xf32>, tensor<55x18xf32>)
      outs(%e : tensor<?x55x26xf32>) -> tensor<?x55x26xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x26xf32>) outs(%e : tensor<?x55x26xf32>) {epsilon = 1.0e-3 : f64} -> tensor<?x55x26xf32>
  %ekv = tensor.empty(%batch) : tensor<?x55x48xf32>
  %kv = block.linear ins(%n, %w : tensor<?x55x26xf32>, tensor<26x48xf32>) bias(%b : tensor<48xf32>)
      outs(%ekv : tensor<?x55x48xf32>) -> tensor<?x55x48xf32>
  %k = tensor.extract_slice %kv[0, 0, 0] [%batch, 55, 16] [1, 1, 1] : tensor<?x55x48xf32> to tensor<?x55x16xf32>
  %v = tensor.extract_slice %kv[0, 0, 16] [%batch, 55, 32] [1, 1, 1] : tensor<?x55x48xf32> to tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %v : tensor<33x16xf32>, tensor<?x55x16xf32>, tensor<?x55x32xf32>)
      outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// In a loop, whose iterations share what is computed of the features. The rows
// themselves are keys and values; so many points are summed in float64.

// CHECK-LABEL: func.func @loop
// CHECK: block.grid_statistics
// CHECK: scf.for
// CHECK-NOT: block.grid_statistics
// CHECK: block.key_mask mask(
// CHECK: block.grid_attention {{.*}} mask({{.*}} grid = [50, 100] heads = 1 {{.*}} -> tensor<?x1x152x9xf64>
// CHECK: block.finish_attention
// CHECK: block.linear ins({{.*}} : tensor<?x9x152xf32>, tensor<152x36xf32>) outs(
func.func @loop(%q0: tensor<?x9x36xf32>, %f: tensor<?x5000x2xf32>, %m: tensor<?x5000xi1>) -> tensor<?x9x36xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %batch = tensor.dim %f, %c0 : tensor<?x5000x2xf32>
  %et = tensor.empty() : tensor<50x17xf32>
  %t = block.axis_table outs(%et : tensor<50x17xf32>) {bands = 8 : i64, max_frequency = 25.0 : f64} -> tensor<50x17xf32>
  %eu = tensor.empty() : tensor<100x17xf32>
  %u = block.axis_table outs(%eu : tensor<100x17xf32>) {bands = 8 : i64, max_frequency = 25.0 : f64} -> tensor<100x17xf32>
  %ep = tensor.empty() : tensor<5000x34xf32>
  %p = block.grid_positions tables(%t, %u : tensor<50x17xf32>, tensor<100x17xf32>) outs(%ep : tensor<5000x34xf32>)
      {layout = #perceiver.fourier_layout<axis_major>} -> tensor<5000x34xf32>
  %e = tensor.empty(%batch) : tensor<?x5000x36xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x5000x2xf32>, tensor<5000x34xf32>)
      outs(%e : tensor<?x5000x36xf32>) -> tensor<?x5000x36xf32>
  %y = scf.for %i = %c0 to %c3 step %c1 iter_args(%q = %q0) -> (tensor<?x9x36xf32>) {
    %n = block.layer_norm ins(%x : tensor<?x5000x36xf32>) outs(%e : tensor<?x5000x36xf32>) -> tensor<?x5000x36xf32>
    %eo = tensor.empty(%batch) : tensor<?x9x36xf32>
    %o = block.attention ins(%q, %n, %n : tensor<?x9x36xf32>, tensor<?x5000x36xf32>, tensor<?x5000x36xf32>)
        mask(%m : tensor<?x5000xi1>) outs(%eo : tensor<?x9x36xf32>) heads = 1 -> tensor<?x9x36xf32>
    scf.yield %o : tensor<?x9x36xf32>
  }
  return %y : tensor<?x9x36xf32>
}
