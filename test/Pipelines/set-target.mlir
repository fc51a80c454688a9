// RUN: perceiver-opt %s -split-input-file --perceiver-set-target=cpu=x86-64-v3 | FileCheck %s --check-prefixes=CHECK,V3
// RUN: perceiver-opt %s -split-input-file --perceiver-set-target='cpu=neoverse-n1 triple=aarch64-linux-gnu' | FileCheck %s --check-prefixes=CHECK,ARM
// RUN: perceiver-opt %s -split-input-file --perceiver-set-target='cpu=x86-64 tune=znver4 features=+avx2' | FileCheck %s --check-prefixes=CHECK,ADDED
// RUN: not perceiver-opt %s --perceiver-set-target=cpu=x86-64-v9 2>&1 | FileCheck %s --check-prefix=CPU
// RUN: not perceiver-opt %s --perceiver-set-target='cpu=x86-64 tune=znver44' 2>&1 | FileCheck %s --check-prefix=TUNE
// RUN: not perceiver-opt %s --perceiver-set-target=backend=abacus 2>&1 | FileCheck %s --check-prefix=BACKEND

// CPU: error: unknown cpu 'x86-64-v9' for x86_64
// TUNE: error: unknown cpu 'znver44' to tune for x86_64
// BACKEND: error: expected a back end, but got 'abacus'

// Figures follow from the names. A module without operations of the dialect has
// a target, too.
// V3: module attributes {perceiver.target = #perceiver.cpu_target<triple = "x86_64-{{.*}}", cpu = "x86-64-v3", lanes = 8, registers = 16, fma = true, l1_bytes = 32768, l2_bytes = 262144, tasks = 64, key_parts = 16>}
// ARM: module attributes {perceiver.target = #perceiver.cpu_target<triple = "aarch64-unknown-linux-gnu", cpu = "neoverse-n1", features = "{{.*}}", lanes = 4, registers = 32, fma = true, l1_bytes = 65536, l2_bytes = 1048576, tasks = 64, key_parts = 16>}
// ADDED: cpu = "x86-64", tune = "znver4", features = "+avx2", lanes = 8, registers = 16, fma = false
// CHECK: func.func @f()
func.func @f() {
  return
}
