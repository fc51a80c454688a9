// RUN: perceiver-opt %s --perceiver-reuse-destinations=by-element | FileCheck %s
// RUN: perceiver-opt %s --perceiver-reuse-destinations | FileCheck %s --check-prefix=ANY

// Many threads work on a task, so it writes over what it reads element by
// element: the residual of a layer, and not its input.

// CHECK-LABEL: func.func @residual
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}})
// CHECK: %[[Y:.*]] = scf.forall {{.*}} shared_outs(%{{.*}} = %[[X]])
// CHECK: scf.yield %[[Y]]
func.func @residual(%x0: tensor<64x16xf32>, %i: tensor<64x16xf32>, %w: tensor<16x16xf32>) -> tensor<64x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %r = scf.for %k = %c0 to %c2 step %c1 iter_args(%x = %x0) -> tensor<64x16xf32> {
    %e = tensor.empty() : tensor<64x16xf32>
    %y = scf.forall (%b) = (0) to (64) step (8) shared_outs(%o = %e) -> tensor<64x16xf32> {
      %p = tensor.extract_slice %i[%b, 0] [8, 16] [1, 1] : tensor<64x16xf32> to tensor<8x16xf32>
      %s = tensor.extract_slice %x[%b, 0] [8, 16] [1, 1] : tensor<64x16xf32> to tensor<8x16xf32>
      %q = tensor.extract_slice %o[%b, 0] [8, 16] [1, 1] : tensor<64x16xf32> to tensor<8x16xf32>
      %a = block.linear ins(%p, %w : tensor<8x16xf32>, tensor<16x16xf32>) residual(%s : tensor<8x16xf32>)
          outs(%q : tensor<8x16xf32>) -> tensor<8x16xf32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %a into %o[%b, 0] [8, 16] [1, 1] : tensor<8x16xf32> into tensor<64x16xf32>
      }
    }
    scf.yield %y : tensor<64x16xf32>
  }
  return %r : tensor<64x16xf32>
}

// CHECK-LABEL: func.func @input
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}})
// CHECK: %[[E:.*]] = tensor.empty
// CHECK: %[[Y:.*]] = scf.forall {{.*}} shared_outs(%{{.*}} = %[[E]])
// CHECK: linalg.copy ins(%[[Y]]

// ANY-LABEL: func.func @input
// ANY: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}})
// ANY: scf.forall {{.*}} shared_outs(%{{.*}} = %[[X]])
func.func @input(%x0: tensor<64x16xf32>, %w: tensor<16x16xf32>) -> tensor<64x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %r = scf.for %k = %c0 to %c2 step %c1 iter_args(%x = %x0) -> tensor<64x16xf32> {
    %e = tensor.empty() : tensor<64x16xf32>
    %y = scf.forall (%b) = (0) to (64) step (8) shared_outs(%o = %e) -> tensor<64x16xf32> {
      %p = tensor.extract_slice %x[%b, 0] [8, 16] [1, 1] : tensor<64x16xf32> to tensor<8x16xf32>
      %q = tensor.extract_slice %o[%b, 0] [8, 16] [1, 1] : tensor<64x16xf32> to tensor<8x16xf32>
      %a = block.linear ins(%p, %w : tensor<8x16xf32>, tensor<16x16xf32>) outs(%q : tensor<8x16xf32>) -> tensor<8x16xf32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %a into %o[%b, 0] [8, 16] [1, 1] : tensor<8x16xf32> into tensor<64x16xf32>
      }
    }
    scf.yield %y : tensor<64x16xf32>
  }
  return %r : tensor<64x16xf32>
}
