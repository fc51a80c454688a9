// RUN: perceiver-opt %s --perceiver-verify-description --split-input-file --verify-diagnostics

// What conditions make known: a table that is long enough, a size that can be
// divided, two sizes that are one, and rows from an offset on.

perceiver.parameter @table : tensor<2048x16xf32> key "table"

func.func private @first_rows(%ids: tensor<?x?xi64> {perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x16xf32> {perceiver.sizes = ["rows"]}) {
  %c1 = arith.constant 1 : index
  %c2048 = arith.constant 2048 : index
  %n = tensor.dim %ids, %c1 : tensor<?x?xi64>
  perceiver.require %n <= %c2048, "at most 2,048 tokens"
  %table = perceiver.get_parameter @table : tensor<2048x16xf32>
  %0 = tensor.extract_slice %table[0, 0] [%n, 16] [1, 1] : tensor<2048x16xf32> to tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

func.func private @embed(%ids: tensor<?x?xi64> {perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x?x16xf32> {perceiver.sizes = ["batch", "rows"]}) {
  %c1 = arith.constant 1 : index
  %c2000 = arith.constant 2000 : index
  %n = tensor.dim %ids, %c1 : tensor<?x?xi64>
  perceiver.require %n <= %c2000, "at most 2,000 tokens"
  %0 = perceiver.embedding %ids table @table positions @table : tensor<?x?xi64> -> tensor<?x?x16xf32>
  return %0 : tensor<?x?x16xf32>
}

func.func private @patches(%x: tensor<?x?x1xf32> {perceiver.sizes = ["batch", "samples"]})
    -> (tensor<?x?x16xf32> {perceiver.sizes = ["batch", "samples floordiv 16"]}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %b = tensor.dim %x, %c0 : tensor<?x?x1xf32>
  %n = tensor.dim %x, %c1 : tensor<?x?x1xf32>
  perceiver.require %n multiple_of %c16, "the samples fill patches of 16"
  %patches = arith.floordivsi %n, %c16 : index
  %flat = tensor.collapse_shape %x [[0], [1, 2]] : tensor<?x?x1xf32> into tensor<?x?xf32>
  %0 = tensor.expand_shape %flat [[0], [1, 2]] output_shape [%b, %patches, 16] : tensor<?x?xf32> into tensor<?x?x16xf32>
  return %0 : tensor<?x?x16xf32>
}

func.func private @square(%x: tensor<?x?x3xf32> {perceiver.sizes = ["height", "width"]},
                          %y: tensor<?x3xf32> {perceiver.sizes = ["points"]}) -> (tensor<?x6xf32> {perceiver.sizes = ["points"]}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %h = tensor.dim %x, %c0 : tensor<?x?x3xf32>
  %w = tensor.dim %x, %c1 : tensor<?x?x3xf32>
  %n = tensor.dim %y, %c0 : tensor<?x3xf32>
  %area = arith.muli %h, %w : index
  perceiver.require %n = %area, "a point for each pixel"
  %rows = tensor.collapse_shape %x [[0, 1], [2]] : tensor<?x?x3xf32> into tensor<?x3xf32>
  %0 = perceiver.concat %rows, %y : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x6xf32>
  return %0 : tensor<?x6xf32>
}

func.func @run(%first: index {perceiver.name = "first"}, %count: index {perceiver.name = "count"})
    -> (tensor<?x16xf32> {perceiver.name = "rows", perceiver.sizes = ["count"]}) attributes {perceiver.entry} {
  %c2048 = arith.constant 2048 : index
  %end = arith.addi %first, %count : index
  perceiver.require %end <= %c2048, "first and count lie within the table"
  %table = perceiver.get_parameter @table : tensor<2048x16xf32>
  %0 = tensor.extract_slice %table[%first, 0] [%count, 16] [1, 1] : tensor<2048x16xf32> to tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}

// -----

func.func @run(%first: index {perceiver.name = "first"}, %x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<8xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  perceiver.require %first <= %n, "first is a row"
  // The row after the last is none.
  // expected-error @+1 {{expected a slice that is known to lie within its source, but got dimension 0 of 'tensor<?x8xf32>'}}
  %0 = tensor.extract_slice %x[%first, 0] [1, 8] [1, 1] : tensor<?x8xf32> to tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @run(%first: index {perceiver.name = "first"}, %x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x8xf32> {perceiver.name = "y", perceiver.sizes = ["rows - first"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %rest = arith.subi %n, %first : index
  // expected-error @+1 {{expected sizes that are known to be at least 1, but got '-first + rows'}}
  %0 = tensor.extract_slice %x[%first, 0] [%rest, 8] [1, 1] : tensor<?x8xf32> to tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

func.func @run(%x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x2x8xf32> {perceiver.name = "y", perceiver.sizes = ["rows floordiv 2"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %pairs = arith.floordivsi %n, %c2 : index
  perceiver.require %c1 <= %pairs, "at least two rows"
  // expected-error @+1 {{expected sizes that are known to be equal, but got '(rows floordiv 2) * 2' and 'rows'}}
  %0 = tensor.expand_shape %x [[0, 1], [2]] output_shape [%pairs, 2, 8] : tensor<?x8xf32> into tensor<?x2x8xf32>
  return %0 : tensor<?x2x8xf32>
}

// -----

func.func @run(%x: tensor<3000x8xf32> {perceiver.name = "x"}) -> (tensor<3000x8xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c2048 = arith.constant 2048 : index
  %n = tensor.dim %x, %c0 : tensor<3000x8xf32>
  // expected-error @+1 {{'perceiver.require' op expected a condition that some sizes meet, but got one that none do}}
  perceiver.require %n <= %c2048, "at most 2,048 rows"
  return %x : tensor<3000x8xf32>
}

// -----

func.func @run(%x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x8xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %huge = arith.constant 9223372036854775807 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %none = arith.muli %huge, %huge : index
  // expected-error @+1 {{'perceiver.require' op expected sizes of 64 bits}}
  perceiver.require %n <= %none, "fewer rows than there can be"
  return %x : tensor<?x8xf32>
}

// -----

perceiver.parameter @table : tensor<2048x16xf32> key "table"

func.func @embed(%ids: tensor<?x?xi64> {perceiver.name = "ids", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x?x16xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected a number of ids that is known to be at most 2048, the rows of @table; 'perceiver.require' before it says so}}
  %0 = perceiver.embedding %ids table @table positions @table : tensor<?x?xi64> -> tensor<?x?x16xf32>
  return %0 : tensor<?x?x16xf32>
}

// -----

func.func @range(%first: index {perceiver.name = "first"}, %count: index {perceiver.name = "count"},
                 %x: tensor<1x5xf32> {perceiver.name = "x"}) -> (tensor<1x5xf32> {perceiver.name = "y"}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected sizes that are known to be at least 1, but got 'count'}}
  %0 = perceiver.fourier_positions range(%first, %count) grid = [4] bands = 2 max_resolution = [4] layout = dm : tensor<?x5xf32>
  return %x : tensor<1x5xf32>
}
