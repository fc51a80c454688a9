// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expected a static shape without zeros, but got 'tensor<?x7xf32>'}}
perceiver.parameter @a : tensor<?x7xf32> key "a"

// -----

// expected-error @+1 {{expected a static shape without zeros, but got 'tensor<0x7xf32>'}}
perceiver.parameter @a : tensor<0x7xf32> key "a"

// -----

// expected-error @+1 {{expected elements of f16, bf16, f32 or f64, but got 'i32'}}
perceiver.parameter @a : tensor<7xi32> key "a"

// -----

// expected-error @+1 {{expected a name that is not empty}}
perceiver.parameter @a : tensor<7xf32> key ""

// -----

// expected-error @+1 {{expected 1 times '{}' in the name of a family, but got 'layers.0.a'}}
perceiver.parameter @a : tensor<7xf32> key "layers.0.a" count 6

// -----

// expected-error @+1 {{expected 1 times '{}' in the name of a family, but got 'layers.{}.{}'}}
perceiver.parameter @a : tensor<7xf32> key "layers.{}.a" aliases ["layers.{}.{}"] count 6

// -----

// expected-error @+1 {{expected 0 times '{}' in the name of a single tensor, but got 'layers.{}.a'}}
perceiver.parameter @a : tensor<7xf32> key "layers.{}.a"

// -----

// expected-error @+1 {{expected different names, but got 'a' twice}}
perceiver.parameter @a : tensor<7xf32> key "a" aliases ["b", "a"]

// -----

// expected-error @+1 {{expected a count of 1 to 1048576, but got 0}}
perceiver.parameter @a : tensor<7xf32> key "layers.{}.a" count 0

// -----

// expected-error @+1 {{expected first and stride only with a count}}
perceiver.parameter @a : tensor<7xf32> key "a" stride 2

// -----

// expected-error @+1 {{expected a first number that is not negative, but got -1}}
perceiver.parameter @a : tensor<7xf32> key "layers.{}.a" count 6 first -1

// -----

// expected-error @+1 {{expected a stride of at least 1, but got 0}}
perceiver.parameter @a : tensor<7xf32> key "layers.{}.a" count 6 stride 0

// -----

// expected-error @+1 {{expected numbers of members that fit 64 bits}}
perceiver.parameter @a : tensor<7xf32> key "layers.{}.a" count 3 stride 9223372036854775807

// -----

// expected-error @+1 {{expected a positive size in the checkpoint, but got 0}}
perceiver.parameter @a : tensor<7xf32> key "a" of [7, 0]

// -----

// expected-error @+1 {{expected offsets, sizes and the shape of the checkpoint's tensor for a slice}}
"perceiver.parameter"() <{sym_name = "a", type = tensor<7xf32>, key = "a", offsets = array<i64: 0>}> : () -> ()

// -----

// expected-error @+1 {{expected a range for each of 2 dimensions, but got 1}}
perceiver.parameter @a : tensor<7xf32> key "a" slice [0:7] of [14, 1]

// -----

// expected-error @+1 {{expected a range within 0:14, but got offset 8 and size 7}}
perceiver.parameter @a : tensor<7xf32> key "a" slice [8:15] of [14]

// -----

// expected-error @+1 {{expected a range within 0:14, but got offset -1 and size 7}}
perceiver.parameter @a : tensor<7xf32> key "a" slice [-1:6] of [14]

// -----

// expected-error @+1 {{expected a range within 0:14, but got offset 7 and size 0}}
perceiver.parameter @a : tensor<7xf32> key "a" slice [7:7] of [14]

// -----

// expected-error @+1 {{expected a range that fits 64 bits}}
perceiver.parameter @a : tensor<7xf32> key "a" slice [-9223372036854775807:9223372036854775807] of [14]

// -----

// expected-error @+1 {{expected a permutation of 1 dimensions, but got [1, 0]}}
perceiver.parameter @a : tensor<7xf32> key "a" transpose

// -----

// expected-error @+1 {{expected a permutation of 3 dimensions, but got [0, 2, 2]}}
perceiver.parameter @a : tensor<7x3x2xf32> key "a" permutation [0, 2, 2]

// -----

// expected-error @+1 {{expected as many elements as the type has, 21, but got 28}}
perceiver.parameter @a : tensor<7x3xf32> key "a" of [7, 4]

// -----

perceiver.parameter @latents : tensor<7xf32> key "latents"

func.func @get() {
  // expected-error @+1 {{expected the symbol of a parameter, but got @latens; did you mean @latents?}}
  %0 = perceiver.get_parameter @latens : tensor<7xf32>
  return
}

// -----

func.func @get() {
  // expected-error @+1 {{expected the symbol of a parameter, but got @nowhere}}
  %0 = perceiver.get_parameter @nowhere : tensor<7xf32>
  return
}

// -----

perceiver.parameter @a : tensor<7xf32> key "a"

func.func @get() {
  // expected-error @+1 {{expected the type 'tensor<7xf32>' of @a, but got 'tensor<8xf32>'}}
  %0 = perceiver.get_parameter @a : tensor<8xf32>
  return
}

// -----

perceiver.parameter @a : tensor<7xf32> key "a.{}" count 2

func.func @get() {
  // expected-error @+1 {{expected an index, since @a is a family}}
  %0 = perceiver.get_parameter @a : tensor<7xf32>
  return
}

// -----

perceiver.parameter @a : tensor<7xf32> key "a"

func.func @get(%i: index) {
  // expected-error @+1 {{expected no index, since @a is no family}}
  %0 = perceiver.get_parameter @a[%i] : tensor<7xf32>
  return
}
