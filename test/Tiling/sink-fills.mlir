// RUN: perceiver-opt %s --pass-pipeline='builtin.module(func.func(perceiver-sink-fills))' | FileCheck %s

// Each task fills its own part.

// CHECK-LABEL: func.func @sums(
// CHECK-NOT:  linalg.fill
// CHECK:      %[[E:.*]] = tensor.empty() : tensor<6x4xf32>
// CHECK:      scf.forall (%[[I:.*]]) in (6) shared_outs(%[[O:.*]] = %[[E]])
// CHECK:        %[[S:.*]] = tensor.extract_slice %[[O]][%[[I]], 0] [1, 4]
// CHECK:        %[[F:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%[[S]] : tensor<1x4xf32>)
// CHECK:        block.add {{.*}} outs(%[[F]] :
// CHECK-NOT:  linalg.fill
// CHECK:      scf.forall {{.*}} shared_outs(%{{.*}} = %[[E]])
// CHECK:        linalg.fill
func.func @sums(%x: tensor<6x4xf32>) -> (tensor<6x4xf32>, tensor<6x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<6x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<6x4xf32>) -> tensor<6x4xf32>
  %y = scf.forall (%i) in (6) shared_outs(%o = %f) -> (tensor<6x4xf32>) {
    %p = tensor.extract_slice %x[%i, 0] [1, 4] [1, 1] : tensor<6x4xf32> to tensor<1x4xf32>
    %q = tensor.extract_slice %o[%i, 0] [1, 4] [1, 1] : tensor<6x4xf32> to tensor<1x4xf32>
    %s = block.add ins(%p, %p : tensor<1x4xf32>, tensor<1x4xf32>) outs(%q : tensor<1x4xf32>) -> tensor<1x4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %s into %o[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<6x4xf32>
    }
  }
  %z = scf.forall (%i) in (6) shared_outs(%o = %f) -> (tensor<6x4xf32>) {
    %p = tensor.extract_slice %y[%i, 0] [1, 4] [1, 1] : tensor<6x4xf32> to tensor<1x4xf32>
    %q = tensor.extract_slice %o[%i, 0] [1, 4] [1, 1] : tensor<6x4xf32> to tensor<1x4xf32>
    %s = block.add ins(%p, %p : tensor<1x4xf32>, tensor<1x4xf32>) outs(%q : tensor<1x4xf32>) -> tensor<1x4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %s into %o[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<6x4xf32>
    }
  }
  return %y, %z : tensor<6x4xf32>, tensor<6x4xf32>
}

// A task that takes more into a part in a loop must not begin again.

// CHECK-LABEL: func.func @loop(
// CHECK:      linalg.fill
// CHECK:      scf.forall
// CHECK-NOT:    linalg.fill
func.func @loop(%x: tensor<6x4xf32>) -> tensor<6x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<6x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<6x4xf32>) -> tensor<6x4xf32>
  %y = scf.forall (%i) in (6) shared_outs(%o = %f) -> (tensor<6x4xf32>) {
    %t = scf.for %j = %c0 to %c3 step %c1 iter_args(%a = %o) -> tensor<6x4xf32> {
      %q = tensor.extract_slice %a[%i, 0] [1, 4] [1, 1] : tensor<6x4xf32> to tensor<1x4xf32>
      %s = block.add ins(%q, %q : tensor<1x4xf32>, tensor<1x4xf32>) outs(%q : tensor<1x4xf32>) -> tensor<1x4xf32>
      %b = tensor.insert_slice %s into %a[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<6x4xf32>
      scf.yield %b : tensor<6x4xf32>
    }
    %r = tensor.extract_slice %t[%i, 0] [1, 4] [1, 1] : tensor<6x4xf32> to tensor<1x4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %r into %o[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<6x4xf32>
    }
  }
  return %y : tensor<6x4xf32>
}
