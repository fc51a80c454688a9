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
