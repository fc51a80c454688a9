// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @no_entry(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  return %x : tensor<2x8xf32>
}
check.test "not an entry" {
  %x = check.generate "x" : tensor<2x8xf32>
  // expected-error @below {{expected the name of a function with perceiver.entry, but got @no_entry}}
  %y = check.run @no_entry(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
}

// -----

func.func @entry(%x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x8xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  return %x : tensor<?x8xf32>
}
check.test "too few inputs" {
  // expected-error @below {{expected 1 inputs as @entry has, but got 0}}
  %y = check.run @entry() : () -> tensor<2x8xf32>
}

// -----

func.func @entry(%x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x8xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  return %x : tensor<?x8xf32>
}
check.test "another shape" {
  %x = check.generate "x" : tensor<2x7xf32>
  // expected-error @below {{expected input 0 to fit 'tensor<?x8xf32>', but got 'tensor<2x7xf32>'}}
  %y = check.run @entry(%x) : (tensor<2x7xf32>) -> tensor<2x8xf32>
}

// -----

func.func @entry(%x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x8xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  return %x : tensor<?x8xf32>
}
check.test "another element type" {
  %x = check.generate "x" : tensor<2x8xf32>
  // expected-error @below {{expected output 0 to fit 'tensor<?x8xf32>', but got 'tensor<2x8xf64>'}}
  %y = check.run @entry(%x) : (tensor<2x8xf32>) -> tensor<2x8xf64>
}

// -----

check.test "infinite" {
  // expected-error @below {{expected a finite scale}}
  %x = check.generate "x" scale = 0x7FF0000000000000 : tensor<2xf32>
}

// -----

check.test "infinite" {
  // expected-error @below {{expected a finite offset}}
  %x = check.generate "x" offset = 0x7FF8000000000000 : tensor<2xf32>
}

// -----

check.test "negative" {
  %x = check.generate "x" : tensor<2xf32>
  // expected-error @below {{expected a tolerance that is not negative, but got -1.000000e+00 : f64}}
  check.expect_close %x, %x tolerance = -1.0 : tensor<2xf32>
}
