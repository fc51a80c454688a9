// RUN: perceiver-opt %s --perceiver-verify-description="entries=run,encode" --verify-diagnostics

// expected-error @+1 {{expected an entry 'encode', but the module has none of that name}}
module {
  func.func @run(%x: tensor<7xf32> {perceiver.name = "x"}) -> (tensor<7xf32> {perceiver.name = "y"})
      attributes {perceiver.entry} {
    return %x : tensor<7xf32>
  }
  // A function of that name is not enough.
  func.func private @encode() {
    return
  }
}
