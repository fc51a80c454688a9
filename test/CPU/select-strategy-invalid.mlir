// RUN: not perceiver-opt %s --perceiver-select-strategy=lanes=-8 2>&1 | FileCheck %s

// CHECK: error: expected a power of two of lanes and at least 4 registers, but got -8 and 32
func.func @nothing() {
  return
}
