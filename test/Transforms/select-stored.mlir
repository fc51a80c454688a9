// DEFINE: %{select} = perceiver-select-stored{max-growth=1.5 slack-bytes=100}
// RUN: perceiver-opt %s --pass-pipeline='builtin.module(func.func(%{select}))' --allow-unregistered-dialect --remarks-filter="perceiver-select-stored" 2>&1 | FileCheck %s --check-prefix=MARKS
// RUN: perceiver-opt %s --pass-pipeline='builtin.module(func.func(%{select}),perceiver-split-prepare)' --allow-unregistered-dialect --remarks-filter="perceiver-split-prepare" 2>&1 | FileCheck %s

// 13 x 8 floats are computed from 13 + 8 floats: too many to store. The product
// stays in the model, its factors are stored; and what is small again, the mean
// of the product, is stored although the product is not.

perceiver.parameter @column : tensor<13x1xf32> key "column"
perceiver.parameter @row : tensor<1x8xf32> key "row"

// MARKS-DAG: remark: [Missed] StaysInModel | Category:perceiver-select-stored | Reason="416 bytes would be stored for 84 bytes of parameters"
// CHECK-DAG: remark: [Passed] Stored | Category:perceiver-split-prepare | Bytes=52, Remark=weight_0
// MARKS-DAG: remark: [Missed] StaysInModel {{.*}} Reason="a value of 1200000000 bytes would be computed on the way"

// MARKS-LABEL: func.func @product
// MARKS: block.linear {{.*}} {perceiver.in_model}
// MARKS-NOT: in_model
// MARKS: return
// CHECK-LABEL: func.func @product
func.func @product() {
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

// MARKS-LABEL: func.func @large_way
// MARKS: block.axis_table {{.*}} perceiver.in_model
// MARKS: block.mean_rows {{.*}} {perceiver.in_model}
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

// MARKS-LABEL: func.func @no_kernel
// MARKS-NOT: in_model
// CHECK-NOT: in_model
// CHECK-LABEL: func.func @no_kernel
func.func @no_kernel() {
  %w = perceiver.get_parameter @thin : tensor<20x1xf32>
  // CHECK-DAG: %[[P:.*]] = block.get_weight @weight_3 : tensor<1x20x16xf32>
  %e = tensor.empty() : tensor<1x20x16xf32>
  %p = block.pack_weight ins(%w : tensor<20x1xf32>) outs(%e : tensor<1x20x16xf32>)
      layout = #block.panels<columns = 1, lanes = 16> -> tensor<1x20x16xf32>
  // CHECK-DAG: %[[T:.*]] = block.get_weight @weight_4 : tensor<100x3xf32>
  %f = tensor.empty() : tensor<100x3xf32>
  %t = block.axis_table outs(%f : tensor<100x3xf32>) {bands = 1 : i64, max_frequency = 4.0 : f64} -> tensor<100x3xf32>
  // CHECK: "test.use"(%[[P]], %[[T]])
  "test.use"(%p, %t) : (tensor<1x20x16xf32>, tensor<100x3xf32>) -> ()
  return
}

// So are weights and biases of layers, which a back end may want in another
// order. Other uses of the same value are as always.

perceiver.parameter @wide : tensor<1x13xf32> key "wide"

// MARKS-LABEL: func.func @weight
// MARKS-NOT: in_model
// MARKS-LABEL: func.func @both
// MARKS: block.linear {{.*}} {perceiver.in_model}
// CHECK-LABEL: func.func @weight
// CHECK: %[[W:.*]] = block.get_weight @{{.*}} : tensor<13x13xf32>
// CHECK: block.linear ins(%{{.*}}, %[[W]] :
func.func @weight(%x: tensor<?x13xf32>, %y: tensor<?x13xf32>) -> tensor<?x13xf32> {
  %c = perceiver.get_parameter @column : tensor<13x1xf32>
  %r = perceiver.get_parameter @wide : tensor<1x13xf32>
  %e = tensor.empty() : tensor<13x13xf32>
  %w = block.linear ins(%c, %r : tensor<13x1xf32>, tensor<1x13xf32>) outs(%e : tensor<13x13xf32>) -> tensor<13x13xf32>
  %z = block.linear ins(%x, %w : tensor<?x13xf32>, tensor<13x13xf32>) outs(%y : tensor<?x13xf32>) -> tensor<?x13xf32>
  return %z : tensor<?x13xf32>
}

// CHECK-LABEL: func.func @both
// CHECK: %[[P:.*]] = block.linear
// CHECK: block.linear ins(%{{.*}}, %[[P]] :
// CHECK: "test.use"(%[[P]])
func.func @both(%x: tensor<?x13xf32>, %y: tensor<?x13xf32>) -> tensor<?x13xf32> {
  %c = perceiver.get_parameter @column : tensor<13x1xf32>
  %r = perceiver.get_parameter @wide : tensor<1x13xf32>
  %e = tensor.empty() : tensor<13x13xf32>
  %w = block.linear ins(%c, %r : tensor<13x1xf32>, tensor<1x13xf32>) outs(%e : tensor<13x13xf32>) -> tensor<13x13xf32>
  %z = block.linear ins(%x, %w : tensor<?x13xf32>, tensor<13x13xf32>) outs(%y : tensor<?x13xf32>) -> tensor<?x13xf32>
  "test.use"(%w) : (tensor<13x13xf32>) -> ()
  return %z : tensor<?x13xf32>
}
