// RUN: perceiver-opt %s --perceiver-reuse-destinations | FileCheck %s

// Each task of the phase reads just the rows that it writes.

// CHECK-LABEL: func.func @residual
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}})
// CHECK: %[[Y:.*]] = scf.forall {{.*}} shared_outs(%[[O:.*]] = %[[X]])
// CHECK: tensor.extract_slice %[[O]][
// CHECK: tensor.extract_slice %[[O]][
// CHECK-NOT: linalg.copy
// CHECK: scf.yield %[[Y]]
func.func @residual(%x0: tensor<?x33x7xf32>, %n: index) -> tensor<?x33x7xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %r = scf.for %i = %c0 to %c2 step %c1 iter_args(%x = %x0) -> tensor<?x33x7xf32> {
    %e = tensor.empty(%n) : tensor<?x33x7xf32>
    %y = scf.forall (%b) in (%n) shared_outs(%o = %e) -> tensor<?x33x7xf32> {
      %p = tensor.extract_slice %x[%b, 0, 0] [1, 33, 7] [1, 1, 1] : tensor<?x33x7xf32> to tensor<1x33x7xf32>
      %q = tensor.extract_slice %o[%b, 0, 0] [1, 33, 7] [1, 1, 1] : tensor<?x33x7xf32> to tensor<1x33x7xf32>
      %a = block.add ins(%p, %p : tensor<1x33x7xf32>, tensor<1x33x7xf32>) outs(%q : tensor<1x33x7xf32>)
          -> tensor<1x33x7xf32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %a into %o[%b, 0, 0] [1, 33, 7] [1, 1, 1]
            : tensor<1x33x7xf32> into tensor<?x33x7xf32>
      }
    }
    scf.yield %y : tensor<?x33x7xf32>
  }
  return %r : tensor<?x33x7xf32>
}

// The caller's arrays are not overwritten.

// CHECK-LABEL: func.func @argument
// CHECK: %[[E:.*]] = tensor.empty
// CHECK: scf.forall {{.*}} shared_outs(%{{.*}} = %[[E]])
func.func @argument(%x: tensor<7x33xf32>) -> tensor<7x33xf32> {
  %e = tensor.empty() : tensor<7x33xf32>
  %y = scf.forall (%b) in (7) shared_outs(%o = %e) -> tensor<7x33xf32> {
    %p = tensor.extract_slice %x[%b, 0] [1, 33] [1, 1] : tensor<7x33xf32> to tensor<1x33xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %p into %o[%b, 0] [1, 33] [1, 1] : tensor<1x33xf32> into tensor<7x33xf32>
    }
  }
  return %y : tensor<7x33xf32>
}

// A task reads what another one writes: the loop copies what it carries.

// CHECK-LABEL: func.func @shifted
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}})
// CHECK: %[[E:.*]] = tensor.empty
// CHECK: %[[Y:.*]] = scf.forall {{.*}} shared_outs(%{{.*}} = %[[E]])
// CHECK: %[[COPY:.*]] = linalg.copy ins(%[[Y]] : tensor<7x33xf32>) outs(%[[X]] : tensor<7x33xf32>)
// CHECK: scf.yield %[[COPY]]
func.func @shifted(%x0: tensor<7x33xf32>, %n: index) -> tensor<7x33xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %x0) -> tensor<7x33xf32> {
    %e = tensor.empty() : tensor<7x33xf32>
    %y = scf.forall (%b) in (7) shared_outs(%o = %e) -> tensor<7x33xf32> {
      %p = tensor.extract_slice %x[0, 0] [1, 33] [1, 1] : tensor<7x33xf32> to tensor<1x33xf32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %p into %o[%b, 0] [1, 33] [1, 1] : tensor<1x33xf32> into tensor<7x33xf32>
      }
    }
    scf.yield %y : tensor<7x33xf32>
  }
  return %r : tensor<7x33xf32>
}

// Someone reads the array after the phase.

// CHECK-LABEL: func.func @read_later
// CHECK: scf.for {{.*}} iter_args(%[[X:.*]] = %{{.*}})
// CHECK: scf.forall {{.*}} shared_outs(%[[O:.*]] = %{{.*}})
// CHECK: tensor.extract_slice %[[X]][
// CHECK: block.add
func.func @read_later(%x0: tensor<7x33xf32>, %n: index) -> tensor<7x33xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %x0) -> tensor<7x33xf32> {
    %e = tensor.empty() : tensor<7x33xf32>
    %y = scf.forall (%b) in (7) shared_outs(%o = %e) -> tensor<7x33xf32> {
      %p = tensor.extract_slice %x[%b, 0] [1, 33] [1, 1] : tensor<7x33xf32> to tensor<1x33xf32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %p into %o[%b, 0] [1, 33] [1, 1] : tensor<1x33xf32> into tensor<7x33xf32>
      }
    }
    %z = block.add ins(%x, %y : tensor<7x33xf32>, tensor<7x33xf32>) outs(%e : tensor<7x33xf32>) -> tensor<7x33xf32>
    scf.yield %z : tensor<7x33xf32>
  }
  return %r : tensor<7x33xf32>
}
