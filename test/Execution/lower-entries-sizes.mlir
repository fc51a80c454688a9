// RUN: perceiver-opt %s --perceiver-lower-entries --split-input-file --verify-diagnostics | FileCheck %s

// Numbers that callers pass are sizes, of 0 or more where no array has them;
// results may have sizes that follow from others. What is said of arguments, and
// the conditions, stand in the description of the frame.

// CHECK-DAG: #[[LONG_OF:.*]] = affine_map<()[s0, s1, s2] -> (s0 * 16)>
// CHECK-DAG: #[[AT_MOST:.*]] = affine_map<()[s0, s1, s2] -> (-s0 + 8)>
// CHECK-LABEL: func.func @run(
// CHECK-SAME: frame.entry = #frame.entry<sizes = ["points", "first", "count"], offsets = [1],
// CHECK-SAME: derived = [#[[LONG_OF]]],
// CHECK-SAME: arguments = [<name = "inputs.ids", type = tensor<?x4xi64>, sizes = [0], aliases = ["input_ids", "x"], bounds = [0, 262]>,
// CHECK-SAME: <name = "mask", type = tensor<?x4xi1>, sizes = [0], default = true>,
// CHECK-SAME: <name = "long", type = tensor<?xf32>, sizes = [3], output = true>,
// CHECK-SAME: <name = "rows", type = tensor<?xf32>, sizes = [2], output = true>],
// CHECK-SAME: conditions = {"at most 8 points" = #[[AT_MOST]]}>
// CHECK-NOT: perceiver.conditions
// CHECK: %[[POINTS:.*]] = frame.size %{{.*}}[0]
// CHECK: %[[FIRST:.*]] = frame.size %{{.*}}[1]
// CHECK: %[[COUNT:.*]] = frame.size %{{.*}}[2]
// CHECK: arith.addi %[[FIRST]], %[[COUNT]]
// CHECK: %[[LONG:.*]] = affine.apply #[[LONG_OF]]()[%[[POINTS]], %[[FIRST]], %[[COUNT]]]
// CHECK: frame.argument %{{.*}}[2] (%[[LONG]]) : memref<?xf32>
// CHECK: frame.argument %{{.*}}[3] (%[[COUNT]]) : memref<?xf32>
#points = affine_map<()[s0, s1, s2] -> (-s0 + 8)>
func.func @run(%x: tensor<?x4xi64> {perceiver.name = "inputs.ids", perceiver.sizes = ["points"], perceiver.aliases = ["input_ids", "x"],
                                    perceiver.bounds = [0, 262]},
               %mask: tensor<?x4xi1> {perceiver.name = "mask", perceiver.sizes = ["points"], perceiver.default = true},
               %first: index {perceiver.name = "first"}, %count: index {perceiver.name = "count"})
    -> (tensor<?xf32> {perceiver.name = "long", perceiver.sizes = ["points * 16"]},
        tensor<?xf32> {perceiver.name = "rows", perceiver.sizes = ["count"]})
    attributes {perceiver.entry, perceiver.conditions = {"at most 8 points" = #points}} {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %points = tensor.dim %x, %c0 : tensor<?x4xi64>
  %long = arith.muli %points, %c16 : index
  %last = arith.addi %first, %count : index
  %e = tensor.empty(%long) : tensor<?xf32>
  %f = tensor.empty(%last) : tensor<?xf32>
  return %e, %f : tensor<?xf32>, tensor<?xf32>
}

// -----

// expected-error @+1 {{expected result 0 with sizes that arguments name, but got 'rows'}}
func.func @run(%x: tensor<?xf32> {perceiver.name = "x", perceiver.sizes = ["points"]})
    -> (tensor<?xf32> {perceiver.name = "y", perceiver.sizes = ["rows * 16"]}) attributes {perceiver.entry} {
  return %x : tensor<?xf32>
}
