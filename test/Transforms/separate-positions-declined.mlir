// RUN: perceiver-opt %s --perceiver-separate-positions --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-separate-positions --split-input-file --remarks-filter="perceiver-separate-positions" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Somebody says how it is computed.

perceiver.parameter @w : tensor<21x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="it has a tiling"
// CHECK: func.func @tiling(
// CHECK: block.attention
func.func @tiling(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x32xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x18xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x21xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x21xf32>, tensor<21x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 {perceiver.tiling = #perceiver.tiling<task = [1, 1]>} -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Somebody forbids it.

perceiver.parameter @w : tensor<21x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="perceiver.without forbids it"
// CHECK: func.func @forbidden(
// CHECK: block.attention
func.func @forbidden(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x32xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x18xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x21xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x21xf32>, tensor<21x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 {perceiver.without = ["separate-positions"]} -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Keys add something of their own to their scores.

perceiver.parameter @w : tensor<21x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="its keys have a score bias"
// CHECK: func.func @score_bias(
// CHECK: block.attention
func.func @score_bias(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>, %c: tensor<?x1x55xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x32xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x18xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x21xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x21xf32>, tensor<21x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) score_bias(%c : tensor<?x1x55xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Keys of two heads.

perceiver.parameter @w : tensor<21x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="it has 2 heads"
// CHECK: func.func @heads(
// CHECK: block.attention
func.func @heads(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x32xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x18xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x21xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x21xf32>, tensor<21x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 2 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// With the log-sum-exp, the bias of the keys would matter.

perceiver.parameter @w : tensor<21x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="its log-sum-exp is read"
// CHECK: func.func @lse(
// CHECK: block.attention
func.func @lse(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x32xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x18xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x21xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x21xf32>, tensor<21x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %el = tensor.empty(%batch) : tensor<?x1x33xf32>
  %o, %lse = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo, %el : tensor<?x33x32xf32>, tensor<?x1x33xf32>) heads = 1 -> tensor<?x33x32xf32>, tensor<?x1x33xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// fold-norms comes first.

perceiver.parameter @w : tensor<21x32xf32> key "weight" transpose
perceiver.parameter @g : tensor<21xf32> key "gain"

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="the norm has an affine part that its readers have not taken in"
// CHECK: func.func @affine(
// CHECK: block.attention
func.func @affine(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x32xf32>
  %g = perceiver.get_parameter @g : tensor<21xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x18xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x21xf32>) affine(%g, %g : tensor<21xf32>, tensor<21xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x21xf32>, tensor<21x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// A vector that a caller chooses.

perceiver.parameter @w : tensor<23x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="channels that all points share are no parameters"
// CHECK: func.func @vector(
// CHECK: block.attention
func.func @vector(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>, %v: tensor<2xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<23x32xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x23xf32>
  %x = block.concat_channels ins(%f, %p, %v : tensor<?x55x3xf32>, tensor<55x18xf32>, tensor<2xf32>) outs(%e : tensor<?x55x23xf32>) -> tensor<?x55x23xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x23xf32>) outs(%e : tensor<?x55x23xf32>) -> tensor<?x55x23xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x23xf32>, tensor<23x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Trainable positions.

perceiver.parameter @w : tensor<25x32xf32> key "weight" transpose
perceiver.parameter @t : tensor<55x4xf32> key "positions"

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="4 channels are parameters of each point, as trainable positions are"
// CHECK: func.func @trained(
// CHECK: block.attention
func.func @trained(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<25x32xf32>
  %t = perceiver.get_parameter @t : tensor<55x4xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x25xf32>
  %x = block.concat_channels ins(%f, %p, %t : tensor<?x55x3xf32>, tensor<55x18xf32>, tensor<55x4xf32>) outs(%e : tensor<?x55x25xf32>) -> tensor<?x55x25xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x25xf32>) outs(%e : tensor<?x55x25xf32>) -> tensor<?x55x25xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x25xf32>, tensor<25x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Two grids with as many points.

perceiver.parameter @w : tensor<39x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="the points are of several grids"
// CHECK: func.func @grids(
// CHECK: block.attention
func.func @grids(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<39x32xf32>
  %ez = tensor.empty() : tensor<55x9xf32>
  %tz = block.axis_table outs(%ez : tensor<55x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<55x9xf32>
  %eu = tensor.empty() : tensor<1x9xf32>
  %tu = block.axis_table outs(%eu : tensor<1x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<1x9xf32>
  %e2 = tensor.empty() : tensor<55x18xf32>
  %p2 = block.grid_positions tables(%tz, %tu : tensor<55x9xf32>, tensor<1x9xf32>) outs(%e2 : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x39xf32>
  %x = block.concat_channels ins(%f, %p, %p2 : tensor<?x55x3xf32>, tensor<55x18xf32>, tensor<55x18xf32>) outs(%e : tensor<?x55x39xf32>) -> tensor<?x55x39xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x39xf32>) outs(%e : tensor<?x55x39xf32>) -> tensor<?x55x39xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x39xf32>, tensor<39x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Rows without keys are zeros.

perceiver.parameter @w : tensor<21x32xf32> key "weight" transpose
perceiver.parameter @b : tensor<32xf32> key "bias"

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="a row whose keys are all masked would get the bias of the values"
// CHECK: func.func @masked(
// CHECK: block.attention
func.func @masked(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>, %m: tensor<?x55xi1>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x32xf32>
  %b = perceiver.get_parameter @b : tensor<32xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x18xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x21xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x21xf32>, tensor<21x32xf32>) bias(%b : tensor<32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) mask(%m : tensor<?x55xi1>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// All cosines are 1 in the middle.

perceiver.parameter @w : tensor<21x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="positions without sines or cosines may all be the same"
// CHECK: func.func @sines(
// CHECK: block.attention
func.func @sines(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x32xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 9 : i64, max_frequency = 5.5 : f64, terms = #perceiver.terms<cos>} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 9 : i64, max_frequency = 5.5 : f64, terms = #perceiver.terms<cos>} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>, terms = #perceiver.terms<cos>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x18xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x21xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x21xf32>, tensor<21x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Many features beside few positions: far from zero, all scores would round as if
// they were as large.

perceiver.parameter @w : tensor<203x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="scores would be 8.2 times less accurate"
// CHECK: func.func @features(
// CHECK: block.attention
func.func @features(%q: tensor<33x32xf32>, %f: tensor<?x55x197xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x197xf32>
  %w = perceiver.get_parameter @w : tensor<203x32xf32>
  %ey = tensor.empty() : tensor<5x3xf32>
  %ty = block.axis_table outs(%ey : tensor<5x3xf32>) {bands = 1 : i64, max_frequency = 5.5 : f64} -> tensor<5x3xf32>
  %ex = tensor.empty() : tensor<11x3xf32>
  %tx = block.axis_table outs(%ex : tensor<11x3xf32>) {bands = 1 : i64, max_frequency = 5.5 : f64} -> tensor<11x3xf32>
  %ep = tensor.empty() : tensor<55x6xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x3xf32>, tensor<11x3xf32>) outs(%ep : tensor<55x6xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x6xf32>
  %e = tensor.empty(%batch) : tensor<?x55x203xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x197xf32>, tensor<55x6xf32>) outs(%e : tensor<?x55x203xf32>) -> tensor<?x55x203xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x203xf32>) outs(%e : tensor<?x55x203xf32>) -> tensor<?x55x203xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x203xf32>, tensor<203x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Short lines.

perceiver.parameter @w : tensor<21x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="the last axis has 5 places"
// CHECK: func.func @places(
// CHECK: block.attention
func.func @places(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x32xf32>
  %ey = tensor.empty() : tensor<11x9xf32>
  %ty = block.axis_table outs(%ey : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ex = tensor.empty() : tensor<5x9xf32>
  %tx = block.axis_table outs(%ex : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<11x9xf32>, tensor<5x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x18xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x21xf32>) outs(%e : tensor<?x55x21xf32>) -> tensor<?x55x21xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x21xf32>, tensor<21x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Few channels.

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="it would cost as much as
// CHECK: func.func @cost(
// CHECK: block.attention
func.func @cost(%q: tensor<33x9xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x9xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %ey = tensor.empty() : tensor<5x3xf32>
  %ty = block.axis_table outs(%ey : tensor<5x3xf32>) {bands = 1 : i64, max_frequency = 5.5 : f64} -> tensor<5x3xf32>
  %ex = tensor.empty() : tensor<11x3xf32>
  %tx = block.axis_table outs(%ex : tensor<11x3xf32>) {bands = 1 : i64, max_frequency = 5.5 : f64} -> tensor<11x3xf32>
  %ep = tensor.empty() : tensor<55x6xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x3xf32>, tensor<11x3xf32>) outs(%ep : tensor<55x6xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x6xf32>
  %e = tensor.empty(%batch) : tensor<?x55x9xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf32>, tensor<55x6xf32>) outs(%e : tensor<?x55x9xf32>) -> tensor<?x55x9xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x9xf32>) outs(%e : tensor<?x55x9xf32>) -> tensor<?x55x9xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x9xf32>
  %o = block.attention ins(%q, %n, %n : tensor<33x9xf32>, tensor<?x55x9xf32>, tensor<?x55x9xf32>) outs(%eo : tensor<?x33x9xf32>) heads = 1 -> tensor<?x33x9xf32>
  return %o : tensor<?x33x9xf32>
}

// -----

// A number of rows that the caller chooses, which happens to fit.

perceiver.parameter @w : tensor<21x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="the rows are not the points of the grid"
// CHECK: func.func @rows(
// CHECK: block.attention
func.func @rows(%q: tensor<33x32xf32>, %f: tensor<?x?x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x?x3xf32>
  %c1 = arith.constant 1 : index
  %rows = tensor.dim %f, %c1 : tensor<?x?x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x32xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch, %rows) : tensor<?x?x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x?x3xf32>, tensor<55x18xf32>) outs(%e : tensor<?x?x21xf32>) -> tensor<?x?x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x?x21xf32>) outs(%e : tensor<?x?x21xf32>) -> tensor<?x?x21xf32>
  %ek = tensor.empty(%batch, %rows) : tensor<?x?x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x?x21xf32>, tensor<21x32xf32>) outs(%ek : tensor<?x?x32xf32>) -> tensor<?x?x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x?x32xf32>, tensor<?x?x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Positions alone.

perceiver.parameter @w : tensor<18x32xf32> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="the points have no features of a batch"
// CHECK: func.func @positions(
// CHECK: block.attention
func.func @positions(%q: tensor<33x32xf32>, %f: tensor<?x55x3xf32>) -> tensor<?x33x32xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
  %w = perceiver.get_parameter @w : tensor<18x32xf32>
  %ey = tensor.empty() : tensor<5x9xf32>
  %ty = block.axis_table outs(%ey : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ex = tensor.empty() : tensor<11x9xf32>
  %tx = block.axis_table outs(%ex : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ep = tensor.empty() : tensor<55x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf32>, tensor<11x9xf32>) outs(%ep : tensor<55x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf32>
  %e = tensor.empty(%batch) : tensor<?x55x18xf32>
  %x = block.concat_channels ins(%p : tensor<55x18xf32>) outs(%e : tensor<?x55x18xf32>) -> tensor<?x55x18xf32>
  %n = block.layer_norm ins(%x : tensor<?x55x18xf32>) outs(%e : tensor<?x55x18xf32>) -> tensor<?x55x18xf32>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x55x18xf32>, tensor<18x32xf32>) outs(%ek : tensor<?x55x32xf32>) -> tensor<?x55x32xf32>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf32>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf32>, tensor<?x55x32xf32>, tensor<?x55x32xf32>) outs(%eo : tensor<?x33x32xf32>) heads = 1 -> tensor<?x33x32xf32>
  return %o : tensor<?x33x32xf32>
}

// -----

// Arrays of another type.

perceiver.parameter @w : tensor<21x32xf16> key "weight" transpose

// REMARK: remark: [Missed] PositionsStayDense {{.*}} Reason="its arrays are not float32"
// CHECK: func.func @halves(
// CHECK: block.attention
func.func @halves(%q: tensor<33x32xf16>, %f: tensor<?x55x3xf16>) -> tensor<?x33x32xf16> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x55x3xf16>
  %w = perceiver.get_parameter @w : tensor<21x32xf16>
  %ey = tensor.empty() : tensor<5x9xf16>
  %ty = block.axis_table outs(%ey : tensor<5x9xf16>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf16>
  %ex = tensor.empty() : tensor<11x9xf16>
  %tx = block.axis_table outs(%ex : tensor<11x9xf16>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf16>
  %ep = tensor.empty() : tensor<55x18xf16>
  %p = block.grid_positions tables(%ty, %tx : tensor<5x9xf16>, tensor<11x9xf16>) outs(%ep : tensor<55x18xf16>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<55x18xf16>
  %e = tensor.empty(%batch) : tensor<?x55x21xf16>
  %x = block.concat_channels ins(%f, %p : tensor<?x55x3xf16>, tensor<55x18xf16>) outs(%e : tensor<?x55x21xf16>) -> tensor<?x55x21xf16>
  %n = block.layer_norm ins(%x : tensor<?x55x21xf16>) outs(%e : tensor<?x55x21xf16>) -> tensor<?x55x21xf16>
  %ek = tensor.empty(%batch) : tensor<?x55x32xf16>
  %k = block.linear ins(%n, %w : tensor<?x55x21xf16>, tensor<21x32xf16>) outs(%ek : tensor<?x55x32xf16>) -> tensor<?x55x32xf16>
  %eo = tensor.empty(%batch) : tensor<?x33x32xf16>
  %o = block.attention ins(%q, %k, %k : tensor<33x32xf16>, tensor<?x55x32xf16>, tensor<?x55x32xf16>) outs(%eo : tensor<?x33x32xf16>) heads = 1 -> tensor<?x33x32xf16>
  return %o : tensor<?x33x32xf16>
}
