// RUN: perceiver-opt %s --perceiver-lower-entries | FileCheck %s

// One size of the frame for each name, in the order in which arguments name
// them; results are written to memory that the caller owns. Functions that are
// no entries are gone, unless they compute weights.

// CHECK: perceiver.parameter
// CHECK-NOT: @helper
// CHECK: func.func private @prepare() -> tensor<33x7xf32> attributes {perceiver.prepare}
// CHECK-LABEL: func.func @run(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr)
// CHECK-SAME: frame.entry = #frame.entry<sizes = ["batch", "rows"],
// CHECK-SAME: arguments = [<name = "inputs", type = tensor<?x33xf32>, sizes = [0]>,
// CHECK-SAME: <name = "more", type = tensor<?x?x7xf32>, sizes = [0, 1]>,
// CHECK-SAME: <name = "logits", type = tensor<?x7xf32>, sizes = [1], output = true>,
// CHECK-SAME: <name = "same", type = tensor<?x33xf32>, sizes = [0], output = true>]>
// CHECK: %[[BATCH:.*]] = frame.size %[[FRAME]][0]
// CHECK: %[[ROWS:.*]] = frame.size %[[FRAME]][1]
// CHECK: %[[X:.*]] = frame.argument %[[FRAME]][0] (%[[BATCH]]) : memref<?x33xf32>
// CHECK: %[[XT:.*]] = bufferization.to_tensor %[[X]] restrict :
// CHECK: frame.argument %[[FRAME]][1] (%[[BATCH]], %[[ROWS]]) : memref<?x?x7xf32>
// CHECK: %[[LOGITS:.*]] = frame.argument %[[FRAME]][2] (%[[ROWS]]) : memref<?x7xf32>
// CHECK: bufferization.materialize_in_destination %{{.*}} in restrict writable %[[LOGITS]]
// CHECK: %[[SAME:.*]] = frame.argument %[[FRAME]][3] (%[[BATCH]]) : memref<?x33xf32>
// CHECK: bufferization.materialize_in_destination %[[XT]] in restrict writable %[[SAME]]
// CHECK: return{{$}}
perceiver.parameter @p : tensor<33x7xf32> key "p"

func.func private @helper() {
  return
}

func.func private @prepare() -> tensor<33x7xf32> attributes {perceiver.prepare} {
  %p = perceiver.get_parameter @p : tensor<33x7xf32>
  return %p : tensor<33x7xf32>
}

func.func @run(%x: tensor<?x33xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]},
               %y: tensor<?x?x7xf32> {perceiver.name = "more", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x7xf32> {perceiver.name = "logits", perceiver.sizes = ["rows"]},
        tensor<?x33xf32> {perceiver.name = "same", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %y, %c1 : tensor<?x?x7xf32>
  %e = tensor.empty(%n) : tensor<?x7xf32>
  return %e, %x : tensor<?x7xf32>, tensor<?x33xf32>
}

// CHECK-LABEL: func.func @static(
// CHECK-SAME: #frame.entry<sizes = [], arguments = [<name = "ids", type = tensor<7xi64>>,
// CHECK-NOT: frame.size
// CHECK: frame.argument %{{.*}}[1] () : memref<7xi64>
func.func @static(%x: tensor<7xi64> {perceiver.name = "ids"}) -> (tensor<7xi64> {perceiver.name = "same"})
    attributes {perceiver.entry} {
  return %x : tensor<7xi64>
}

// A wrapper of MLIR's own would call the entry as it was before.

// CHECK-LABEL: func.func @wrapped(
// CHECK-NOT: llvm.emit_c_interface
// CHECK: return
func.func @wrapped(%x: tensor<3xf32> {perceiver.name = "x"}) -> (tensor<3xf32> {perceiver.name = "y"})
    attributes {perceiver.entry, llvm.emit_c_interface} {
  return %x : tensor<3xf32>
}
