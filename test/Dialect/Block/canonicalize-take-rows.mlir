// RUN: perceiver-opt %s --canonicalize | FileCheck %s

// Of a transposed array some rows are read where they lie.

// CHECK-LABEL: func.func @channels_first
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x5x9xf32>, %[[P:[a-z0-9]+]]: tensor<3xi64>
// CHECK-NOT: block.transpose
// CHECK: block.take_rows ins(%[[X]], %[[P]] : tensor<?x5x9xf32>, tensor<3xi64>) {{.*}} {channels_first} -> tensor<?x3x5xf32>
func.func @channels_first(%x: tensor<?x5x9xf32>, %p: tensor<3xi64>, %r: tensor<?x9x5xf32>, %y: tensor<?x3x5xf32>) -> tensor<?x3x5xf32> {
  %0 = block.transpose ins(%x : tensor<?x5x9xf32>) outs(%r : tensor<?x9x5xf32>) permutation = [0, 2, 1] -> tensor<?x9x5xf32>
  %1 = block.take_rows ins(%0, %p : tensor<?x9x5xf32>, tensor<3xi64>) outs(%y : tensor<?x3x5xf32>) -> tensor<?x3x5xf32>
  return %1 : tensor<?x3x5xf32>
}

// Not if all of it is there anyway, or the batch was moved, too.

// CHECK-LABEL: func.func @others
// CHECK-COUNT-2: block.transpose
// CHECK-NOT: channels_first
func.func @others(%x: tensor<4x5x9xf32>, %p: tensor<3xi64>, %r: tensor<4x9x5xf32>, %s: tensor<9x4x5xf32>,
                  %y: tensor<4x3x5xf32>, %z: tensor<9x3x5xf32>) -> (tensor<4x9x5xf32>, tensor<4x3x5xf32>, tensor<9x3x5xf32>) {
  %0 = block.transpose ins(%x : tensor<4x5x9xf32>) outs(%r : tensor<4x9x5xf32>) permutation = [0, 2, 1] -> tensor<4x9x5xf32>
  %1 = block.take_rows ins(%0, %p : tensor<4x9x5xf32>, tensor<3xi64>) outs(%y : tensor<4x3x5xf32>) -> tensor<4x3x5xf32>
  %2 = block.transpose ins(%x : tensor<4x5x9xf32>) outs(%s : tensor<9x4x5xf32>) permutation = [2, 0, 1] -> tensor<9x4x5xf32>
  %3 = block.take_rows ins(%2, %p : tensor<9x4x5xf32>, tensor<3xi64>) outs(%z : tensor<9x3x5xf32>) -> tensor<9x3x5xf32>
  return %0, %1, %3 : tensor<4x9x5xf32>, tensor<4x3x5xf32>, tensor<9x3x5xf32>
}
