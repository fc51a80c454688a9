// RUN: perceiver-opt %s --perceiver-verify-description --split-input-file --verify-diagnostics

// Sizes of results as expressions, of functions that are called, too.

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

// expected-error @+1 {{expected 'perceiver.sizes' to be identifiers, but got ["points * 2"]}}
func.func @run(%x: tensor<?xf32> {perceiver.sizes = ["points * 2"]}) -> tensor<?xf32> {
  return %x : tensor<?xf32>
}
