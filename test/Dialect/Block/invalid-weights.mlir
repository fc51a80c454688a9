// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%w: tensor<2x5x16xf32>, %y: tensor<2x5x16xf32>) {
  // expected-error @+1 {{expected a vector or a matrix, but got one of rank 3}}
  %0 = block.pack_weight ins(%w : tensor<2x5x16xf32>)
      outs(%y : tensor<2x5x16xf32>) layout = #block.panels<columns = 16, lanes = 16> -> tensor<2x5x16xf32>
  return
}

// -----

func.func @f(%w: tensor<5x32xf32>, %y: tensor<2x16xf32>) {
  // expected-error @+1 {{expected a destination of shape 2x5x16 in #block.panels<columns = 16, lanes = 16>, but got 'tensor<2x16xf32>'}}
  %0 = block.pack_weight ins(%w : tensor<5x32xf32>)
      outs(%y : tensor<2x16xf32>) layout = #block.panels<columns = 16, lanes = 16> -> tensor<2x16xf32>
  return
}

// -----

func.func @f(%w: tensor<5x32xf32>, %y: tensor<2x6x16xf32>) {
  // expected-error @+1 {{expected a destination of shape 2x5x16 in #block.panels<columns = 16, lanes = 16>, but got 'tensor<2x6x16xf32>'}}
  %0 = block.pack_weight ins(%w : tensor<5x32xf32>)
      outs(%y : tensor<2x6x16xf32>) layout = #block.panels<columns = 16, lanes = 16> -> tensor<2x6x16xf32>
  return
}

// -----

func.func @f(%w: tensor<5x32xf32>, %y: tensor<3x5x16xf32>) {
  // expected-error @+1 {{expected a destination of shape 2x5x16 in #block.panels<columns = 16, lanes = 16>, but got 'tensor<3x5x16xf32>'}}
  %0 = block.pack_weight ins(%w : tensor<5x32xf32>)
      outs(%y : tensor<3x5x16xf32>) layout = #block.panels<columns = 16, lanes = 16> -> tensor<3x5x16xf32>
  return
}

// -----

func.func @f(%w: tensor<5x?xf32>, %y: tensor<2x5x16xf32>) {
  // expected-error @+1 {{expected a weight of static shape, but got 'tensor<5x?xf32>'}}
  %0 = block.pack_weight ins(%w : tensor<5x?xf32>)
      outs(%y : tensor<2x5x16xf32>) layout = #block.panels<columns = 16, lanes = 16> -> tensor<2x5x16xf32>
  return
}

// -----

func.func @f(%w: tensor<5x9xf32>, %y: tensor<1x5x8xf32>) {
  // expected-error @+1 {{expected an even number of columns for gated panels, but got 9}}
  %0 = block.pack_weight ins(%w : tensor<5x9xf32>)
      outs(%y : tensor<1x5x8xf32>) layout = #block.panels<columns = 4, lanes = 8, gated = true> -> tensor<1x5x8xf32>
  return
}

// -----

func.func @f(%m: tensor<5x8xf32>, %f: tensor<8xf32>) {
  // expected-error @+1 {{expected a factor for each of 5 rows, but got 8}}
  %0 = block.scale_rows %m by %f : tensor<5x8xf32>, tensor<8xf32>
  return
}

// -----

func.func @f(%w: tensor<?x6xf32>) {
  // expected-error @+1 {{expected tensors of static shape, but got 'tensor<?x6xf32>' and 'tensor<5x8xf32>'}}
  %0 = block.pad_weight %w groups = [1, 1] : tensor<?x6xf32> -> tensor<5x8xf32>
  return
}

// -----

func.func @f(%w: tensor<5x6xf32>) {
  // expected-error @+1 {{expected a result of the input's rank and elements, but got 'tensor<5x8xf16>'}}
  %0 = block.pad_weight %w groups = [1, 1] : tensor<5x6xf32> -> tensor<5x8xf16>
  return
}

// -----

func.func @f(%w: tensor<5x6xf32>) {
  // expected-error @+1 {{expected a number of groups for each of 2 dimensions, but got 1}}
  %0 = block.pad_weight %w groups = [1] : tensor<5x6xf32> -> tensor<5x8xf32>
  return
}

// -----

func.func @f(%w: tensor<5x6xf32>) {
  // expected-error @+1 {{expected a number of groups that divides 6 and 9, but got 2}}
  %0 = block.pad_weight %w groups = [1, 2] : tensor<5x6xf32> -> tensor<5x9xf32>
  return
}

// -----

func.func @f(%w: tensor<5x6xf32>) {
  // expected-error @+1 {{expected a number of groups that divides 6 and 8, but got 0}}
  %0 = block.pad_weight %w groups = [1, 0] : tensor<5x6xf32> -> tensor<5x8xf32>
  return
}

// -----

func.func @f(%w: tensor<5x6xf32>) {
  // expected-error @+1 {{expected a result that is no smaller than 'tensor<5x6xf32>', but got 'tensor<5x4xf32>'}}
  %0 = block.pad_weight %w groups = [1, 1] : tensor<5x6xf32> -> tensor<5x4xf32>
  return
}

// -----

// expected-error @+1 {{expected a count of 1 to 1048576, but got -1}}
block.weight @a : tensor<7xf32> count -1

// -----

// expected-error @+1 {{expected a static shape without zeros, but got 'tensor<7x?xf32>'}}
block.weight @a : tensor<7x?xf32>

// -----

// expected-error @+1 {{expected a function to prepare the weight, but got @nowhere}}
block.weight @a : tensor<7xf32> prepare @nowhere

// -----

func.func private @prepare() -> tensor<7xf32>

// expected-error @+1 {{expected a function of type '(index) -> tensor<7xf32>' to prepare the weight, but got '() -> tensor<7xf32>'}}
block.weight @a : tensor<7xf32> count 2 prepare @prepare

// -----

func.func private @prepare() -> tensor<8xf32>

// expected-error @+1 {{expected a function of type '() -> tensor<7xf32>' to prepare the weight, but got '() -> tensor<8xf32>'}}
block.weight @a : tensor<7xf32> prepare @prepare

// -----

perceiver.parameter @a : tensor<7xf32> key "a"

func.func @get() {
  // expected-error @+1 {{expected the symbol of a weight, but got @a}}
  %0 = block.get_weight @a : tensor<7xf32>
  return
}

// -----

block.weight @a : tensor<7xf32>

func.func @get() {
  // expected-error @+1 {{expected the type 'tensor<7xf32>' of @a, but got 'memref<7xf64>'}}
  %0 = block.get_weight @a : memref<7xf64>
  return
}

// -----

block.weight @a : tensor<7xf32> count 2

func.func @get() {
  // expected-error @+1 {{expected an index, since @a is a family}}
  %0 = block.get_weight @a : memref<7xf32>
  return
}

// -----

// expected-error @+1 {{expected elements of f16, bf16, f32 or f64, but got 'index'}}
block.weight @a : tensor<7xindex>

// -----

// expected-error @+1 {{expected an offset and a stride or neither, but got no stride}}
"block.weight"() {sym_name = "a", type = tensor<7xf32>, offset = 64 : i64} : () -> ()

// -----

// expected-error @+1 {{expected an offset and a stride or neither, but got no offset}}
"block.weight"() {sym_name = "a", type = tensor<7xf32>, stride = 64 : i64} : () -> ()

// -----

// expected-error @+1 {{expected an offset and a stride that are not negative, but got 64 and -64}}
"block.weight"() {sym_name = "a", type = tensor<7xf32>, offset = 64 : i64, stride = -64 : i64} : () -> ()

// -----

func.func @planes(%x: tensor<5x9xf32>, %y: tensor<5x2x4xf32>) {
  // expected-error @+1 {{expected an even number of columns for planes of columns and gates, but got 9}}
  %0 = block.pack_weight ins(%x : tensor<5x9xf32>) outs(%y : tensor<5x2x4xf32>) layout = #block.planes -> tensor<5x2x4xf32>
  return
}

// -----

func.func @planes_of_a_number(%x: tensor<f32>, %y: tensor<2x4xf32>) {
  // expected-error @+1 {{expected a vector or a matrix, but got one of rank 0}}
  %0 = block.pack_weight ins(%x : tensor<f32>) outs(%y : tensor<2x4xf32>) layout = #block.planes -> tensor<2x4xf32>
  return
}

// -----

func.func @planes_of_rank_3(%x: tensor<3x5x8xf32>, %y: tensor<3x5x2x4xf32>) {
  // expected-error @+1 {{expected a vector or a matrix, but got one of rank 3}}
  %0 = block.pack_weight ins(%x : tensor<3x5x8xf32>) outs(%y : tensor<3x5x2x4xf32>) layout = #block.planes
      -> tensor<3x5x2x4xf32>
  return
}

// -----

// The shape alone does not say where an element lies.

func.func @packed(%w: tensor<16x35xf32>, %i: tensor<2x16x24xf32>, %x: tensor<8x16xf32>, %y: tensor<8x35xf32>) {
  %p = block.pack_weight ins(%w : tensor<16x35xf32>) outs(%i : tensor<2x16x24xf32>)
      layout = #block.panels<columns = 24, lanes = 24> -> tensor<2x16x24xf32>
  // expected-error @+1 {{expected the layout #block.panels<columns = 24, lanes = 24> of its weight, but got #block.panels<columns = 20, lanes = 24>}}
  %0 = block.linear ins(%x, %p : tensor<8x16xf32>, tensor<2x16x24xf32>) outs(%y : tensor<8x35xf32>)
      {layout = #block.panels<columns = 20, lanes = 24>} -> tensor<8x35xf32>
  return
}

// -----

block.weight @w : tensor<2x16x24xf32> layout = #block.panels<columns = 24, lanes = 24>

func.func @stored(%x: tensor<8x16xf32>, %y: tensor<8x35xf32>) {
  %p = block.get_weight @w : tensor<2x16x24xf32>
  // expected-error @+1 {{expected the layout #block.panels<columns = 24, lanes = 24> of its weight, but got #block.panels<columns = 20, lanes = 24>}}
  %0 = block.linear ins(%x, %p : tensor<8x16xf32>, tensor<2x16x24xf32>) outs(%y : tensor<8x35xf32>)
      {layout = #block.panels<columns = 20, lanes = 24>} -> tensor<8x35xf32>
  return
}

// -----

block.weight @w : tensor<2x16x24xf32>

func.func @dense(%x: tensor<8x16xf32>, %y: tensor<8x35xf32>) {
  %p = block.get_weight @w : tensor<2x16x24xf32>
  // expected-error @+1 {{expected no layout, as its weight has none, but got #block.panels<columns = 20, lanes = 24>}}
  %0 = block.linear ins(%x, %p : tensor<8x16xf32>, tensor<2x16x24xf32>) outs(%y : tensor<8x35xf32>)
      {layout = #block.panels<columns = 20, lanes = 24>} -> tensor<8x35xf32>
  return
}
