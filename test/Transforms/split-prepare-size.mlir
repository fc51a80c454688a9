// RUN: perceiver-opt %s "--perceiver-split-prepare=max-growth=1.5 slack-bytes=100" --allow-unregistered-dialect --remarks-filter="perceiver-split-prepare" 2>&1 | FileCheck %s

// 13 x 8 floats are computed from 13 + 8 floats: too many to store. The sum
// stays in the model, what it adds is stored; and what is small again, the mean
// of the sum, is stored although the sum is not.

perceiver.parameter @column : tensor<13x1xf32> key "column"
perceiver.parameter @row : tensor<1x8xf32> key "row"

// CHECK-DAG: remark: [Missed] StaysInModel | Category:perceiver-split-prepare | Reason="416 bytes would be stored for 84 bytes of parameters"
// CHECK-DAG: remark: [Passed] Stored | Category:perceiver-split-prepare | Bytes=52, Remark=weight_0
// CHECK-DAG: remark: [Missed] StaysInModel {{.*}} Reason="a value of 1200000000 bytes would be computed on the way"

// CHECK-LABEL: func.func @sum
func.func @sum() {
  // CHECK-DAG: %[[C:.*]] = block.get_weight @weight_0 : tensor<13x1xf32>
  // CHECK-DAG: %[[R:.*]] = block.get_weight @weight_1 : tensor<1x8xf32>
  %c = perceiver.get_parameter @column : tensor<13x1xf32>
  %r = perceiver.get_parameter @row : tensor<1x8xf32>
  %e = tensor.empty() : tensor<13x8xf32>
  // CHECK: %[[P:.*]] = block.linear ins(%[[C]], %[[R]]
  %p = block.linear ins(%c, %r : tensor<13x1xf32>, tensor<1x8xf32>) outs(%e : tensor<13x8xf32>) -> tensor<13x8xf32>
  %x = tensor.expand_shape %p [[0, 1], [2]] output_shape [1, 13, 8] : tensor<13x8xf32> into tensor<1x13x8xf32>
  %f = tensor.empty() : tensor<1x1x8xf32>
  // CHECK: %[[M:.*]] = block.get_weight @weight_2 : tensor<1x1x8xf32>
  %m = block.mean_rows ins(%x : tensor<1x13x8xf32>) outs(%f : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
  // CHECK: "test.use"(%[[P]], %[[M]])
  "test.use"(%p, %m) : (tensor<13x8xf32>, tensor<1x1x8xf32>) -> ()
  return
}

// A small value is not stored either if too much is computed on the way.

// CHECK-LABEL: func.func @large_way
func.func @large_way() {
  // CHECK: block.axis_table
  %e = tensor.empty() : tensor<100000000x3xf32>
  %t = block.axis_table outs(%e : tensor<100000000x3xf32>) {bands = 1 : i64, max_frequency = 4.0 : f64} -> tensor<100000000x3xf32>
  %x = tensor.expand_shape %t [[0, 1], [2]] output_shape [1, 100000000, 3] : tensor<100000000x3xf32> into tensor<1x100000000x3xf32>
  %f = tensor.empty() : tensor<1x1x3xf32>
  // CHECK: %[[M:.*]] = block.mean_rows
  %m = block.mean_rows ins(%x : tensor<1x100000000x3xf32>) outs(%f : tensor<1x1x3xf32>) -> tensor<1x1x3xf32>
  // CHECK: "test.use"(%[[M]])
  "test.use"(%m) : (tensor<1x1x3xf32>) -> ()
  return
}

// A model cannot pack a weight or make a table itself: these are stored
// whatever they take.

perceiver.parameter @thin : tensor<20x1xf32> key "thin"

// CHECK-LABEL: func.func @no_kernel
func.func @no_kernel() {
  %w = perceiver.get_parameter @thin : tensor<20x1xf32>
  // CHECK-DAG: %[[P:.*]] = block.get_weight @weight_3 : tensor<1x20x16xf32>
  %e = tensor.empty() : tensor<1x20x16xf32>
  %p = block.pack_panels ins(%w : tensor<20x1xf32>) outs(%e : tensor<1x20x16xf32>)
      panels = <columns = 1, lanes = 16> -> tensor<1x20x16xf32>
  // CHECK-DAG: %[[T:.*]] = block.get_weight @weight_4 : tensor<100x3xf32>
  %f = tensor.empty() : tensor<100x3xf32>
  %t = block.axis_table outs(%f : tensor<100x3xf32>) {bands = 1 : i64, max_frequency = 4.0 : f64} -> tensor<100x3xf32>
  // CHECK: "test.use"(%[[P]], %[[T]])
  "test.use"(%p, %t) : (tensor<1x20x16xf32>, tensor<100x3xf32>) -> ()
  return
}
