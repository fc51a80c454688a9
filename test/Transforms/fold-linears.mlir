// RUN: perceiver-opt %s --perceiver-fold-linears --canonicalize --split-input-file | FileCheck %s
// RUN: perceiver-opt %s --perceiver-fold-linears --perceiver-split-prepare --split-input-file | FileCheck %s --check-prefix=SPLIT
// RUN: perceiver-opt %s --perceiver-fold-linears --split-input-file --remarks-filter="perceiver-fold-linears" 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// REMARK: remark: [Passed] Folded {{.*}} InsteadOf=54, MultiplicationsOfARow=14, Weights="w1, w2"
// REMARK: remark: [Passed] Folded {{.*}} InsteadOf=54, MultiplicationsOfARow=26, Weights="w1, w2"
// REMARK: remark: [Passed] Folded {{.*}} InsteadOf=48, MultiplicationsOfARow=12, Weights="w2, w3"
// REMARK: remark: [Passed] Folded {{.*}} InsteadOf=54, MultiplicationsOfARow=14, Weights="w1, w2"
// REMARK: remark: [Passed] Folded {{.*}} InsteadOf=16, MultiplicationsOfARow=6, Weights="w1, w2"
// REMARK: remark: [Passed] Folded {{.*}} InsteadOf=16, MultiplicationsOfARow=4, Weights="w2, w1"

perceiver.parameter @w1 : tensor<7x6xf32> key "w1"
perceiver.parameter @b1 : tensor<6xf32> key "b1"
perceiver.parameter @w2 : tensor<6x2xf32> key "w2"
perceiver.parameter @b2 : tensor<2xf32> key "b2"

// The second layer's activation and residual stay where they were; sizes of the
// first are those of its destination.

// CHECK-LABEL: func.func @plain
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x7xf32>, %[[R:[a-z0-9]+]]: tensor<?x2xf32>
// CHECK-DAG: %[[W1:.*]] = perceiver.get_parameter @w1
// CHECK-DAG: %[[B1:.*]] = perceiver.get_parameter @b1
// CHECK-DAG: %[[W2:.*]] = perceiver.get_parameter @w2
// CHECK-DAG: %[[B2:.*]] = perceiver.get_parameter @b2
// CHECK-DAG: %[[W:.*]] = block.linear ins(%[[W1]], %[[W2]] : tensor<7x6xf32>, tensor<6x2xf32>) outs
// CHECK-DAG: %[[ROW:.*]] = tensor.expand_shape %[[B1]]
// CHECK-DAG: %[[BR:.*]] = block.linear ins(%[[ROW]], %[[W2]] : tensor<1x6xf32>, tensor<6x2xf32>) bias(%[[B2]] : tensor<2xf32>)
// CHECK-DAG: %[[B:.*]] = tensor.collapse_shape %[[BR]]
// CHECK: %[[Y:.*]] = block.linear ins(%[[X]], %[[W]] : tensor<?x7xf32>, tensor<7x2xf32>) bias(%[[B]] : tensor<2xf32>)
// CHECK-SAME: residual(%[[R]] : tensor<?x2xf32>) {{.*}} {activation = #perceiver.activation<silu>}
// CHECK-NEXT: return %[[Y]]

// What is stored is one weight and one bias.
// SPLIT-LABEL: func.func @plain
// SPLIT-COUNT-1: block.linear
// SPLIT-NOT: block.linear
// SPLIT: return
func.func @plain(%x: tensor<?x7xf32>, %r: tensor<?x2xf32>) -> (tensor<?x2xf32>, index) {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %b1 = perceiver.get_parameter @b1 : tensor<6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x2xf32>
  %b2 = perceiver.get_parameter @b2 : tensor<2xf32>
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x7xf32>
  %e1 = tensor.empty(%rows) : tensor<?x6xf32>
  %0 = block.linear ins(%x, %w1 : tensor<?x7xf32>, tensor<7x6xf32>) bias(%b1 : tensor<6xf32>)
      outs(%e1 : tensor<?x6xf32>) -> tensor<?x6xf32>
  %same = tensor.dim %0, %c0 : tensor<?x6xf32>
  %e2 = tensor.empty(%same) : tensor<?x2xf32>
  %1 = block.linear ins(%0, %w2 : tensor<?x6xf32>, tensor<6x2xf32>) bias(%b2 : tensor<2xf32>)
      residual(%r : tensor<?x2xf32>) outs(%e2 : tensor<?x2xf32>)
      {activation = #perceiver.activation<silu>} -> tensor<?x2xf32>
  return %1, %same : tensor<?x2xf32>, index
}

// -----

perceiver.parameter @w1 : tensor<7x6xf32> key "w1"
perceiver.parameter @w2 : tensor<6x2xf32> key "w2"
perceiver.parameter @b2 : tensor<2xf32> key "b2"

// The first layer's residual goes through the second layer alone, where it
// meets the second one's.

// CHECK-LABEL: func.func @residual
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x4x7xf32>, %[[R:[a-z0-9]+]]: tensor<?x4x6xf32>, %[[Q:[a-z0-9]+]]: tensor<4x2xf32>
// CHECK-DAG: %[[W2:.*]] = perceiver.get_parameter @w2
// CHECK-DAG: %[[B2:.*]] = perceiver.get_parameter @b2
// CHECK-DAG: %[[W:.*]] = block.linear ins(%{{.*}}, %[[W2]] : tensor<7x6xf32>, tensor<6x2xf32>) outs
// CHECK: %[[S:.*]] = block.linear ins(%[[R]], %[[W2]] : tensor<?x4x6xf32>, tensor<6x2xf32>) bias(%[[B2]] : tensor<2xf32>) residual(%[[Q]] : tensor<4x2xf32>)
// CHECK: %[[Y:.*]] = block.linear ins(%[[X]], %[[W]] : tensor<?x4x7xf32>, tensor<7x2xf32>) residual(%[[S]] : tensor<?x4x2xf32>)
// CHECK-NEXT: return %[[Y]]
func.func @residual(%x: tensor<?x4x7xf32>, %r: tensor<?x4x6xf32>, %q: tensor<4x2xf32>) -> tensor<?x4x2xf32> {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x2xf32>
  %b2 = perceiver.get_parameter @b2 : tensor<2xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x4x7xf32>
  %e1 = tensor.empty(%batch) : tensor<?x4x6xf32>
  %e2 = tensor.empty(%batch) : tensor<?x4x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<?x4x7xf32>, tensor<7x6xf32>) residual(%r : tensor<?x4x6xf32>)
      outs(%e1 : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<?x4x6xf32>, tensor<6x2xf32>) bias(%b2 : tensor<2xf32>)
      residual(%q : tensor<4x2xf32>) outs(%e2 : tensor<?x4x2xf32>) -> tensor<?x4x2xf32>
  return %1 : tensor<?x4x2xf32>
}

// -----

perceiver.parameter @w1 : tensor<7x6xf32> key "w1"
perceiver.parameter @w2 : tensor<6x6xf32> key "w2"
perceiver.parameter @w3 : tensor<6x2xf32> key "w3"

// Three layers are one, from the narrow end on.

// CHECK-LABEL: func.func @three
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<5x7xf32>
// CHECK: %[[Y:.*]] = block.linear ins(%[[X]], %{{.*}} : tensor<5x7xf32>, tensor<7x2xf32>)
// CHECK-NEXT: return %[[Y]]
func.func @three(%x: tensor<5x7xf32>) -> tensor<5x2xf32> {
  %w1 = perceiver.get_parameter @w1 : tensor<7x6xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<6x6xf32>
  %w3 = perceiver.get_parameter @w3 : tensor<6x2xf32>
  %e = tensor.empty() : tensor<5x6xf32>
  %f = tensor.empty() : tensor<5x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x7xf32>, tensor<7x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x6xf32>, tensor<6x6xf32>) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %2 = block.linear ins(%1, %w3 : tensor<5x6xf32>, tensor<6x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
  return %2 : tensor<5x2xf32>
}

// -----

perceiver.parameter @w1 : tensor<3x8xf32> key "w1"
perceiver.parameter @w2 : tensor<8x2xf32> key "w2"

// A first layer that something else reads stays; the second one is narrower
// without it.

// CHECK-LABEL: func.func @two_readers
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<5x3xf32>
// CHECK-DAG: %[[Z:.*]] = block.linear ins(%[[X]], %{{.*}} : tensor<5x3xf32>, tensor<3x8xf32>)
// CHECK-DAG: %[[Y:.*]] = block.linear ins(%[[X]], %{{.*}} : tensor<5x3xf32>, tensor<3x2xf32>)
// CHECK: return %[[Y]], %[[Z]]
func.func @two_readers(%x: tensor<5x3xf32>) -> (tensor<5x2xf32>, tensor<5x8xf32>) {
  %w1 = perceiver.get_parameter @w1 : tensor<3x8xf32>
  %w2 = perceiver.get_parameter @w2 : tensor<8x2xf32>
  %e = tensor.empty() : tensor<5x8xf32>
  %f = tensor.empty() : tensor<5x2xf32>
  %0 = block.linear ins(%x, %w1 : tensor<5x3xf32>, tensor<3x8xf32>) outs(%e : tensor<5x8xf32>) -> tensor<5x8xf32>
  %1 = block.linear ins(%0, %w2 : tensor<5x8xf32>, tensor<8x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
  return %1, %0 : tensor<5x2xf32>, tensor<5x8xf32>
}

// -----

perceiver.parameter @w1 : tensor<4x2xf32> key "blocks.{}.w1" count 3
perceiver.parameter @w2 : tensor<2x4xf32> key "blocks.{}.w2" count 3

// In a loop, members of families that are read with the same index.

// CHECK-LABEL: func.func @family
// CHECK: scf.for %[[I:[a-z0-9]+]] = {{.*}} iter_args(%[[X:[a-z0-9]+]] =
// CHECK-DAG: %[[W2:.*]] = perceiver.get_parameter @w2[%[[I]]]
// CHECK-DAG: %[[W1:.*]] = perceiver.get_parameter @w1[%[[I]]]
// CHECK: block.linear ins(%[[W2]], %[[W1]] : tensor<2x4xf32>, tensor<4x2xf32>)
// CHECK: block.linear ins(%[[X]], %{{.*}} : tensor<5x2xf32>, tensor<2x2xf32>)
// CHECK-NOT: block.linear
func.func @family(%x: tensor<5x2xf32>) -> tensor<5x2xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %e = tensor.empty() : tensor<5x4xf32>
  %f = tensor.empty() : tensor<5x2xf32>
  %y = scf.for %i = %c0 to %c3 step %c1 iter_args(%z = %x) -> (tensor<5x2xf32>) {
    %w2 = perceiver.get_parameter @w2[%i] : tensor<2x4xf32>
    %w1 = perceiver.get_parameter @w1[%i] : tensor<4x2xf32>
    %0 = block.linear ins(%z, %w2 : tensor<5x2xf32>, tensor<2x4xf32>) outs(%e : tensor<5x4xf32>) -> tensor<5x4xf32>
    %1 = block.linear ins(%0, %w1 : tensor<5x4xf32>, tensor<4x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
    scf.yield %1 : tensor<5x2xf32>
  }
  return %y : tensor<5x2xf32>
}
