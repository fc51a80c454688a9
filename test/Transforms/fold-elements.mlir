// RUN: perceiver-opt %s --perceiver-fold-elements --canonicalize --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-fold-elements --perceiver-split-prepare --split-input-file | FileCheck %s --check-prefix=SPLIT

perceiver.parameter @w : tensor<7x6xf32> key "w"
perceiver.parameter @b : tensor<6xf32> key "b"
perceiver.parameter @v : tensor<6xf32> key "v"

// A factor, a vector, an activation and a residual, one after the other.

// CHECK-LABEL: func.func @all
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x7xf32>, %[[R:[a-z0-9]+]]: tensor<?x6xf32>
// CHECK-DAG: %[[W:.*]] = perceiver.get_parameter @w
// CHECK-DAG: %[[B:.*]] = perceiver.get_parameter @b
// CHECK-DAG: %[[V:.*]] = perceiver.get_parameter @v
// CHECK-DAG: %[[W2:.*]] = block.scale ins(%[[W]] : tensor<7x6xf32>) {{.*}} {factor = 5.000000e-01 : f64}
// CHECK-DAG: %[[BR:.*]] = tensor.expand_shape %[[B]]
// CHECK-DAG: %[[B2:.*]] = block.scale ins(%[[BR]] : tensor<1x6xf32>) {{.*}} {factor = 5.000000e-01 : f64}
// CHECK-DAG: %[[B3:.*]] = block.add ins(%[[B2]], %[[V]] : tensor<1x6xf32>, tensor<6xf32>)
// CHECK-DAG: %[[B4:.*]] = tensor.collapse_shape %[[B3]]
// CHECK: %[[Y:.*]] = block.linear ins(%[[X]], %[[W2]] : tensor<?x7xf32>, tensor<7x6xf32>) bias(%[[B4]] : tensor<6xf32>)
// CHECK-SAME: residual(%[[R]] : tensor<?x6xf32>) {{.*}} {activation = #perceiver.activation<silu>}
// CHECK-NEXT: return %[[Y]]

// What is stored is one weight and one bias.
// SPLIT-LABEL: func.func @all
// SPLIT-NOT: block.{{scale|add}}
// SPLIT: return
func.func @all(%x: tensor<?x7xf32>, %r: tensor<?x6xf32>) -> tensor<?x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %b = perceiver.get_parameter @b : tensor<6xf32>
  %v = perceiver.get_parameter @v : tensor<6xf32>
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x7xf32>
  %e = tensor.empty(%rows) : tensor<?x6xf32>
  %0 = block.linear ins(%x, %w : tensor<?x7xf32>, tensor<7x6xf32>) bias(%b : tensor<6xf32>)
      outs(%e : tensor<?x6xf32>) -> tensor<?x6xf32>
  %1 = block.scale ins(%0 : tensor<?x6xf32>) outs(%e : tensor<?x6xf32>) {factor = 0.5 : f64} -> tensor<?x6xf32>
  %2 = block.add ins(%v, %1 : tensor<6xf32>, tensor<?x6xf32>) outs(%e : tensor<?x6xf32>) -> tensor<?x6xf32>
  %3 = block.activate ins(%2 : tensor<?x6xf32>) outs(%e : tensor<?x6xf32>)
      {activation = #perceiver.activation<silu>} -> tensor<?x6xf32>
  %4 = block.add ins(%r, %3 : tensor<?x6xf32>, tensor<?x6xf32>) outs(%e : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %4 : tensor<?x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"

// Gates halve the result. A residual that comes later than the layer, and
// without batch; sizes of the layer are those of its destination.

// CHECK-LABEL: func.func @gates
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x4x7xf32>, %[[R:[a-z0-9]+]]: tensor<4x3xf32>
// CHECK: %[[LATER:.*]] = block.scale ins(%[[R]]
// CHECK: block.linear ins(%[[X]], %{{.*}} : tensor<?x4x7xf32>, tensor<7x6xf32>) residual(%[[LATER]] : tensor<4x3xf32>)
// CHECK-SAME: outs(%{{.*}} : tensor<?x4x3xf32>) {activation = #perceiver.activation<gated(relu)>}
// CHECK-NOT: block.activate
// CHECK: return
func.func @gates(%x: tensor<?x4x7xf32>, %r: tensor<4x3xf32>) -> (tensor<?x4x3xf32>, index) {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x4x7xf32>
  %e = tensor.empty(%batch) : tensor<?x4x6xf32>
  %f = tensor.empty(%batch) : tensor<?x4x3xf32>
  %0 = block.linear ins(%x, %w : tensor<?x4x7xf32>, tensor<7x6xf32>) outs(%e : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  %size = tensor.dim %0, %c0 : tensor<?x4x6xf32>
  %1 = block.activate ins(%0 : tensor<?x4x6xf32>) outs(%f : tensor<?x4x3xf32>)
      {activation = #perceiver.activation<gated(relu)>} -> tensor<?x4x3xf32>
  %g = tensor.empty() : tensor<4x3xf32>
  %later = block.scale ins(%r : tensor<4x3xf32>) outs(%g : tensor<4x3xf32>) {factor = 2.0 : f64} -> tensor<4x3xf32>
  %2 = block.add ins(%1, %later : tensor<?x4x3xf32>, tensor<4x3xf32>) outs(%f : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  return %2, %size : tensor<?x4x3xf32>, index
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"
perceiver.parameter @v : tensor<6xf32> key "v"

// A vector becomes the bias of a layer that has none. Of two layers the second
// takes the sum, for the first has a residual.

// CHECK-LABEL: func.func @sums
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<5x7xf32>, %[[R:[a-z0-9]+]]: tensor<5x6xf32>
// CHECK: %[[V:.*]] = perceiver.get_parameter @v
// CHECK: %[[FIRST:.*]] = block.linear ins(%[[X]], %{{.*}}) residual(%[[R]] : tensor<5x6xf32>)
// CHECK: block.linear ins(%[[X]], %{{.*}}) bias(%[[V]] : tensor<6xf32>) residual(%[[FIRST]] : tensor<5x6xf32>)
// CHECK-NOT: block.add
// CHECK: return
func.func @sums(%x: tensor<5x7xf32>, %r: tensor<5x6xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %v = perceiver.get_parameter @v : tensor<6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) residual(%r : tensor<5x6xf32>)
      outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %2 = block.add ins(%1, %v : tensor<5x6xf32>, tensor<6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %3 = block.add ins(%0, %2 : tensor<5x6xf32>, tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %3 : tensor<5x6xf32>
}

// -----

perceiver.parameter @w : tensor<7x6xf32> key "w"
perceiver.parameter @b : tensor<6xf32> key "b"
perceiver.parameter @s : tensor<6xf32> key "s"

// What a batch normalisation is.

// CHECK-LABEL: func.func @factors
// CHECK-DAG: %[[W:.*]] = perceiver.get_parameter @w
// CHECK-DAG: %[[B:.*]] = perceiver.get_parameter @b
// CHECK-DAG: %[[S:.*]] = perceiver.get_parameter @s
// CHECK-DAG: %[[W2:.*]] = block.multiply ins(%[[W]], %[[S]] : tensor<7x6xf32>, tensor<6xf32>)
// CHECK-DAG: %[[BR:.*]] = tensor.expand_shape %[[B]]
// CHECK-DAG: %[[B2:.*]] = block.multiply ins(%[[BR]], %[[S]] : tensor<1x6xf32>, tensor<6xf32>)
// CHECK-DAG: %[[B3:.*]] = block.add ins(%[[B2]], %[[S]] : tensor<1x6xf32>, tensor<6xf32>)
// CHECK-DAG: %[[B4:.*]] = tensor.collapse_shape %[[B3]]
// CHECK: %[[Y:.*]] = block.linear ins(%{{.*}}, %[[W2]] : tensor<5x7xf32>, tensor<7x6xf32>) bias(%[[B4]] : tensor<6xf32>)
// CHECK: return %[[Y]]
func.func @factors(%x: tensor<5x7xf32>) -> tensor<5x6xf32> {
  %w = perceiver.get_parameter @w : tensor<7x6xf32>
  %b = perceiver.get_parameter @b : tensor<6xf32>
  %s = perceiver.get_parameter @s : tensor<6xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %0 = block.linear ins(%x, %w : tensor<5x7xf32>, tensor<7x6xf32>) bias(%b : tensor<6xf32>)
      outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.multiply ins(%0, %s : tensor<5x6xf32>, tensor<6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %2 = block.add ins(%1, %s : tensor<5x6xf32>, tensor<6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  return %2 : tensor<5x6xf32>
}
