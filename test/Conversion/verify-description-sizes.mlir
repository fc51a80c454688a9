// RUN: perceiver-opt %s --perceiver-verify-description --split-input-file --verify-diagnostics

// What is legal: sizes that are equal by name, through all operations.

perceiver.parameter @w : tensor<12x12xf32> key "w"
perceiver.parameter @g : tensor<12xf32> key "g"

func.func @legal(%query: tensor<?x?x12xf32> {perceiver.name = "query", perceiver.sizes = ["batch", "queries"]},
                 %image: tensor<?x12x?x?xf32> {perceiver.name = "image", perceiver.sizes = ["batch", "height", "width"]},
                 %mask: tensor<?x?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "width", "height"]},
                 %lengths: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]},
                 %ids: tensor<?x?xi64> {perceiver.name = "ids", perceiver.sizes = ["batch", "queries"]})
    -> (tensor<?x?x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "queries"]},
        tensor<?x?x12xf32> {perceiver.name = "rows", perceiver.sizes = ["batch", "points"]},
        tensor<?x12xf32> {perceiver.name = "row", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %rows = perceiver.to_channels_last %image : tensor<?x12x?x?xf32> -> tensor<?x?x12xf32>
  %keys = tensor.collapse_shape %mask [[0], [1, 2]] : tensor<?x?x?xi1> into tensor<?x?xi1>
  %0 = perceiver.process iterations = 2 (%s = %query : tensor<?x?x12xf32>) -> tensor<?x?x12xf32> {
    %1 = perceiver.cross_block %s, %rows lengths(%lengths : tensor<?xi64>) mask(%keys : tensor<?x?xi1>)
        heads = 1 qk_channels = 12 v_channels = 12 mlp = none
        weights {query = [@w], key = [@w], value = [@w], output = [@w]}
        : tensor<?x?x12xf32>, tensor<?x?x12xf32> -> tensor<?x?x12xf32>
    %2 = perceiver.self_block %1 heads = 1 qk_channels = 12 v_channels = 12 mlp = none
        weights {query = [@w], key = [@w], value = [@w], output = [@w]} : tensor<?x?x12xf32>
    perceiver.yield %2 : tensor<?x?x12xf32>
  }
  %e = perceiver.embedding %ids table @w : tensor<?x?xi64> -> tensor<?x?x12xf32>
  %n = perceiver.norm %e weight @g bias @g : tensor<?x?x12xf32>
  %p = perceiver.project %n weight @w : tensor<?x?x12xf32> -> tensor<?x?x12xf32>
  %c = perceiver.concat %0, %p : (tensor<?x?x12xf32>, tensor<?x?x12xf32>) -> tensor<?x?x24xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %query, %c0 : tensor<?x?x12xf32>
  %queries = tensor.dim %c, %c1 : tensor<?x?x24xf32>
  %x = tensor.expand_shape %c [[0], [1], [2, 3]] output_shape [%batch, %queries, 2, 12]
      : tensor<?x?x24xf32> into tensor<?x?x2x12xf32>
  %y = tensor.extract_slice %x[0, 0, 1, 0] [%batch, %queries, 1, 12] [1, 1, 1, 1]
      : tensor<?x?x2x12xf32> to tensor<?x?x12xf32>
  %row = perceiver.mean_pool %rows : tensor<?x?x12xf32> -> tensor<?x12xf32>
  return %y, %rows, %row : tensor<?x?x12xf32>, tensor<?x?x12xf32>, tensor<?x12xf32>
}

// A state without batch gets that of the source.

func.func private @broadcast(%query: tensor<4x12xf32>, %x: tensor<?x7x12xf32> {perceiver.sizes = ["images"]})
    -> (tensor<?x4x12xf32> {perceiver.sizes = ["images"]}) {
  %0 = perceiver.process iterations = 2 (%s = %query : tensor<4x12xf32>) -> tensor<?x4x12xf32> {
    %1 = perceiver.cross_block %s, %x heads = 1 qk_channels = 12 v_channels = 12 mlp = none
        weights {query = [@w], key = [@w], value = [@w], output = [@w]}
        : tensor<?x4x12xf32>, tensor<?x7x12xf32> -> tensor<?x4x12xf32>
    perceiver.yield %1 : tensor<?x4x12xf32>
  }
  return %0 : tensor<?x4x12xf32>
}

// Names of a callee stand for the sizes of its caller.

func.func private @caller(%query: tensor<4x12xf32>, %x: tensor<?x7x12xf32> {perceiver.sizes = ["batch"]})
    -> (tensor<?x4x12xf32> {perceiver.sizes = ["batch"]}) {
  %0 = call @broadcast(%query, %x) : (tensor<4x12xf32>, tensor<?x7x12xf32>) -> tensor<?x4x12xf32>
  return %0 : tensor<?x4x12xf32>
}

// Attention alone.

func.func private @attention(%query: tensor<?x12xf32> {perceiver.sizes = ["queries"]},
                             %key: tensor<?x?x12xf32> {perceiver.sizes = ["batch", "keys"]},
                             %value: tensor<?x?x6xf32> {perceiver.sizes = ["batch", "keys"]},
                             %lengths: tensor<?xi64> {perceiver.sizes = ["batch"]},
                             %mask: tensor<?x?xi1> {perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x?x6xf32> {perceiver.sizes = ["batch", "queries"]},
        tensor<?x3x?xf32> {perceiver.sizes = ["batch", "queries"]}) {
  %0, %lse = perceiver.attend %query, %key, %value lengths(%lengths : tensor<?xi64>) mask(%mask : tensor<?x?xi1>)
      heads = 3 : tensor<?x12xf32>, tensor<?x?x12xf32>, tensor<?x?x6xf32> -> tensor<?x?x6xf32>, tensor<?x3x?xf32>
  return %0, %lse : tensor<?x?x6xf32>, tensor<?x3x?xf32>
}

// -----

perceiver.parameter @w : tensor<12x12xf32> key "w"

func.func @run(%q: tensor<?x5x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
               %x: tensor<?x7x12xf32> {perceiver.name = "x", perceiver.sizes = ["images"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'batch' and 'images'; sizes that are equal have one name in 'perceiver.sizes'}}
  %0 = perceiver.decode %q, %x heads = 1 qk_channels = 12 v_channels = 12 mlp = none
      weights {query = [@w], key = [@w], value = [@w], output = [@w]}
      : tensor<?x5x12xf32>, tensor<?x7x12xf32> -> tensor<?x5x12xf32>
  return %0 : tensor<?x5x12xf32>
}

// -----

perceiver.parameter @w : tensor<12x12xf32> key "w"

func.func @run(%q: tensor<5x12xf32> {perceiver.name = "q"},
               %x: tensor<?x7x12xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
               %l: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["n"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'n' and 'batch'}}
  %0 = perceiver.decode %q, %x lengths(%l : tensor<?xi64>) heads = 1 qk_channels = 12 v_channels = 12 mlp = none
      weights {query = [@w], key = [@w], value = [@w], output = [@w]}
      : tensor<5x12xf32>, tensor<?x7x12xf32> -> tensor<?x5x12xf32>
  return %0 : tensor<?x5x12xf32>
}

// -----

func.func @run(%x: tensor<?x7xf32> {perceiver.name = "x", perceiver.sizes = ["n"]},
               %y: tensor<?x5xf32> {perceiver.name = "y", perceiver.sizes = ["m"]})
    -> (tensor<?x12xf32> {perceiver.name = "z", perceiver.sizes = ["n"]}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'n' and 'm'}}
  %0 = perceiver.concat %x, %y : (tensor<?x7xf32>, tensor<?x5xf32>) -> tensor<?x12xf32>
  return %0 : tensor<?x12xf32>
}

// -----

func.func @run(%x: tensor<?x4xf32> {perceiver.name = "x", perceiver.sizes = ["n"]})
    -> (tensor<?xf32> {perceiver.name = "y", perceiver.sizes = ["n"]}) attributes {perceiver.entry} {
  %0 = tensor.collapse_shape %x [[0, 1]] : tensor<?x4xf32> into tensor<?xf32>
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'n' and 'n * 4'}}
  return %0 : tensor<?xf32>
}

// -----

func.func @run(%x: tensor<?xf32> {perceiver.name = "x", perceiver.sizes = ["n"]})
    -> (tensor<?x1xf32> {perceiver.name = "y", perceiver.sizes = ["n"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'n * 4' and 'n'}}
  %0 = tensor.expand_shape %x [[0, 1]] output_shape [%n, 4] : tensor<?xf32> into tensor<?x4xf32>
  %1 = tensor.extract_slice %0[0, 0] [%n, 1] [1, 1] : tensor<?x4xf32> to tensor<?x1xf32>
  return %1 : tensor<?x1xf32>
}

// -----

func.func @run(%x: tensor<?x4xf32> {perceiver.name = "x", perceiver.sizes = ["n"]})
    -> (tensor<2x4xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected a slice that is known to lie within its source, but got dimension 0 of 'tensor<?x4xf32>'}}
  %0 = tensor.extract_slice %x[0, 0] [2, 4] [1, 1] : tensor<?x4xf32> to tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

func.func private @same(%x: tensor<?xf32> {perceiver.sizes = ["n"]}, %y: tensor<?xf32> {perceiver.sizes = ["n"]})
    -> (tensor<?xf32> {perceiver.sizes = ["m"]}) {
  return %x : tensor<?xf32>
}

func.func @run(%x: tensor<?xf32> {perceiver.name = "x", perceiver.sizes = ["a"]},
               %y: tensor<?xf32> {perceiver.name = "y", perceiver.sizes = ["b"]})
    -> (tensor<?xf32> {perceiver.name = "z", perceiver.sizes = ["a"]}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'a' and 'b'}}
  %0 = call @same(%x, %y) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

func.func private @unnamed(%x: tensor<?xf32> {perceiver.sizes = ["n"]}) -> (tensor<?xf32> {perceiver.sizes = ["m"]}) {
  return %x : tensor<?xf32>
}

func.func @run(%x: tensor<?xf32> {perceiver.name = "x", perceiver.sizes = ["n"]})
    -> (tensor<?xf32> {perceiver.name = "y", perceiver.sizes = ["n"]}) attributes {perceiver.entry} {
  %0 = call @unnamed(%x) : (tensor<?xf32>) -> tensor<?xf32>
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'n' and a size without a name}}
  return %0 : tensor<?xf32>
}

// -----

func.func @run(%q: tensor<?x12xf32> {perceiver.name = "q", perceiver.sizes = ["queries"]},
               %k: tensor<?x?x12xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x?x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "queries"]},
        tensor<?x3x?xf32> {perceiver.name = "lse", perceiver.sizes = ["batch", "keys"]}) attributes {perceiver.entry} {
  %0, %lse = perceiver.attend %q, %k, %k heads = 3
      : tensor<?x12xf32>, tensor<?x?x12xf32>, tensor<?x?x12xf32> -> tensor<?x?x12xf32>, tensor<?x3x?xf32>
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'keys' and 'queries'}}
  return %0, %lse : tensor<?x?x12xf32>, tensor<?x3x?xf32>
}

// -----

func.func @run(%q: tensor<?x?x12xf32> {perceiver.name = "q", perceiver.sizes = ["images", "queries"]},
               %k: tensor<?x?x12xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
               %v: tensor<?x?x12xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x?x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "queries"]}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'images' and 'batch'}}
  %0 = perceiver.attend %q, %k, %v heads = 3
      : tensor<?x?x12xf32>, tensor<?x?x12xf32>, tensor<?x?x12xf32> -> tensor<?x?x12xf32>
  return %0 : tensor<?x?x12xf32>
}

// -----

func.func @run(%q: tensor<?x?x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch", "queries"]},
               %k: tensor<?x?x12xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
               %v: tensor<?x?x12xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "values"]})
    -> (tensor<?x?x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "queries"]}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'values' and 'keys'}}
  %0 = perceiver.attend %q, %k, %v heads = 3
      : tensor<?x?x12xf32>, tensor<?x?x12xf32>, tensor<?x?x12xf32> -> tensor<?x?x12xf32>
  return %0 : tensor<?x?x12xf32>
}

// -----

func.func @run(%q: tensor<?x?x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch", "queries"]},
               %k: tensor<?x?x12xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
               %v: tensor<?x?x12xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
               %n: tensor<?xi64> {perceiver.name = "n", perceiver.sizes = ["keys"]})
    -> (tensor<?x?x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "queries"]}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'keys' and 'batch'}}
  %0 = perceiver.attend %q, %k, %v lengths(%n : tensor<?xi64>) heads = 3
      : tensor<?x?x12xf32>, tensor<?x?x12xf32>, tensor<?x?x12xf32> -> tensor<?x?x12xf32>
  return %0 : tensor<?x?x12xf32>
}

// -----

func.func @run(%q: tensor<?x?x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch", "queries"]},
               %k: tensor<?x?x12xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
               %v: tensor<?x?x12xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
               %n: tensor<?x?xi1> {perceiver.name = "n", perceiver.sizes = ["batch", "queries"]})
    -> (tensor<?x?x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "queries"]}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'queries' and 'keys'}}
  %0 = perceiver.attend %q, %k, %v mask(%n : tensor<?x?xi1>) heads = 3
      : tensor<?x?x12xf32>, tensor<?x?x12xf32>, tensor<?x?x12xf32> -> tensor<?x?x12xf32>
  return %0 : tensor<?x?x12xf32>
}

// -----

func.func @run(%x: tensor<?x4611686018427387904x4xf32> {perceiver.name = "x", perceiver.sizes = ["n"]})
    -> (tensor<?xf32> {perceiver.name = "y", perceiver.sizes = ["n"]}) attributes {perceiver.entry} {
  %0 = tensor.collapse_shape %x [[0, 1, 2]] : tensor<?x4611686018427387904x4xf32> into tensor<?xf32>
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'n' and a size of more than 64 bits}}
  return %0 : tensor<?xf32>
}

// -----

// Several sizes that a run knows, with what is known of their product.

func.func @two_dynamic(%x: tensor<?xf32> {perceiver.name = "x", perceiver.sizes = ["points"]},
                       %g: tensor<?x?xf32> {perceiver.name = "g", perceiver.sizes = ["height", "width"]})
    -> (tensor<?x?xf32> {perceiver.name = "y", perceiver.sizes = ["height", "width"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %points = tensor.dim %x, %c0 : tensor<?xf32>
  %height = tensor.dim %g, %c0 : tensor<?x?xf32>
  %width = tensor.dim %g, %c1 : tensor<?x?xf32>
  %area = arith.muli %height, %width : index
  perceiver.require %points = %area, "expected a point for each pixel"
  %y = tensor.expand_shape %x [[0, 1]] output_shape [%height, %width] : tensor<?xf32> into tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

// Rows by their numbers are as many as the numbers, and a batch is what it is
// broadcast to.

func.func @run(%x: tensor<?x?x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
               %points: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["queries"]},
               %z: tensor<?x3xf32> {perceiver.name = "z", perceiver.sizes = ["latents"]})
    -> (tensor<?x?x3xf32> {perceiver.name = "taken", perceiver.sizes = ["batch", "queries"]},
        tensor<?x?x3xf32> {perceiver.name = "state", perceiver.sizes = ["batch", "latents"]},
        tensor<?x?x3xf32> {perceiver.name = "wrong", perceiver.sizes = ["batch", "rows"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x3xf32>
  %0 = perceiver.take_rows %x at %points : tensor<?x?x3xf32>, tensor<?xi64> -> tensor<?x?x3xf32>
  %1 = perceiver.broadcast %z batch %batch : tensor<?x3xf32> -> tensor<?x?x3xf32>
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'rows' and 'queries'}}
  return %0, %1, %0 : tensor<?x?x3xf32>, tensor<?x?x3xf32>, tensor<?x?x3xf32>
}

// -----

func.func @run(%z: tensor<4x3xf32> {perceiver.name = "z"})
    -> (tensor<4x3xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  // expected-error @+1 {{expected sizes of at least 1, but got 0}}
  %0 = perceiver.broadcast %z batch %c0 : tensor<4x3xf32> -> tensor<?x4x3xf32>
  return %z : tensor<4x3xf32>
}
