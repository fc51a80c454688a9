// RUN: perceiver-opt %s --perceiver-expand-blocks --split-input-file | FileCheck %s
// Locations are those of the blocks.
// RUN: perceiver-opt %s --perceiver-expand-blocks --split-input-file --mlir-print-debuginfo | FileCheck %s --check-prefix=LOC

// A cross-attention with all it can have. Latents without batch are normalised
// and projected without batch; the residual is the latents themselves.

perceiver.parameter @latents : tensor<5x12xf32> key "latents"
perceiver.parameter @e.q_norm.weight : tensor<12xf32> key "a"
perceiver.parameter @e.q_norm.bias : tensor<12xf32> key "b"
perceiver.parameter @e.kv_norm.weight : tensor<7xf32> key "c"
perceiver.parameter @e.kv_norm.bias : tensor<7xf32> key "d"
perceiver.parameter @e.query.weight : tensor<12x6xf32> key "e"
perceiver.parameter @e.query.bias : tensor<6xf32> key "f"
perceiver.parameter @e.key.weight : tensor<7x6xf32> key "g"
perceiver.parameter @e.key.bias : tensor<6xf32> key "h"
perceiver.parameter @e.value.weight : tensor<7x9xf32> key "i"
perceiver.parameter @e.value.bias : tensor<9xf32> key "j"
perceiver.parameter @e.output.weight : tensor<9x12xf32> key "k"
perceiver.parameter @e.output.bias : tensor<12xf32> key "l"
perceiver.parameter @e.mlp_norm.weight : tensor<12xf32> key "m"
perceiver.parameter @e.mlp_norm.bias : tensor<12xf32> key "n"
perceiver.parameter @e.mlp_in.weight : tensor<12x33xf32> key "o"
perceiver.parameter @e.mlp_in.bias : tensor<33xf32> key "p"
perceiver.parameter @e.mlp_out.weight : tensor<33x12xf32> key "q"
perceiver.parameter @e.mlp_out.bias : tensor<12xf32> key "r"

// LOC: block.attention {{.*}} loc(#[[BLOCK:.*]])
// LOC: #[[BLOCK]] = loc("encode.py":7:1)

// CHECK-LABEL: func.func @encode
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x?x7xf32>, %[[LENGTHS:[a-z0-9]+]]: tensor<?xi64>, %[[MASK:[a-z0-9]+]]: tensor<?x?xi1>
// CHECK: %[[Z0:.*]] = perceiver.get_parameter @latents
// CHECK: %[[G1:.*]] = perceiver.get_parameter @e.q_norm.weight
// CHECK: %[[B1:.*]] = perceiver.get_parameter @e.q_norm.bias
// CHECK: %[[N:.*]] = block.layer_norm ins(%[[Z0]] : tensor<5x12xf32>) affine(%[[G1]], %[[B1]] :
// CHECK-SAME: {epsilon = 2.500000e-01 : f64} -> tensor<5x12xf32>
// CHECK: %[[G2:.*]] = perceiver.get_parameter @e.kv_norm.weight
// CHECK: %[[M:.*]] = block.layer_norm ins(%[[X]] : tensor<?x?x7xf32>) affine(%[[G2]],
// CHECK-SAME: {epsilon = 2.500000e-01 : f64}
// CHECK: %[[WQ:.*]] = perceiver.get_parameter @e.query.weight
// CHECK: %[[BQ:.*]] = perceiver.get_parameter @e.query.bias
// CHECK: %[[Q:.*]] = block.linear ins(%[[N]], %[[WQ]] : tensor<5x12xf32>, tensor<12x6xf32>) bias(%[[BQ]] : tensor<6xf32>)
// CHECK: %[[K:.*]] = block.linear ins(%[[M]], %{{.*}} : tensor<?x?x7xf32>, tensor<7x6xf32>) bias(
// CHECK: %[[V:.*]] = block.linear ins(%[[M]], %{{.*}} : tensor<?x?x7xf32>, tensor<7x9xf32>) bias(
// CHECK: %[[A:.*]] = block.attention ins(%[[Q]], %[[K]], %[[V]] :
// CHECK-SAME: lengths(%[[LENGTHS]] : tensor<?xi64>) mask(%[[MASK]] : tensor<?x?xi1>)
// CHECK-SAME: heads = 3 {masked_rows = #perceiver.masked_rows<uniform>, scale = 5.000000e-01 : f64} -> tensor<?x5x9xf32>
// CHECK: %[[XA:.*]] = block.linear ins(%[[A]], %{{.*}} : tensor<?x5x9xf32>, tensor<9x12xf32>)
// CHECK-SAME: residual(%[[Z0]] : tensor<5x12xf32>)
// CHECK: %[[M2:.*]] = block.layer_norm ins(%[[XA]] :
// CHECK: %[[H:.*]] = block.linear ins(%[[M2]], %{{.*}}) bias(%{{.*}}) outs(
// CHECK-SAME: {activation = #perceiver.activation<gelu_tanh>} -> tensor<?x5x33xf32>
// CHECK: %[[Y:.*]] = block.linear ins(%[[H]], %{{.*}}) bias(%{{.*}}) residual(%[[XA]] : tensor<?x5x12xf32>)
// CHECK: return %[[Y]]
func.func @encode(%x: tensor<?x?x7xf32>, %lengths: tensor<?xi64>, %mask: tensor<?x?xi1>) -> tensor<?x5x12xf32> {
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.encode %latents, %x lengths(%lengths : tensor<?xi64>) mask(%mask : tensor<?x?xi1>)
      heads = 3 qk_channels = 6 v_channels = 9 mlp = gelu_tanh weights @e
      {epsilon = 0.25 : f64, scale = 0.5 : f64, masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32> loc("encode.py":7:1)
  return %z : tensor<?x5x12xf32>
}

// -----

// What is not bound does not appear: norms, biases, residual, MLP. The width of
// the result is that of the output layer.

perceiver.parameter @query : tensor<9x4xf32> key "a"
perceiver.parameter @key : tensor<12x4xf32> key "b"
perceiver.parameter @value : tensor<12x6xf32> key "c"
perceiver.parameter @output : tensor<6x10xf32> key "d"

// CHECK-LABEL: func.func @decode
// CHECK-SAME: %[[O:[a-z0-9]+]]: tensor<?x?x9xf32>, %[[Z:[a-z0-9]+]]: tensor<?x5x12xf32>
// CHECK-NOT: layer_norm
// CHECK: %[[Q:.*]] = block.linear ins(%[[O]], %{{.*}}) outs(
// CHECK: %[[K:.*]] = block.linear ins(%[[Z]], %{{.*}}) outs(
// CHECK: %[[V:.*]] = block.linear ins(%[[Z]], %{{.*}}) outs(
// CHECK: %[[A:.*]] = block.attention ins(%[[Q]], %[[K]], %[[V]] : {{.*}} heads = 2 -> tensor<?x?x6xf32>
// CHECK: %[[Y:.*]] = block.linear ins(%[[A]], %{{.*}}) outs(%{{.*}}) -> tensor<?x?x10xf32>
// CHECK-NEXT: return %[[Y]]
func.func @decode(%query: tensor<?x?x9xf32>, %z: tensor<?x5x12xf32>) -> tensor<?x?x10xf32> {
  %y = perceiver.decode %query, %z heads = 2 qk_channels = 4 v_channels = 6 mlp = none
      weights {query = [@query], key = [@key], value = [@value], output = [@output]} {residual = false}
      : tensor<?x?x9xf32>, tensor<?x5x12xf32> -> tensor<?x?x10xf32>
  return %y : tensor<?x?x10xf32>
}

// -----

perceiver.parameter @latents : tensor<5x12xf32> key "latents"
perceiver.parameter @qw : tensor<12x4xf32> key "layers.{}.q" count 6
perceiver.parameter @kw : tensor<7x4xf32> key "layers.{}.k" count 6
perceiver.parameter @ow : tensor<4x12xf32> key "layers.{}.o" count 6
perceiver.parameter @square : tensor<12x12xf32> key "square"

// Without batch at the start: the first iteration stands before the loop, which
// reads the members of families with its index.

// CHECK-LABEL: func.func @untied
// CHECK: %[[Z0:.*]] = perceiver.get_parameter @latents
// CHECK: %[[FIRST:.*]] = arith.constant 0 : index
// CHECK: %[[W0:.*]] = perceiver.get_parameter @qw[%[[FIRST]]]
// CHECK: block.linear ins(%[[Z0]], %[[W0]] : tensor<5x12xf32>, tensor<12x4xf32>)
// CHECK: %[[Z1:.*]] = block.linear {{.*}} residual(%[[Z0]] : tensor<5x12xf32>)
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[C6:.*]] = arith.constant 6 : index
// CHECK: %[[R:.*]] = scf.for %[[T:[a-z0-9]+]] = %[[C1]] to %[[C6]] step %{{.*}} iter_args(%[[S:.*]] = %[[Z1]])
// CHECK: %[[WT:.*]] = perceiver.get_parameter @qw[%[[T]]]
// CHECK: block.linear ins(%[[S]], %[[WT]] : tensor<?x5x12xf32>, tensor<12x4xf32>)
// CHECK: %[[Y:.*]] = block.linear {{.*}} residual(%[[S]] : tensor<?x5x12xf32>)
// CHECK: scf.yield %[[Y]]
// CHECK: return %[[R]]
func.func @untied(%x: tensor<?x33x7xf32>) -> tensor<?x5x12xf32> {
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.process iterations = 6 (%s = %latents : tensor<5x12xf32>) -> tensor<?x5x12xf32> {
    %0 = perceiver.cross_block %s, %x heads = 1 qk_channels = 4 v_channels = 4 mlp = none
        weights {query = [@qw], key = [@kw], value = [@kw], output = [@ow]}
        : tensor<?x5x12xf32>, tensor<?x33x7xf32> -> tensor<?x5x12xf32>
    perceiver.yield %0 : tensor<?x5x12xf32>
  }
  return %z : tensor<?x5x12xf32>
}

// One iteration is no loop; a second one that remains behind the first is none
// either. Single parameters have no index.

// CHECK-LABEL: func.func @few_iterations
// CHECK-NOT: scf.for
// CHECK-COUNT-3: block.attention
// CHECK-NOT: scf.for
// CHECK: return
func.func @few_iterations(%x: tensor<?x33x7xf32>) -> tensor<?x5x12xf32> {
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.process iterations = 2 (%s = %latents : tensor<5x12xf32>) -> tensor<?x5x12xf32> {
    %0 = perceiver.cross_block %s, %x heads = 1 qk_channels = 4 v_channels = 4 mlp = none
        weights {query = [@qw], key = [@kw], value = [@kw], output = [@ow]}
        : tensor<?x5x12xf32>, tensor<?x33x7xf32> -> tensor<?x5x12xf32>
    perceiver.yield %0 : tensor<?x5x12xf32>
  }
  %y = perceiver.process iterations = 1 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %0 = perceiver.self_block %s heads = 1 qk_channels = 12 v_channels = 12 mlp = none
        weights {query = [@square], key = [@square], value = [@square], output = [@square]}
        : tensor<?x5x12xf32>
    perceiver.yield %0 : tensor<?x5x12xf32>
  }
  return %y : tensor<?x5x12xf32>
}

// Families follow the innermost process.

// CHECK-LABEL: func.func @nested
// CHECK: scf.for %[[I:[a-z0-9]+]] =
// CHECK: perceiver.get_parameter @qw[%[[I]]]
// CHECK: scf.for %[[J:[a-z0-9]+]] =
// CHECK: perceiver.get_parameter @qw[%[[J]]]
func.func @nested(%x: tensor<?x33x7xf32>, %z: tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
  %r = perceiver.process iterations = 2 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %0 = perceiver.cross_block %s, %x heads = 1 qk_channels = 4 v_channels = 4 mlp = none
        weights {query = [@qw], key = [@kw], value = [@kw], output = [@ow]}
        : tensor<?x5x12xf32>, tensor<?x33x7xf32> -> tensor<?x5x12xf32>
    %1 = perceiver.process iterations = 3 (%u = %0 : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
      %2 = perceiver.self_block %u heads = 1 qk_channels = 4 v_channels = 4 mlp = none
          weights {query = [@qw], key = [@qw], value = [@qw], output = [@ow]} : tensor<?x5x12xf32>
      perceiver.yield %2 : tensor<?x5x12xf32>
    }
    perceiver.yield %1 : tensor<?x5x12xf32>
  }
  return %r : tensor<?x5x12xf32>
}

// -----

perceiver.parameter @table : tensor<33x12xf32> key "table"
perceiver.parameter @g : tensor<12xf32> key "g"
perceiver.parameter @w : tensor<12x10xf32> key "w"
perceiver.parameter @b : tensor<10xf32> key "b"

// CHECK-LABEL: func.func @inputs
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x3x4x7xf32>, %[[P:[a-z0-9]+]]: tensor<28x10xf32>
// CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0], [1], [2, 3]] : tensor<?x3x4x7xf32> into tensor<?x3x28xf32>
// CHECK: %[[ROWS:.*]] = block.transpose ins(%[[FLAT]] : {{.*}} permutation = [0, 2, 1]
// CHECK: block.concat_channels ins(%[[ROWS]], %[[P]] : tensor<?x28x3xf32>, tensor<28x10xf32>) {{.*}} -> tensor<?x28x13xf32>
func.func @inputs(%x: tensor<?x3x4x7xf32>, %p: tensor<28x10xf32>) -> tensor<?x28x13xf32> {
  %0 = perceiver.to_channels_last %x : tensor<?x3x4x7xf32> -> tensor<?x28x3xf32>
  %1 = perceiver.concat %0, %p : (tensor<?x28x3xf32>, tensor<28x10xf32>) -> tensor<?x28x13xf32>
  return %1 : tensor<?x28x13xf32>
}

// CHECK-LABEL: func.func @embedding
// CHECK: %[[T:.*]] = perceiver.get_parameter @table
// CHECK: %[[E:.*]] = block.embed ins(%{{.*}}, %[[T]] : tensor<?x7xi64>, tensor<33x12xf32>)
// CHECK: %[[P:.*]] = tensor.extract_slice %{{.*}}[0, 0] [7, 12] [1, 1]
// CHECK: block.add ins(%[[E]], %[[P]] : tensor<?x7x12xf32>, tensor<7x12xf32>)
// CHECK: block.add ins(%{{.*}} : tensor<33x12xf32>, tensor<33x12xf32>)
func.func @embedding(%ids: tensor<?x7xi64>, %all: tensor<33xi32>) -> (tensor<?x7x12xf32>, tensor<33x12xf32>) {
  %0 = perceiver.embedding %ids table @table positions @table : tensor<?x7xi64> -> tensor<?x7x12xf32>
  %1 = perceiver.embedding %all table @table positions @table : tensor<33xi32> -> tensor<33x12xf32>
  return %0, %1 : tensor<?x7x12xf32>, tensor<33x12xf32>
}

// Any number of ids has as many positions.

// CHECK-LABEL: func.func @some_ids
// CHECK-SAME: %[[IDS:.*]]: tensor<?x?xi64>
// CHECK: %[[E:.*]] = block.embed
// CHECK: %[[N:.*]] = tensor.dim %[[IDS]], %c1
// CHECK: %[[P:.*]] = tensor.extract_slice %{{.*}}[0, 0] [%[[N]], 12] [1, 1] : tensor<33x12xf32> to tensor<?x12xf32>
// CHECK: block.add ins(%[[E]], %[[P]] : tensor<?x?x12xf32>, tensor<?x12xf32>)
func.func @some_ids(%ids: tensor<?x?xi64>) -> tensor<?x?x12xf32> {
  %0 = perceiver.embedding %ids table @table positions @table : tensor<?x?xi64> -> tensor<?x?x12xf32>
  return %0 : tensor<?x?x12xf32>
}

// CHECK-LABEL: func.func @take_rows
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x9x12xf32>, %[[P:[a-z0-9]+]]: tensor<?xi64>
// CHECK-DAG: %[[BATCH:.*]] = tensor.dim %[[X]], %c0
// CHECK-DAG: %[[COUNT:.*]] = tensor.dim %[[P]], %c0
// CHECK: %[[INIT:.*]] = tensor.empty(%[[BATCH]], %[[COUNT]]) : tensor<?x?x12xf32>
// CHECK: block.take_rows ins(%[[X]], %[[P]] : tensor<?x9x12xf32>, tensor<?xi64>) outs(%[[INIT]] : tensor<?x?x12xf32>)
func.func @take_rows(%x: tensor<?x9x12xf32>, %points: tensor<?xi64>) -> tensor<?x?x12xf32> {
  %0 = perceiver.take_rows %x at %points : tensor<?x9x12xf32>, tensor<?xi64> -> tensor<?x?x12xf32>
  return %0 : tensor<?x?x12xf32>
}

// CHECK-LABEL: func.func @head
// CHECK: %[[MEAN:.*]] = block.mean_rows {{.*}} -> tensor<?x1x12xf32>
// CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[MEAN]] {{\[\[}}0, 1], [2]]
// CHECK: %[[N:.*]] = block.layer_norm ins(%[[FLAT]] : tensor<?x12xf32>)
// CHECK: block.linear ins(%[[N]], %{{.*}}) bias(%{{.*}}) outs(%{{.*}}) -> tensor<?x10xf32>
func.func @head(%z: tensor<?x5x12xf32>) -> tensor<?x10xf32> {
  %0 = perceiver.mean_pool %z : tensor<?x5x12xf32> -> tensor<?x12xf32>
  %1 = perceiver.norm %0 weight @g bias @g : tensor<?x12xf32>
  %2 = perceiver.project %1 weight @w bias @b : tensor<?x12xf32> -> tensor<?x10xf32>
  return %2 : tensor<?x10xf32>
}

// -----

// Attention alone gets its destinations.

// CHECK-LABEL: func.func @attend
// CHECK-SAME: %[[Q:[a-z0-9]+]]: tensor<5x6xf32>, %[[K:[a-z0-9]+]]: tensor<?x?x6xf32>, %[[V:[a-z0-9]+]]: tensor<?x?x9xf32>
// CHECK: %[[BATCH:.*]] = tensor.dim %[[K]], %c0
// CHECK: %[[INIT:.*]] = tensor.empty(%[[BATCH]]) : tensor<?x5x9xf32>
// CHECK: %[[INIT_LSE:.*]] = tensor.empty(%[[BATCH]]) : tensor<?x3x5xf32>
// CHECK: %[[O:.*]]:2 = block.attention ins(%[[Q]], %[[K]], %[[V]] :
// CHECK-SAME: lengths(%{{.*}} : tensor<?xi64>) mask(%{{.*}} : tensor<?x?xi1>) outs(%[[INIT]], %[[INIT_LSE]] :
// CHECK-SAME: heads = 3 {masked_rows = #perceiver.masked_rows<uniform>, scale = 5.000000e-01 : f64}
// CHECK: return %[[O]]#0, %[[O]]#1
func.func @attend(%q: tensor<5x6xf32>, %k: tensor<?x?x6xf32>, %v: tensor<?x?x9xf32>, %lengths: tensor<?xi64>,
                  %mask: tensor<?x?xi1>) -> (tensor<?x5x9xf32>, tensor<?x3x5xf32>) {
  %o, %lse = perceiver.attend %q, %k, %v lengths(%lengths : tensor<?xi64>) mask(%mask : tensor<?x?xi1>)
      heads = 3 {scale = 0.5 : f64, masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<5x6xf32>, tensor<?x?x6xf32>, tensor<?x?x9xf32> -> tensor<?x5x9xf32>, tensor<?x3x5xf32>
  return %o, %lse : tensor<?x5x9xf32>, tensor<?x3x5xf32>
}

// CHECK-LABEL: func.func @broadcast
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x6xf32>, %[[N:[a-z0-9]+]]: index
// CHECK: %[[INIT:.*]] = tensor.empty(%[[N]], %{{.*}}) : tensor<?x?x6xf32>
// CHECK: block.concat_channels ins(%[[X]] : tensor<?x6xf32>) outs(%[[INIT]] : tensor<?x?x6xf32>)
// CHECK: %[[STATIC:.*]] = tensor.empty(%{{.*}}) : tensor<5x?x6xf32>
// CHECK: block.concat_channels ins(%[[X]] : tensor<?x6xf32>) outs(%[[STATIC]] : tensor<5x?x6xf32>)
func.func @broadcast(%x: tensor<?x6xf32>, %n: index) -> (tensor<?x?x6xf32>, tensor<5x?x6xf32>) {
  %c5 = arith.constant 5 : index
  %0 = perceiver.broadcast %x batch %n : tensor<?x6xf32> -> tensor<?x?x6xf32>
  %1 = perceiver.broadcast %x batch %c5 : tensor<?x6xf32> -> tensor<5x?x6xf32>
  return %0, %1 : tensor<?x?x6xf32>, tensor<5x?x6xf32>
}
