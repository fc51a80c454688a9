// RUN: perceiver-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected 'perceiver.flop' to be an affine map from sizes, as symbols, to one number, but got "many"}}
func.func @text() attributes {perceiver.flop = "many"} {
  return
}

// -----

// expected-error@+1 {{expected 'perceiver.flop' to be an affine map from sizes, as symbols, to one number, but got affine_map<(d0) -> (d0)>}}
func.func @dimension() attributes {perceiver.flop = affine_map<(d0) -> (d0)>} {
  return
}
