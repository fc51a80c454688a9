// RUN: perceiver-opt %s --perceiver-split-prepare --split-input-file --verify-diagnostics

// A mark has to be a reason for something.

func.func @input(%x: tensor<3x4xf32>, %y: tensor<3x4xf32>, %o: tensor<3x4xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{expected 'perceiver.in_model' where the model reads what depends on parameters alone}}
  %z = block.add ins(%x, %y : tensor<3x4xf32>, tensor<3x4xf32>) outs(%o : tensor<3x4xf32>) {perceiver.in_model} -> tensor<3x4xf32>
  return %z : tensor<3x4xf32>
}

// -----

// The mean is stored, so that the model does not read the sum.

perceiver.parameter @a : tensor<1x3x4xf32> key "a"

func.func @below() -> tensor<1x1x4xf32> {
  %a = perceiver.get_parameter @a : tensor<1x3x4xf32>
  %e = tensor.empty() : tensor<1x3x4xf32>
  // expected-error @+1 {{expected 'perceiver.in_model' where the model reads what depends on parameters alone}}
  %s = block.add ins(%a, %a : tensor<1x3x4xf32>, tensor<1x3x4xf32>) outs(%e : tensor<1x3x4xf32>) {perceiver.in_model} -> tensor<1x3x4xf32>
  %f = tensor.empty() : tensor<1x1x4xf32>
  %m = block.mean_rows ins(%s : tensor<1x3x4xf32>) outs(%f : tensor<1x1x4xf32>) -> tensor<1x1x4xf32>
  return %m : tensor<1x1x4xf32>
}

// -----

perceiver.parameter @a : tensor<3x4xf32> key "a"

func.func @parameter() -> tensor<3x4xf32> {
  // expected-error @+1 {{expected no 'perceiver.in_model', as no model can compute it}}
  %a = perceiver.get_parameter @a {perceiver.in_model} : tensor<3x4xf32>
  return %a : tensor<3x4xf32>
}
