// RUN: perceiver-opt %s --perceiver-separate-query-positions --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-separate-query-positions --split-input-file --remarks-filter="perceiver-separate-query-positions" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Somebody says how it is computed.

perceiver.parameter @w : tensor<21x16xf32> key "weight" transpose

// REMARK: remark: [Missed] QueryPositionsStayDense {{.*}} Reason="it has a tiling"
// CHECK: func.func @tiling(
// CHECK: block.attention
func.func @tiling(%k: tensor<?x9x16xf32>, %v: tensor<?x9x6xf32>, %f: tensor<?x253x3xf32>) -> tensor<?x253x6xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x253x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x16xf32>
  %ey = tensor.empty() : tensor<11x9xf32>
  %ty = block.axis_table outs(%ey : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ex = tensor.empty() : tensor<23x9xf32>
  %tx = block.axis_table outs(%ex : tensor<23x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<23x9xf32>
  %ep = tensor.empty() : tensor<253x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<11x9xf32>, tensor<23x9xf32>) outs(%ep : tensor<253x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<253x18xf32>
  %e = tensor.empty(%batch) : tensor<?x253x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x253x3xf32>, tensor<253x18xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x253x21xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %eq = tensor.empty(%batch) : tensor<?x253x16xf32>
  %q = block.linear ins(%n, %w : tensor<?x253x21xf32>, tensor<21x16xf32>) outs(%eq : tensor<?x253x16xf32>) -> tensor<?x253x16xf32>
  %eo = tensor.empty(%batch) : tensor<?x253x6xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x253x16xf32>, tensor<?x9x16xf32>, tensor<?x9x6xf32>) outs(%eo : tensor<?x253x6xf32>) heads = 1 {perceiver.tiling = #perceiver.tiling<task = [1, 1]>} -> tensor<?x253x6xf32>
  return %o : tensor<?x253x6xf32>
}

// -----

// Somebody forbids it.

perceiver.parameter @w : tensor<21x16xf32> key "weight" transpose

// REMARK: remark: [Missed] QueryPositionsStayDense {{.*}} Reason="perceiver.without forbids it"
// CHECK: func.func @forbidden(
// CHECK: block.attention
func.func @forbidden(%k: tensor<?x9x16xf32>, %v: tensor<?x9x6xf32>, %f: tensor<?x253x3xf32>) -> tensor<?x253x6xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x253x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x16xf32>
  %ey = tensor.empty() : tensor<11x9xf32>
  %ty = block.axis_table outs(%ey : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ex = tensor.empty() : tensor<23x9xf32>
  %tx = block.axis_table outs(%ex : tensor<23x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<23x9xf32>
  %ep = tensor.empty() : tensor<253x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<11x9xf32>, tensor<23x9xf32>) outs(%ep : tensor<253x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<253x18xf32>
  %e = tensor.empty(%batch) : tensor<?x253x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x253x3xf32>, tensor<253x18xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x253x21xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %eq = tensor.empty(%batch) : tensor<?x253x16xf32>
  %q = block.linear ins(%n, %w : tensor<?x253x21xf32>, tensor<21x16xf32>) outs(%eq : tensor<?x253x16xf32>) -> tensor<?x253x16xf32>
  %eo = tensor.empty(%batch) : tensor<?x253x6xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x253x16xf32>, tensor<?x9x16xf32>, tensor<?x9x6xf32>) outs(%eo : tensor<?x253x6xf32>) heads = 1 {perceiver.without = ["separate-query-positions"]} -> tensor<?x253x6xf32>
  return %o : tensor<?x253x6xf32>
}

// -----

// Keys of two heads would each have tables.

perceiver.parameter @w : tensor<21x16xf32> key "weight" transpose

// REMARK: remark: [Missed] QueryPositionsStayDense {{.*}} Reason="it has 2 heads"
// CHECK: func.func @heads(
// CHECK: block.attention
func.func @heads(%k: tensor<?x9x16xf32>, %v: tensor<?x9x6xf32>, %f: tensor<?x253x3xf32>) -> tensor<?x253x6xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x253x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x16xf32>
  %ey = tensor.empty() : tensor<11x9xf32>
  %ty = block.axis_table outs(%ey : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ex = tensor.empty() : tensor<23x9xf32>
  %tx = block.axis_table outs(%ex : tensor<23x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<23x9xf32>
  %ep = tensor.empty() : tensor<253x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<11x9xf32>, tensor<23x9xf32>) outs(%ep : tensor<253x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<253x18xf32>
  %e = tensor.empty(%batch) : tensor<?x253x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x253x3xf32>, tensor<253x18xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x253x21xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %eq = tensor.empty(%batch) : tensor<?x253x16xf32>
  %q = block.linear ins(%n, %w : tensor<?x253x21xf32>, tensor<21x16xf32>) outs(%eq : tensor<?x253x16xf32>) -> tensor<?x253x16xf32>
  %eo = tensor.empty(%batch) : tensor<?x253x6xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x253x16xf32>, tensor<?x9x16xf32>, tensor<?x9x6xf32>) outs(%eo : tensor<?x253x6xf32>) heads = 2 -> tensor<?x253x6xf32>
  return %o : tensor<?x253x6xf32>
}

// -----

// The layer of the queries has not taken in the gain.

perceiver.parameter @w : tensor<21x16xf32> key "weight" transpose
perceiver.parameter @g : tensor<21xf32> key "gain"

// REMARK: remark: [Missed] QueryPositionsStayDense {{.*}} Reason="the norm has an affine part that its readers have not taken in"
// CHECK: func.func @affine(
// CHECK: block.attention
func.func @affine(%k: tensor<?x9x16xf32>, %v: tensor<?x9x6xf32>, %f: tensor<?x253x3xf32>) -> tensor<?x253x6xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x253x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x16xf32>
  %ey = tensor.empty() : tensor<11x9xf32>
  %ty = block.axis_table outs(%ey : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ex = tensor.empty() : tensor<23x9xf32>
  %tx = block.axis_table outs(%ex : tensor<23x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<23x9xf32>
  %ep = tensor.empty() : tensor<253x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<11x9xf32>, tensor<23x9xf32>) outs(%ep : tensor<253x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<253x18xf32>
  %e = tensor.empty(%batch) : tensor<?x253x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x253x3xf32>, tensor<253x18xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %g = perceiver.get_parameter @g : tensor<21xf32>
  %n = block.layer_norm ins(%x : tensor<?x253x21xf32>) affine(%g, %g : tensor<21xf32>, tensor<21xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %eq = tensor.empty(%batch) : tensor<?x253x16xf32>
  %q = block.linear ins(%n, %w : tensor<?x253x21xf32>, tensor<21x16xf32>) outs(%eq : tensor<?x253x16xf32>) -> tensor<?x253x16xf32>
  %eo = tensor.empty(%batch) : tensor<?x253x6xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x253x16xf32>, tensor<?x9x16xf32>, tensor<?x9x6xf32>) outs(%eo : tensor<?x253x6xf32>) heads = 1 -> tensor<?x253x6xf32>
  return %o : tensor<?x253x6xf32>
}

// -----

// Positions that are learned depend on each point.

perceiver.parameter @w : tensor<25x16xf32> key "weight" transpose
perceiver.parameter @t : tensor<253x4xf32> key "positions"

// REMARK: remark: [Missed] QueryPositionsStayDense {{.*}} Reason="4 channels are parameters of each point, as trainable positions are"
// CHECK: func.func @trainable(
// CHECK: block.attention
func.func @trainable(%k: tensor<?x9x16xf32>, %v: tensor<?x9x6xf32>, %f: tensor<?x253x3xf32>) -> tensor<?x253x6xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x253x3xf32>
  %w = perceiver.get_parameter @w : tensor<25x16xf32>
  %ey = tensor.empty() : tensor<11x9xf32>
  %ty = block.axis_table outs(%ey : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ex = tensor.empty() : tensor<23x9xf32>
  %tx = block.axis_table outs(%ex : tensor<23x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<23x9xf32>
  %ep = tensor.empty() : tensor<253x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<11x9xf32>, tensor<23x9xf32>) outs(%ep : tensor<253x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<253x18xf32>
  %e = tensor.empty(%batch) : tensor<?x253x25xf32>
  %t = perceiver.get_parameter @t : tensor<253x4xf32>
  %x = block.concat_channels ins(%f, %p, %t : tensor<?x253x3xf32>, tensor<253x18xf32>, tensor<253x4xf32>) outs(%e : tensor<?x253x25xf32>) -> tensor<?x253x25xf32>
  %n = block.layer_norm ins(%x : tensor<?x253x25xf32>) outs(%e : tensor<?x253x25xf32>) -> tensor<?x253x25xf32>
  %eq = tensor.empty(%batch) : tensor<?x253x16xf32>
  %q = block.linear ins(%n, %w : tensor<?x253x25xf32>, tensor<25x16xf32>) outs(%eq : tensor<?x253x16xf32>) -> tensor<?x253x16xf32>
  %eo = tensor.empty(%batch) : tensor<?x253x6xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x253x16xf32>, tensor<?x9x16xf32>, tensor<?x9x6xf32>) outs(%eo : tensor<?x253x6xf32>) heads = 1 -> tensor<?x253x6xf32>
  return %o : tensor<?x253x6xf32>
}

// -----

// A vector that is an input cannot be stored.

perceiver.parameter @w : tensor<25x16xf32> key "weight" transpose

// REMARK: remark: [Missed] QueryPositionsStayDense {{.*}} Reason="channels that all points share are no parameters"
// CHECK: func.func @vector(
// CHECK: block.attention
func.func @vector(%k: tensor<?x9x16xf32>, %v: tensor<?x9x6xf32>, %f: tensor<?x253x3xf32>, %s: tensor<4xf32>) -> tensor<?x253x6xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x253x3xf32>
  %w = perceiver.get_parameter @w : tensor<25x16xf32>
  %ey = tensor.empty() : tensor<11x9xf32>
  %ty = block.axis_table outs(%ey : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ex = tensor.empty() : tensor<23x9xf32>
  %tx = block.axis_table outs(%ex : tensor<23x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<23x9xf32>
  %ep = tensor.empty() : tensor<253x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<11x9xf32>, tensor<23x9xf32>) outs(%ep : tensor<253x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<253x18xf32>
  %e = tensor.empty(%batch) : tensor<?x253x25xf32>
  %x = block.concat_channels ins(%f, %p, %s : tensor<?x253x3xf32>, tensor<253x18xf32>, tensor<4xf32>) outs(%e : tensor<?x253x25xf32>) -> tensor<?x253x25xf32>
  %n = block.layer_norm ins(%x : tensor<?x253x25xf32>) outs(%e : tensor<?x253x25xf32>) -> tensor<?x253x25xf32>
  %eq = tensor.empty(%batch) : tensor<?x253x16xf32>
  %q = block.linear ins(%n, %w : tensor<?x253x25xf32>, tensor<25x16xf32>) outs(%eq : tensor<?x253x16xf32>) -> tensor<?x253x16xf32>
  %eo = tensor.empty(%batch) : tensor<?x253x6xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x253x16xf32>, tensor<?x9x16xf32>, tensor<?x9x6xf32>) outs(%eo : tensor<?x253x6xf32>) heads = 1 -> tensor<?x253x6xf32>
  return %o : tensor<?x253x6xf32>
}

// -----

// Keys add what they have to their scores already.

perceiver.parameter @w : tensor<21x16xf32> key "weight" transpose
perceiver.parameter @b : tensor<16xf32> key "bias"

// REMARK: remark: [Missed] QueryPositionsStayDense {{.*}} Reason="its keys have a score bias beside that of the layer of its queries"
// CHECK: func.func @bias(
// CHECK: block.attention
func.func @bias(%k: tensor<?x9x16xf32>, %v: tensor<?x9x6xf32>, %f: tensor<?x253x3xf32>, %c: tensor<?x1x9xf32>) -> tensor<?x253x6xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x253x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x16xf32>
  %ey = tensor.empty() : tensor<11x9xf32>
  %ty = block.axis_table outs(%ey : tensor<11x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<11x9xf32>
  %ex = tensor.empty() : tensor<23x9xf32>
  %tx = block.axis_table outs(%ex : tensor<23x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<23x9xf32>
  %ep = tensor.empty() : tensor<253x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<11x9xf32>, tensor<23x9xf32>) outs(%ep : tensor<253x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<253x18xf32>
  %e = tensor.empty(%batch) : tensor<?x253x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x253x3xf32>, tensor<253x18xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x253x21xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %b = perceiver.get_parameter @b : tensor<16xf32>
  %eq = tensor.empty(%batch) : tensor<?x253x16xf32>
  %q = block.linear ins(%n, %w : tensor<?x253x21xf32>, tensor<21x16xf32>) bias(%b : tensor<16xf32>) outs(%eq : tensor<?x253x16xf32>) -> tensor<?x253x16xf32>
  %eo = tensor.empty(%batch) : tensor<?x253x6xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x253x16xf32>, tensor<?x9x16xf32>, tensor<?x9x6xf32>) score_bias(%c : tensor<?x1x9xf32>) outs(%eo : tensor<?x253x6xf32>) heads = 1 -> tensor<?x253x6xf32>
  return %o : tensor<?x253x6xf32>
}

// -----

// Lines of few points are not worth it.

perceiver.parameter @w : tensor<21x16xf32> key "weight" transpose

// REMARK: remark: [Missed] QueryPositionsStayDense {{.*}} Reason="the last axis has 5 places"
// CHECK: func.func @lines(
// CHECK: block.attention
func.func @lines(%k: tensor<?x9x16xf32>, %v: tensor<?x9x6xf32>, %f: tensor<?x255x3xf32>) -> tensor<?x255x6xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x255x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x16xf32>
  %ey = tensor.empty() : tensor<51x9xf32>
  %ty = block.axis_table outs(%ey : tensor<51x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<51x9xf32>
  %ex = tensor.empty() : tensor<5x9xf32>
  %tx = block.axis_table outs(%ex : tensor<5x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<5x9xf32>
  %ep = tensor.empty() : tensor<255x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<51x9xf32>, tensor<5x9xf32>) outs(%ep : tensor<255x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<255x18xf32>
  %e = tensor.empty(%batch) : tensor<?x255x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x255x3xf32>, tensor<255x18xf32>) outs(%e : tensor<?x255x21xf32>) -> tensor<?x255x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x255x21xf32>) outs(%e : tensor<?x255x21xf32>) -> tensor<?x255x21xf32>
  %eq = tensor.empty(%batch) : tensor<?x255x16xf32>
  %q = block.linear ins(%n, %w : tensor<?x255x21xf32>, tensor<21x16xf32>) outs(%eq : tensor<?x255x16xf32>) -> tensor<?x255x16xf32>
  %eo = tensor.empty(%batch) : tensor<?x255x6xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x255x16xf32>, tensor<?x9x16xf32>, tensor<?x9x6xf32>) outs(%eo : tensor<?x255x6xf32>) heads = 1 -> tensor<?x255x6xf32>
  return %o : tensor<?x255x6xf32>
}

// -----

// As many places as points: tables of a line are all that there is.

perceiver.parameter @w : tensor<21x12xf32> key "weight" transpose

// REMARK: remark: [Missed] QueryPositionsStayDense {{.*}} Reason="its scores would cost as much as
// CHECK: func.func @cost(
// CHECK: block.attention
func.func @cost(%k: tensor<?x300x12xf32>, %v: tensor<?x300x6xf32>, %f: tensor<?x253x3xf32>) -> tensor<?x253x6xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %f, %c0 : tensor<?x253x3xf32>
  %w = perceiver.get_parameter @w : tensor<21x12xf32>
  %ey = tensor.empty() : tensor<1x9xf32>
  %ty = block.axis_table outs(%ey : tensor<1x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<1x9xf32>
  %ex = tensor.empty() : tensor<253x9xf32>
  %tx = block.axis_table outs(%ex : tensor<253x9xf32>) {bands = 4 : i64, max_frequency = 5.5 : f64} -> tensor<253x9xf32>
  %ep = tensor.empty() : tensor<253x18xf32>
  %p = block.grid_positions tables(%ty, %tx : tensor<1x9xf32>, tensor<253x9xf32>) outs(%ep : tensor<253x18xf32>)
      {layout = #perceiver.fourier_layout<dm>} -> tensor<253x18xf32>
  %e = tensor.empty(%batch) : tensor<?x253x21xf32>
  %x = block.concat_channels ins(%f, %p : tensor<?x253x3xf32>, tensor<253x18xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %n = block.layer_norm ins(%x : tensor<?x253x21xf32>) outs(%e : tensor<?x253x21xf32>) -> tensor<?x253x21xf32>
  %eq = tensor.empty(%batch) : tensor<?x253x12xf32>
  %q = block.linear ins(%n, %w : tensor<?x253x21xf32>, tensor<21x12xf32>) outs(%eq : tensor<?x253x12xf32>) -> tensor<?x253x12xf32>
  %eo = tensor.empty(%batch) : tensor<?x253x6xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x253x12xf32>, tensor<?x300x12xf32>, tensor<?x300x6xf32>) outs(%eo : tensor<?x253x6xf32>) heads = 1 -> tensor<?x253x6xf32>
  return %o : tensor<?x253x6xf32>
}
