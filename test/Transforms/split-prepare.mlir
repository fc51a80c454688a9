// RUN: perceiver-opt %s --perceiver-split-prepare --split-input-file --allow-unregistered-dialect | FileCheck %s
// Running the pass again changes nothing.
// RUN: perceiver-opt %s --perceiver-split-prepare --perceiver-split-prepare --split-input-file --allow-unregistered-dialect | FileCheck %s

// A family packed in panels inside of a loop: the weight is read with the
// loop's own index. The bias is packed, too.

perceiver.parameter @w : tensor<7x33xf32> key "layers.{}.weight" count 3 transpose
perceiver.parameter @b : tensor<33xf32> key "layers.{}.bias" count 3

// CHECK-LABEL: func.func @packed_family
func.func @packed_family(%x: tensor<?x7xf32>, %y: tensor<?x33xf32>, %n: index) -> tensor<?x33xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: scf.for %[[I:[a-z0-9]+]] =
  // CHECK-NEXT: %[[W:.*]] = block.get_weight @weight_0[%[[I]]] : tensor<3x7x16xf32>
  // CHECK-NEXT: %[[B:.*]] = block.get_weight @weight_1[%[[I]]] : tensor<3x16xf32>
  // CHECK-NEXT: block.linear ins(%{{.*}}, %[[W]] : {{.*}}) bias(%[[B]] :
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %y) -> tensor<?x33xf32> {
    %w = perceiver.get_parameter @w[%i] : tensor<7x33xf32>
    %e = tensor.empty() : tensor<3x7x16xf32>
    %p = block.pack_weight ins(%w : tensor<7x33xf32>) outs(%e : tensor<3x7x16xf32>)
        layout = #block.panels<columns = 16, lanes = 16> -> tensor<3x7x16xf32>
    %b = perceiver.get_parameter @b[%i] : tensor<33xf32>
    %f = tensor.empty() : tensor<3x16xf32>
    %q = block.pack_weight ins(%b : tensor<33xf32>) outs(%f : tensor<3x16xf32>)
        layout = #block.panels<columns = 16, lanes = 16> -> tensor<3x16xf32>
    %z = block.linear ins(%x, %p : tensor<?x7xf32>, tensor<3x7x16xf32>) bias(%q : tensor<3x16xf32>)
        outs(%a : tensor<?x33xf32>) {layout = #block.panels<columns = 16, lanes = 16>} -> tensor<?x33xf32>
    scf.yield %z : tensor<?x33xf32>
  }
  return %r : tensor<?x33xf32>
}

// CHECK: func.func private @prepare_0(%[[INDEX:.*]]: index) -> tensor<3x7x16xf32> attributes {perceiver.prepare}
// CHECK: %[[M:.*]] = perceiver.get_parameter @w[%[[INDEX]]]
// CHECK: %[[P:.*]] = block.pack_weight ins(%[[M]] :
// CHECK: return %[[P]]
// CHECK: block.weight @weight_0 : tensor<3x7x16xf32> count 3 layout = #block.panels<columns = 16, lanes = 16> prepare @prepare_0
// CHECK: block.weight @weight_1 : tensor<3x16xf32> count 3 layout = #block.panels<columns = 16, lanes = 16> prepare @prepare_1

// -----

// The query of an encoder depends on a learned table alone: one tensor is
// stored for it, and the table for the residual. Two entry points share both.

perceiver.parameter @latents : tensor<5x9xf32> key "latents"
perceiver.parameter @gain : tensor<9xf32> key "norm.weight"
perceiver.parameter @shift : tensor<9xf32> key "norm.bias"
perceiver.parameter @wq : tensor<9x4xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<4xf32> key "query.bias"

// CHECK-LABEL: func.func @latents_a
// CHECK-DAG: %[[Q:.*]] = block.get_weight @weight_0 : tensor<5x4xf32>
// CHECK-DAG: %[[Z:.*]] = block.get_weight @weight_1 : tensor<5x9xf32>
// CHECK: "test.use"(%[[Q]], %[[Z]])
// CHECK-NOT: get_parameter
func.func @latents_a() {
  %z = perceiver.get_parameter @latents : tensor<5x9xf32>
  %g = perceiver.get_parameter @gain : tensor<9xf32>
  %s = perceiver.get_parameter @shift : tensor<9xf32>
  %e = tensor.empty() : tensor<5x9xf32>
  %n = block.layer_norm ins(%z : tensor<5x9xf32>) affine(%g, %s : tensor<9xf32>, tensor<9xf32>)
      outs(%e : tensor<5x9xf32>) -> tensor<5x9xf32>
  %w = perceiver.get_parameter @wq : tensor<9x4xf32>
  %b = perceiver.get_parameter @bq : tensor<4xf32>
  %f = tensor.empty() : tensor<5x4xf32>
  %q = block.linear ins(%n, %w : tensor<5x9xf32>, tensor<9x4xf32>) bias(%b : tensor<4xf32>)
      outs(%f : tensor<5x4xf32>) -> tensor<5x4xf32>
  "test.use"(%q, %z) : (tensor<5x4xf32>, tensor<5x9xf32>) -> ()
  return
}

// CHECK-LABEL: func.func @latents_b
// CHECK: %[[Q:.*]] = block.get_weight @weight_0 : tensor<5x4xf32>
// CHECK: "test.use"(%[[Q]])
func.func @latents_b() {
  %w = perceiver.get_parameter @wq : tensor<9x4xf32>
  %b = perceiver.get_parameter @bq : tensor<4xf32>
  %g = perceiver.get_parameter @gain : tensor<9xf32>
  %s = perceiver.get_parameter @shift : tensor<9xf32>
  %z = perceiver.get_parameter @latents : tensor<5x9xf32>
  %e = tensor.empty() : tensor<5x9xf32>
  %n = block.layer_norm ins(%z : tensor<5x9xf32>) affine(%g, %s : tensor<9xf32>, tensor<9xf32>)
      outs(%e : tensor<5x9xf32>) -> tensor<5x9xf32>
  %f = tensor.empty() : tensor<5x4xf32>
  %q = block.linear ins(%n, %w : tensor<5x9xf32>, tensor<9x4xf32>) bias(%b : tensor<4xf32>)
      outs(%f : tensor<5x4xf32>) -> tensor<5x4xf32>
  "test.use"(%q) : (tensor<5x4xf32>) -> ()
  return
}

// CHECK: func.func private @prepare_0() -> tensor<5x4xf32>
// CHECK: block.layer_norm
// CHECK: block.linear
// CHECK: block.weight @weight_0 : tensor<5x4xf32> prepare @prepare_0
// CHECK: func.func private @prepare_1() -> tensor<5x9xf32>
// CHECK: %[[Z:.*]] = perceiver.get_parameter @latents
// CHECK: return %[[Z]]
// CHECK-NOT: block.weight @weight_2

// -----

// Families that are read with different indices, or have different numbers of
// members, are not combined: their parts are stored.

perceiver.parameter @a : tensor<3x5xf32> key "a.{}" count 2
perceiver.parameter @b : tensor<3x5xf32> key "b.{}" count 2
perceiver.parameter @c : tensor<3x5xf32> key "c.{}" count 4
perceiver.parameter @d : tensor<3x5xf32> key "d"

// CHECK-LABEL: func.func @different_indices
// CHECK-SAME: %[[I:[a-z0-9]+]]: index, %[[J:[a-z0-9]+]]: index
func.func @different_indices(%i: index, %j: index) {
  %a = perceiver.get_parameter @a[%i] : tensor<3x5xf32>
  %b = perceiver.get_parameter @b[%j] : tensor<3x5xf32>
  %bi = perceiver.get_parameter @b[%i] : tensor<3x5xf32>
  %c = perceiver.get_parameter @c[%i] : tensor<3x5xf32>
  %d = perceiver.get_parameter @d : tensor<3x5xf32>
  %e = tensor.empty() : tensor<3x5xf32>
  // CHECK-DAG: %[[A:.*]] = block.get_weight @weight_0[%[[I]]]
  // CHECK-DAG: %[[B:.*]] = block.get_weight @weight_1[%[[J]]]
  // CHECK-DAG: %[[C:.*]] = block.get_weight @weight_2[%[[I]]]
  // CHECK-DAG: block.add ins(%[[A]], %[[B]]
  // CHECK-DAG: block.add ins(%[[A]], %[[C]]
  %ab = block.add ins(%a, %b : tensor<3x5xf32>, tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) -> tensor<3x5xf32>
  %ac = block.add ins(%a, %c : tensor<3x5xf32>, tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) -> tensor<3x5xf32>
  // The same index, and a tied parameter: one value each.
  // CHECK-DAG: %[[AB:.*]] = block.get_weight @weight_3[%[[I]]]
  // CHECK-DAG: %[[AD:.*]] = block.get_weight @weight_4[%[[I]]]
  %abi = block.add ins(%a, %bi : tensor<3x5xf32>, tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) -> tensor<3x5xf32>
  %ad = block.add ins(%a, %d : tensor<3x5xf32>, tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) -> tensor<3x5xf32>
  // CHECK: "test.use"(%{{.*}}, %{{.*}}, %[[AB]], %[[AD]])
  "test.use"(%ab, %ac, %abi, %ad) : (tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5xf32>) -> ()
  return
}
// CHECK: block.weight @weight_2 : tensor<3x5xf32> count 4
// CHECK: block.weight @weight_3 : tensor<3x5xf32> count 2
// CHECK: block.weight @weight_4 : tensor<3x5xf32> count 2

// -----

// Constants stay where they are; a position table is stored, and what is
// derived from it.

// CHECK-LABEL: func.func @tables
func.func @tables() {
  // CHECK: %[[C:.*]] = arith.constant dense<1.0
  %c = arith.constant dense<1.0> : tensor<4x7xf32>
  %e = tensor.empty() : tensor<4x7xf32>
  // CHECK: %[[F:.*]] = linalg.fill
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x7xf32>) -> tensor<4x7xf32>
  // CHECK: %[[T:.*]] = block.get_weight @weight_0 : tensor<4x7xf32>
  %t = block.axis_table outs(%e : tensor<4x7xf32>) {bands = 3 : i64, max_frequency = 4.0 : f64} -> tensor<4x7xf32>
  // CHECK: %[[S:.*]] = block.get_weight @weight_1 : tensor<4x7xf32>
  %s = block.add ins(%t, %c : tensor<4x7xf32>, tensor<4x7xf32>) outs(%e : tensor<4x7xf32>) -> tensor<4x7xf32>
  // CHECK: "test.use"(%[[C]], %[[F]], %[[T]], %[[S]])
  "test.use"(%c, %f, %t, %s) : (tensor<4x7xf32>, tensor<4x7xf32>, tensor<4x7xf32>, tensor<4x7xf32>) -> ()
  return
}

// -----

// Two symbols for the same tensor of the checkpoint are one weight; the same
// tensor transposed is another one.

perceiver.parameter @first : tensor<3x5xf32> key "tied"
perceiver.parameter @second : tensor<3x5xf32> key "tied"
perceiver.parameter @third : tensor<5x3xf32> key "tied" transpose

// CHECK-LABEL: func.func @tied_names
// CHECK: %[[A:.*]] = block.get_weight @weight_0 : tensor<3x5xf32>
// CHECK: %[[B:.*]] = block.get_weight @weight_0 : tensor<3x5xf32>
// CHECK: %[[C:.*]] = block.get_weight @weight_1 : tensor<5x3xf32>
func.func @tied_names() {
  %a = perceiver.get_parameter @first : tensor<3x5xf32>
  %b = perceiver.get_parameter @second : tensor<3x5xf32>
  %c = perceiver.get_parameter @third : tensor<5x3xf32>
  "test.use"(%a, %b, %c) : (tensor<3x5xf32>, tensor<3x5xf32>, tensor<5x3xf32>) -> ()
  return
}

// -----

// Slices and reshapes of parameters fold; dynamic positions do not.

perceiver.parameter @table : tensor<6x4xf32> key "table"

// CHECK-LABEL: func.func @slices
// CHECK-SAME: %[[I:[a-z0-9]+]]: index
func.func @slices(%i: index) {
  %t = perceiver.get_parameter @table : tensor<6x4xf32>
  // CHECK-DAG: %[[A:.*]] = block.get_weight @weight_1 : tensor<3x4xf32>
  %s = tensor.extract_slice %t[1, 0] [3, 4] [2, 1] : tensor<6x4xf32> to tensor<3x4xf32>
  // CHECK-DAG: %[[T:.*]] = block.get_weight @weight_0 : tensor<6x4xf32>
  // CHECK-DAG: %[[B:.*]] = tensor.extract_slice %[[T]][%[[I]], 0] [3, 4] [1, 1]
  %d = tensor.extract_slice %t[%i, 0] [3, 4] [1, 1] : tensor<6x4xf32> to tensor<3x4xf32>
  // CHECK-DAG: %[[C:.*]] = block.get_weight @weight_2 : tensor<1x3x5x4xf32>
  %j = tensor.concat dim(0) %s, %t, %t : (tensor<3x4xf32>, tensor<6x4xf32>, tensor<6x4xf32>) -> tensor<15x4xf32>
  %x = tensor.expand_shape %j [[0, 1, 2], [3]] output_shape [1, 3, 5, 4] : tensor<15x4xf32> into tensor<1x3x5x4xf32>
  // CHECK: "test.use"(%[[A]], %[[B]], %[[C]])
  "test.use"(%s, %d, %x) : (tensor<3x4xf32>, tensor<3x4xf32>, tensor<1x3x5x4xf32>) -> ()
  return
}
// CHECK: func.func private @prepare_2() -> tensor<1x3x5x4xf32>
// CHECK: tensor.extract_slice
// CHECK: tensor.concat
// CHECK: tensor.expand_shape

// -----

// The first iteration of a loop is in front of it: what is computed from the
// latents is stored for that member alone, what both read for all of them.

perceiver.parameter @latents : tensor<5x7xf32> key "latents"
perceiver.parameter @wq : tensor<7x3xf32> key "{}.query" count 4
perceiver.parameter @wk : tensor<7x3xf32> key "{}.key" count 4

// CHECK-LABEL: func.func @first_iteration
// CHECK-SAME: %[[I:[a-z0-9]+]]: index
func.func @first_iteration(%i: index) {
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %z = perceiver.get_parameter @latents : tensor<5x7xf32>
  %w0 = perceiver.get_parameter @wq[%c4] : tensor<7x3xf32>
  %e = tensor.empty() : tensor<5x3xf32>
  // CHECK-DAG: %[[Q:.*]] = block.get_weight @weight_0 : tensor<5x3xf32>
  %q = block.linear ins(%z, %w0 : tensor<5x7xf32>, tensor<7x3xf32>) outs(%e : tensor<5x3xf32>) -> tensor<5x3xf32>
  // CHECK-DAG: %[[C4:.*]] = arith.constant 4 : index
  // CHECK-DAG: %[[K0:.*]] = block.get_weight @weight_1[%[[C4]]] : tensor<7x3xf32>
  // CHECK-DAG: %[[K:.*]] = block.get_weight @weight_1[%[[I]]] : tensor<7x3xf32>
  %k0 = perceiver.get_parameter @wk[%c4] : tensor<7x3xf32>
  %k = perceiver.get_parameter @wk[%i] : tensor<7x3xf32>
  // Two members of four, one of them twice.
  // CHECK-DAG: %[[W1:.*]] = block.get_weight @weight_2 : tensor<7x3xf32>
  // CHECK-DAG: %[[W4:.*]] = block.get_weight @weight_3 : tensor<7x3xf32>
  // CHECK-DAG: %[[W5:.*]] = block.get_weight @weight_2 : tensor<7x3xf32>
  %w1 = perceiver.get_parameter @wq[%c1] : tensor<7x3xf32>
  %w5 = perceiver.get_parameter @wq[%c5] : tensor<7x3xf32>
  // CHECK: "test.use"(%[[Q]], %[[K0]], %[[K]], %[[W1]], %[[W4]], %[[W5]])
  "test.use"(%q, %k0, %k, %w1, %w0, %w5) : (tensor<5x3xf32>, tensor<7x3xf32>, tensor<7x3xf32>, tensor<7x3xf32>, tensor<7x3xf32>, tensor<7x3xf32>) -> ()
  return
}
// CHECK: func.func private @prepare_0() -> tensor<5x3xf32>
// CHECK: %[[FIRST:.*]] = arith.constant 0 : index
// CHECK: perceiver.get_parameter @wq[%[[FIRST]]]
// CHECK: block.weight @weight_1 : tensor<7x3xf32> count 4
// CHECK: func.func private @prepare_2() -> tensor<7x3xf32>
// CHECK: %[[SECOND:.*]] = arith.constant 1 : index
// CHECK: perceiver.get_parameter @wq[%[[SECOND]]]
// CHECK: block.weight @weight_3 : tensor<7x3xf32> prepare

// -----

// A tiling means nothing where weights are computed: it is left behind, and
// makes no difference between two computations.

perceiver.parameter @latents : tensor<5x7xf32> key "latents"
perceiver.parameter @w : tensor<7x3xf32> key "w"

// CHECK-LABEL: func.func @tiled
func.func @tiled() {
  %z = perceiver.get_parameter @latents : tensor<5x7xf32>
  %w = perceiver.get_parameter @w : tensor<7x3xf32>
  %e = tensor.empty() : tensor<5x3xf32>
  %a = block.linear ins(%z, %w : tensor<5x7xf32>, tensor<7x3xf32>) outs(%e : tensor<5x3xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [5]>} -> tensor<5x3xf32>
  %b = block.linear ins(%z, %w : tensor<5x7xf32>, tensor<7x3xf32>) outs(%e : tensor<5x3xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [4]>} -> tensor<5x3xf32>
  // CHECK: %[[A:.*]] = block.get_weight @weight_0
  // CHECK: %[[B:.*]] = block.get_weight @weight_0
  // CHECK: "test.use"(%[[A]], %[[B]])
  "test.use"(%a, %b) : (tensor<5x3xf32>, tensor<5x3xf32>) -> ()
  return
}
// CHECK: func.func private @prepare_0
// CHECK-NOT: perceiver.tiling
// CHECK: block.weight @weight_0
// CHECK-NOT: block.weight @weight_1
