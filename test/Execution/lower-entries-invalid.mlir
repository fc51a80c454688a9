// RUN: perceiver-opt %s --perceiver-lower-entries -split-input-file -verify-diagnostics

// expected-error @+1 {{expected argument 0 with perceiver.name}}
func.func @run(%x: tensor<7xf32>) attributes {perceiver.entry} {
  return
}

// -----

// expected-error @+1 {{expected argument 0 with 1 names in perceiver.sizes, but got 0}}
func.func @run(%x: tensor<?xf32> {perceiver.name = "x"}) attributes {perceiver.entry} {
  return
}

// -----

// expected-error @+1 {{expected an entry of ranked tensors, but got 'f32'}}
func.func @run(%x: f32 {perceiver.name = "x"}) attributes {perceiver.entry} {
  return
}

// -----

// expected-error @+1 {{expected result 0 with sizes that arguments name, but got 'rows'}}
func.func @run(%x: tensor<?xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]}) attributes {perceiver.entry} {
  return %x : tensor<?xf32>
}

// -----

// expected-error @+1 {{expected result 0 with perceiver.name}}
func.func @run(%x: tensor<7xf32> {perceiver.name = "x"}) -> tensor<7xf32> attributes {perceiver.entry} {
  return %x : tensor<7xf32>
}

// -----

// expected-error @+1 {{expected an entry of one block}}
func.func private @run(tensor<7xf32> {perceiver.name = "x"}) attributes {perceiver.entry}
