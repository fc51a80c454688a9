// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// What is not there is not printed, in any combination.

// CHECK: #perceiver.tiling<task = []>
module attributes {tiling.none = #perceiver.tiling<task = []>} {
}
// CHECK: #perceiver.tiling<task = [1, 64]>
module attributes {tiling.task = #perceiver.tiling<task = [1, 64]>} {
}
// CHECK: #perceiver.tiling<task = [1], root = true>
module attributes {tiling.root = #perceiver.tiling<task = [1], root = true>} {
}
// CHECK: #perceiver.tiling<task = [1], key_split = 256, root = true>
module attributes {tiling.split = #perceiver.tiling<task = [1], root = true, key_split = 256>} {
}
// CHECK: #perceiver.tiling<task = [1], inner = [array<i64: 0, 8>], key_split = 256>
module attributes {tiling.inner = #perceiver.tiling<task = [1], inner = [array<i64: 0, 8>], key_split = 256, root = false>} {
}

// CHECK: #perceiver.cpu_target<triple = "x86_64-linux-gnu", cpu = "x86-64", lanes = 4, registers = 16, fma = false, l1_bytes = 32, l2_bytes = 64, tasks = 16, key_parts = 7>
module attributes {perceiver.target = #perceiver.cpu_target<key_parts = 7, triple = "x86_64-linux-gnu", cpu = "x86-64", lanes = 4, registers = 16, fma = false, l1_bytes = 32, l2_bytes = 64, tasks = 16>} {
}
// CHECK: cpu = "x86-64", tune = "znver4", features = "+avx,-fma", lanes
module attributes {perceiver.target = #perceiver.cpu_target<triple = "x86_64-linux-gnu", cpu = "x86-64", tune = "znver4", features = "+avx,-fma", lanes = 4, registers = 16, fma = false, l1_bytes = 32, l2_bytes = 64, tasks = 16, key_parts = 16>} {
}
