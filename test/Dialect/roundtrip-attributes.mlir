// RUN: perceiver-opt %s | perceiver-opt --mlir-print-local-scope | FileCheck %s
// RUN: perceiver-opt %s --mlir-print-local-scope | perceiver-opt --mlir-print-local-scope | FileCheck %s
// RUN: perceiver-opt %s --emit-bytecode | perceiver-opt --mlir-print-local-scope | FileCheck %s

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
// CHECK: #perceiver.tiling<task = [1], key_split = 256, merge = [1, 0, 64]>
module attributes {tiling.merge = #perceiver.tiling<task = [1], merge = [1, 0, 64], key_split = 256>} {
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

// CHECK: #perceiver.cuda_target<architectures = [80, 90], multiprocessors = 132, shared_bytes = 166912, triple = "x86_64-linux-gnu", cpu = "x86-64">
module attributes {perceiver.target = #perceiver.cuda_target<architectures = [80, 90], shared_bytes = 166912, multiprocessors = 132, triple = "x86_64-linux-gnu", cpu = "x86-64">} {
}

// A plan of no buffers is one.

// CHECK: #frame.entry<sizes = [], arguments = []>
func.func @unplanned() attributes {perceiver.entry, frame.entry = #frame.entry<arguments = [], sizes = []>} {
  return
}
// CHECK: #frame.entry<sizes = [], arguments = [], buffers = []>
func.func @empty() attributes {perceiver.entry, frame.entry = #frame.entry<sizes = [], arguments = [], buffers = []>} {
  return
}
// CHECK: #frame.entry<sizes = ["n", "two words"],
// CHECK-SAME: arguments = [<name = "x", type = tensor<?x7xf32>, sizes = [1]>, <name = "y", type = tensor<7xi1>, output = true>],
// CHECK-SAME: buffers = [<first = 1, last = 9, size = [0, 28]>, <first = 0, last = 0, size = [1, 0, 0, 4, 3, 0], per_worker = true>]>
func.func @planned() attributes {perceiver.entry, frame.entry = #frame.entry<
    sizes = ["n", "two words"],
    arguments = [#frame.argument<name = "x", type = tensor<?x7xf32>, sizes = [1], output = false>,
                 <output = true, name = "y", type = tensor<7xi1>, sizes = []>],
    buffers = [<first = 1, last = 9, size = [0, 28], per_worker = false>,
               #frame.buffer<first = 0, last = 0, size = [1, 0, 0, 4, 3, 0], per_worker = true>]>} {
  return
}

// CHECK: positions.spacing = #perceiver.spacing<fraction>, positions.terms = #perceiver.terms<raw, sin>
module attributes {positions.terms = #perceiver.terms<sin, raw>, positions.spacing = #perceiver.spacing<fraction>} {
}

// CHECK: #frame.entry<sizes = ["points", "first"], offsets = [1], derived = [affine_map<()[s0, s1] -> (s0 * 16)>],
// CHECK-SAME: arguments = [<name = "ids", type = tensor<?xi64>, sizes = [0], aliases = ["x", "y.z"], bounds = [0, 262]>,
// CHECK-SAME: <name = "mask", type = tensor<?xi64>, sizes = [0], default = false>,
// CHECK-SAME: <name = "y", type = tensor<?xf32>, sizes = [2], output = true>],
// CHECK-SAME: conditions = {"at most 8 points" = affine_map<()[s0, s1] -> (-s0 + 8)>}>
func.func @called() attributes {perceiver.entry, frame.entry = #frame.entry<
    conditions = {"at most 8 points" = affine_map<()[s0, s1] -> (8 - s0)>},
    sizes = ["points", "first"], derived = [affine_map<()[s0, s1] -> (s0 * 16)>], offsets = [1],
    arguments = [<name = "ids", bounds = [0, 262], type = tensor<?xi64>, aliases = ["x", "y.z"], sizes = [0]>,
                 <name = "mask", type = tensor<?xi64>, sizes = [0], default = false>,
                 <name = "y", type = tensor<?xf32>, sizes = [2], output = true>]>} {
  return
}

// CHECK-LABEL: func.func @conditions(
// CHECK-SAME: perceiver.aliases = ["input_ids"], perceiver.bounds = [0, 262]
// CHECK-SAME: perceiver.default = true
// CHECK-SAME: perceiver.conditions = {"at most 8 rows" = affine_map<()[s0] -> (-s0 + 8)>}
func.func @conditions(%x: tensor<?xi64> {perceiver.sizes = ["rows"], perceiver.aliases = ["input_ids"], perceiver.bounds = [0, 262]},
                      %mask: tensor<?xi1> {perceiver.sizes = ["rows"], perceiver.default = true})
    attributes {perceiver.entry, perceiver.conditions = {"at most 8 rows" = affine_map<()[s0] -> (8 - s0)>}} {
  return
}
