// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @relation(%a: index) {
  // expected-error@+1 {{expected '<=', '=' or 'multiple_of'}}
  perceiver.require %a below %a, "at most 2,048 tokens"
  return
}

// -----

func.func @sentence(%a: index) {
  // expected-error@+1 {{'perceiver.require' op expected a sentence that says what must hold}}
  perceiver.require %a <= %a, ""
  return
}

// -----

func.func @region(%a: index, %z: tensor<4x8x32xf32>) -> tensor<4x8x32xf32> {
  %y = perceiver.process iterations = 2 (%state = %z : tensor<4x8x32xf32>) -> tensor<4x8x32xf32> {
    // expected-error@+1 {{'perceiver.require' op expected to stand in a function, not in a region of one}}
    perceiver.require %a = %a, "nothing changes"
    perceiver.yield %state : tensor<4x8x32xf32>
  }
  return %y : tensor<4x8x32xf32>
}
