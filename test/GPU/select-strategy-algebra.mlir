// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-set-target{backend=cuda},func.func(perceiver-gpu-select-strategy))' --remarks-filter="perceiver-gpu-select-strategy" 2>&1 | FileCheck %s

// Keys and values stay projected, with a reason where somebody wants it otherwise.

// CHECK: remark: [Missed] KeysAndValuesProjected | Category:perceiver-gpu-select-strategy | Reason="layers of groups of channels, which heads that share their keys need, have no kernel for GPUs"
// CHECK-NOT: remark
// CHECK-LABEL: func.func @f
// CHECK-COUNT-2: block.attention {{.*}} heads = 2 {perceiver.tiling =
// CHECK-NOT: perceiver.algebra
func.func @f(%q: tensor<?x9x6xf32>, %k: tensor<?x7x6xf32>, %o: tensor<?x9x6xf32>) -> tensor<?x9x6xf32> {
  %0 = block.attention ins(%q, %k, %k : tensor<?x9x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%o : tensor<?x9x6xf32>) heads = 2 {perceiver.algebra = #perceiver.algebra<absorb>} -> tensor<?x9x6xf32>
  %1 = block.attention ins(%0, %k, %k : tensor<?x9x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%o : tensor<?x9x6xf32>) heads = 2 {perceiver.algebra = #perceiver.algebra<project>} -> tensor<?x9x6xf32>
  return %1 : tensor<?x9x6xf32>
}
