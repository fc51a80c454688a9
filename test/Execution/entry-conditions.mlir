// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// Conditions of an entry are integer sets. They have names of their own in the
// text: MLIR's parser takes the `>=` of a set inside of `<..>` for its end.

// CHECK-DAG: #[[MAP:.*]] = affine_map<()[s0, s1] -> (s0 * 16)>
// CHECK-DAG: #[[SET:.*]] = affine_set<()[s0, s1] : (-s0 + 8 >= 0)>

// CHECK: #frame.entry<sizes = ["points", "first"], offsets = [1], derived = [#[[MAP]]],
// CHECK-SAME: arguments = [<name = "ids", type = tensor<?xi64>, sizes = [0], aliases = ["x", "y.z"], bounds = [0, 262]>,
// CHECK-SAME: <name = "mask", type = tensor<?xi64>, sizes = [0], default = false>,
// CHECK-SAME: <name = "y", type = tensor<?xf32>, sizes = [2], output = true>],
// CHECK-SAME: conditions = {"at most 8 points" = #[[SET]]}>
#points = affine_set<()[s0, s1] : (8 - s0 >= 0)>
func.func @called() attributes {perceiver.entry, frame.entry = #frame.entry<
    conditions = {"at most 8 points" = #points},
    sizes = ["points", "first"], derived = [affine_map<()[s0, s1] -> (s0 * 16)>], offsets = [1],
    arguments = [<name = "ids", bounds = [0, 262], type = tensor<?xi64>, aliases = ["x", "y.z"], sizes = [0]>,
                 <name = "mask", type = tensor<?xi64>, sizes = [0], default = false>,
                 <name = "y", type = tensor<?xf32>, sizes = [2], output = true>]>} {
  return
}
