// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v2 --perceiver-split-fma | FileCheck %s
// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v3 --perceiver-split-fma | FileCheck %s --check-prefix=KEPT
// RUN: not perceiver-opt %s --perceiver-split-fma 2>&1 | FileCheck %s --check-prefix=NONE

// CHECK-LABEL: @f
// CHECK-SAME: (%[[A:.*]]: vector<7xf32>, %[[B:.*]]: vector<7xf32>, %[[C:.*]]: vector<7xf32>)
// CHECK: %[[P:.*]] = arith.mulf %[[A]], %[[B]] : vector<7xf32>
// CHECK: arith.addf %[[P]], %[[C]] : vector<7xf32>
// KEPT: math.fma
// KEPT-NOT: arith
// NONE: error: expected a module with 'perceiver.target', but got none; run perceiver-set-target
func.func @f(%a: vector<7xf32>, %b: vector<7xf32>, %c: vector<7xf32>) -> vector<7xf32> {
  %y = math.fma %a, %b, %c : vector<7xf32>
  return %y : vector<7xf32>
}
