// RUN: not perceiver-opt %s --perceiver-select-strategy 2>&1 | FileCheck %s

// CHECK: error: expected a module with 'perceiver.target', but got none; run perceiver-set-target
func.func @nothing() {
  return
}
