// RUN: perceiver-opt %s --pass-pipeline='builtin.module(func.func(perceiver-form-phases))' | FileCheck %s

// A loop inside a task has no phases of its own.

// CHECK-LABEL: func.func @loop_in_task
// CHECK: scf.forall
// CHECK-NOT: scf.forall (
// CHECK: scf.for
// CHECK-NOT: scf.forall (
// CHECK: block.add {{.*}} tensor<1x8x16xf32>
// CHECK: scf.forall.in_parallel
func.func @loop_in_task(%x: tensor<2x8x16xf32>, %o: tensor<2x8x16xf32>) -> tensor<2x8x16xf32> {
  %y = scf.forall (%i) in (2) shared_outs(%s = %o) -> tensor<2x8x16xf32> {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %t = tensor.extract_slice %s[%i, 0, 0] [1, 8, 16] [1, 1, 1] : tensor<2x8x16xf32> to tensor<1x8x16xf32>
    %r = scf.for %j = %c0 to %c8 step %c1 iter_args(%a = %t) -> tensor<1x8x16xf32> {
      %z = block.add ins(%a, %a : tensor<1x8x16xf32>, tensor<1x8x16xf32>) outs(%a : tensor<1x8x16xf32>)
          {perceiver.tiling = #perceiver.tiling<task = [1, 4]>} -> tensor<1x8x16xf32>
      scf.yield %z : tensor<1x8x16xf32>
    }
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %r into %s[%i, 0, 0] [1, 8, 16] [1, 1, 1]
          : tensor<1x8x16xf32> into tensor<2x8x16xf32>
    }
  }
  return %y : tensor<2x8x16xf32>
}
