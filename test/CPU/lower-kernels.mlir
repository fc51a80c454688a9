// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v3 --perceiver-lower-kernels | FileCheck %s --check-prefixes=CHECK,NARROW

// All operations on memrefs are lowered, with vectors of the target; those on
// tensors stay.

// CHECK-LABEL: func.func @on_memrefs
// CHECK-NOT: block.
// WIDE: vector.load {{.*}} vector<16xf32>
// NARROW: vector.load {{.*}} vector<8xf32>
// CHECK-NOT: block.
// CHECK: return
func.func @on_memrefs(%a: memref<?x33xf32>, %y: memref<?x33xf32>) {
  block.layer_norm ins(%a : memref<?x33xf32>) outs(%y : memref<?x33xf32>)
  block.add ins(%a, %y : memref<?x33xf32>, memref<?x33xf32>) outs(%y : memref<?x33xf32>)
  return
}

// CHECK-LABEL: func.func @on_tensors
// CHECK: block.add
func.func @on_tensors(%a: tensor<?x33xf32>) -> tensor<?x33xf32> {
  %0 = block.add ins(%a, %a : tensor<?x33xf32>, tensor<?x33xf32>) outs(%a : tensor<?x33xf32>) -> tensor<?x33xf32>
  return %0 : tensor<?x33xf32>
}
