// RUN: perceiver-opt %s --perceiver-pack-weights -split-input-file -verify-diagnostics
// RUN: not perceiver-opt %s --perceiver-pack-weights=lanes=0 2>&1 | FileCheck %s --check-prefix=LANES
// RUN: not perceiver-opt %s --perceiver-pack-weights=registers=3 2>&1 | FileCheck %s --check-prefix=REGISTERS

// LANES: error: expected a power of two of lanes and at least 4 registers, but got 0 and 32
// REGISTERS: error: expected a power of two of lanes and at least 4 registers, but got 16 and 3

func.func @dynamic(%x: tensor<7x?xf32>, %w: tensor<?x33xf32>, %e: tensor<7x33xf32>) -> tensor<7x33xf32> {
  // expected-error @+1 {{expected a weight of static shape, but got 'tensor<?x33xf32>'}}
  %y = block.linear ins(%x, %w : tensor<7x?xf32>, tensor<?x33xf32>) outs(%e : tensor<7x33xf32>) -> tensor<7x33xf32>
  return %y : tensor<7x33xf32>
}
