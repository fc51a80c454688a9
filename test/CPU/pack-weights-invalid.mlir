// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-pack-weights -split-input-file -verify-diagnostics
// RUN: not perceiver-opt %s --perceiver-pack-weights 2>&1 | FileCheck %s

// CHECK: error: expected a module with 'perceiver.target', but got none; run perceiver-set-target

func.func @dynamic(%x: tensor<7x?xf32>, %w: tensor<?x33xf32>, %e: tensor<7x33xf32>) -> tensor<7x33xf32> {
  // expected-error @+1 {{expected a weight of static shape, but got 'tensor<?x33xf32>'}}
  %y = block.linear ins(%x, %w : tensor<7x?xf32>, tensor<?x33xf32>) outs(%e : tensor<7x33xf32>) -> tensor<7x33xf32>
  return %y : tensor<7x33xf32>
}
