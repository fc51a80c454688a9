// RUN: perceiver-opt %s --perceiver-verify-description --split-input-file --verify-diagnostics

// Sizes as expressions, of functions that are called, too.

func.func private @join(%x: tensor<?x?x4xf32> {perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x4xf32> {perceiver.sizes = ["batch * rows"]}) {
  %0 = tensor.collapse_shape %x [[0, 1], [2]] : tensor<?x?x4xf32> into tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

func.func @run(%x: tensor<?x?x4xf32> {perceiver.name = "x", perceiver.sizes = ["images", "points"]})
    -> (tensor<?x4xf32> {perceiver.name = "y", perceiver.sizes = ["(points + 0) * images"]},
        tensor<?xf32> {perceiver.name = "z", perceiver.sizes = ["images * points * 4 + points mod 1 + (points - points) / 2"]}) attributes {perceiver.entry} {
  %0 = call @join(%x) : (tensor<?x?x4xf32>) -> tensor<?x4xf32>
  %1 = tensor.collapse_shape %0 [[0, 1]] : tensor<?x4xf32> into tensor<?xf32>
  return %0, %1 : tensor<?x4xf32>, tensor<?xf32>
}

// -----

func.func @run(%x: tensor<?x16xf32> {perceiver.name = "x", perceiver.sizes = ["points"]})
    -> (tensor<?xf32> {perceiver.name = "y", perceiver.sizes = ["points * 15"]}) attributes {perceiver.entry} {
  %0 = tensor.collapse_shape %x [[0, 1]] : tensor<?x16xf32> into tensor<?xf32>
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'points * 15' and 'points * 16'}}
  return %0 : tensor<?xf32>
}

// -----

func.func @run(%x: tensor<?x16xf32> {perceiver.name = "x", perceiver.sizes = ["points"]})
    -> (tensor<?xf32> {perceiver.name = "y", perceiver.sizes = ["rows * 16"]}) attributes {perceiver.entry} {
  %0 = tensor.collapse_shape %x [[0, 1]] : tensor<?x16xf32> into tensor<?xf32>
  // expected-error @+1 {{'func.return' op expected 'perceiver.sizes' of names that arguments have, but got 'rows' in 'rows * 16'}}
  return %0 : tensor<?xf32>
}

// -----

// expected-error @+1 {{expected 'perceiver.sizes' to be identifiers or expressions of them, but got ["points *"]}}
func.func @run(%x: tensor<?xf32> {perceiver.sizes = ["points"]}) -> (tensor<?xf32> {perceiver.sizes = ["points *"]}) {
  return %x : tensor<?xf32>
}

// -----

// expected-error @+1 {{expected 'perceiver.sizes' to be identifiers or expressions of them, but got ["(points"]}}
func.func @run(%x: tensor<?xf32> {perceiver.sizes = ["points"]}) -> (tensor<?xf32> {perceiver.sizes = ["(points"]}) {
  return %x : tensor<?xf32>
}

// -----

// expected-error @+1 {{expected 'perceiver.sizes' to be identifiers or expressions of them, but got ["points % 2"]}}
func.func @run(%x: tensor<?xf32> {perceiver.sizes = ["points"]}) -> (tensor<?xf32> {perceiver.sizes = ["points % 2"]}) {
  return %x : tensor<?xf32>
}

// -----

// Of arguments, too; the names may come later.

func.func private @join(%x: tensor<?xf32> {perceiver.sizes = ["2 * rows"]}, %n: index {perceiver.name = "rows"})
    -> (tensor<?xf32> {perceiver.sizes = ["rows * 2"]}) {
  return %x : tensor<?xf32>
}

func.func @run(%x: tensor<?xf32> {perceiver.name = "x", perceiver.sizes = ["(height - 1) * width * 2"]},
               %y: tensor<?x?xf32> {perceiver.name = "y", perceiver.sizes = ["height", "width"]})
    -> (tensor<?xf32> {perceiver.name = "z", perceiver.sizes = ["2 * height * width - width * 2"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %h = tensor.dim %y, %c0 : tensor<?x?xf32>
  %w = tensor.dim %y, %c1 : tensor<?x?xf32>
  %0 = arith.subi %h, %c1 : index
  %rows = arith.muli %0, %w : index
  %1 = call @join(%x, %rows) : (tensor<?xf32>, index) -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

// -----

func.func private @join(%x: tensor<?xf32> {perceiver.sizes = ["2 * rows"]}, %y: tensor<?xf32> {perceiver.sizes = ["rows"]}) {
  return
}

func.func @run(%x: tensor<?xf32> {perceiver.name = "x", perceiver.sizes = ["rows * 3"]},
               %y: tensor<?xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
    -> (tensor<?xf32> {perceiver.name = "z", perceiver.sizes = ["rows"]}) attributes {perceiver.entry} {
  // expected-error @+1 {{expected sizes that are known to be equal, but got 'rows * 2' and 'rows * 3'}}
  call @join(%x, %y) : (tensor<?xf32>, tensor<?xf32>) -> ()
  return %y : tensor<?xf32>
}

// -----

// expected-error @+1 {{'func.func' op expected 'perceiver.sizes' of names that arguments have, but got 'points' in 'points * 2'}}
func.func @run(%x: tensor<?xf32> {perceiver.name = "x", perceiver.sizes = ["points * 2"]})
    -> (tensor<?xf32> {perceiver.name = "y", perceiver.sizes = ["points * 2"]}) attributes {perceiver.entry} {
  return %x : tensor<?xf32>
}

// -----

// expected-error @+1 {{expected 'perceiver.sizes' to be identifiers or expressions of them, but got ["3 * 2"]}}
func.func @run(%x: tensor<?xf32> {perceiver.sizes = ["3 * 2"]}) -> tensor<?xf32> {
  return %x : tensor<?xf32>
}
