// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Attention to features with positions, which the CPU's stages separate: two or
// three axes in both layouts, a vector that all points share, a mask.

perceiver.parameter @image.kv_norm.weight : tensor<21xf32> key "image.kv_norm.weight"
perceiver.parameter @image.kv_norm.bias : tensor<21xf32> key "image.kv_norm.bias"
perceiver.parameter @image.key.weight : tensor<21x26xf32> key "image.key.weight"
perceiver.parameter @image.key.bias : tensor<26xf32> key "image.key.bias"
perceiver.parameter @image.value.weight : tensor<21x34xf32> key "image.value.weight"
perceiver.parameter @image.value.bias : tensor<34xf32> key "image.value.bias"
perceiver.parameter @video.kv_norm.weight : tensor<28xf32> key "video.kv_norm.weight"
perceiver.parameter @video.kv_norm.bias : tensor<28xf32> key "video.kv_norm.bias"
perceiver.parameter @video.key.weight : tensor<28x30xf32> key "video.key.weight"
perceiver.parameter @video.key.bias : tensor<30xf32> key "video.key.bias"
perceiver.parameter @video.value.weight : tensor<28x32xf32> key "video.value.weight"
perceiver.parameter @video.value.bias : tensor<32xf32> key "video.value.bias"
perceiver.parameter @video.pad : tensor<7xf32> key "video.pad"
perceiver.parameter @sound.kv_norm.weight : tensor<29xf32> key "sound.kv_norm.weight"
perceiver.parameter @sound.kv_norm.bias : tensor<29xf32> key "sound.kv_norm.bias"
perceiver.parameter @sound.key.weight : tensor<29x20xf32> key "sound.key.weight"
perceiver.parameter @sound.key.bias : tensor<20xf32> key "sound.key.bias"
perceiver.parameter @sound.value.weight : tensor<29x21xf32> key "sound.value.weight"
perceiver.parameter @sound.value.bias : tensor<21xf32> key "sound.value.bias"
perceiver.parameter @sound.pad : tensor<2xf32> key "sound.pad"

check.checkpoint {
  %w0 = check.generate "image.kv_norm.weight" offset = 1.5 : tensor<21xf32>
  check.tensor "image.kv_norm.weight", %w0 : tensor<21xf32>
  %w1 = check.generate "image.kv_norm.bias" : tensor<21xf32>
  check.tensor "image.kv_norm.bias", %w1 : tensor<21xf32>
  %w2 = check.generate "image.key.weight" scale = 0.4 : tensor<21x26xf32>
  check.tensor "image.key.weight", %w2 : tensor<21x26xf32>
  %w3 = check.generate "image.key.bias" : tensor<26xf32>
  check.tensor "image.key.bias", %w3 : tensor<26xf32>
  %w4 = check.generate "image.value.weight" scale = 0.4 : tensor<21x34xf32>
  check.tensor "image.value.weight", %w4 : tensor<21x34xf32>
  %w5 = check.generate "image.value.bias" : tensor<34xf32>
  check.tensor "image.value.bias", %w5 : tensor<34xf32>
  %w6 = check.generate "video.kv_norm.weight" offset = 1.5 : tensor<28xf32>
  check.tensor "video.kv_norm.weight", %w6 : tensor<28xf32>
  %w7 = check.generate "video.kv_norm.bias" : tensor<28xf32>
  check.tensor "video.kv_norm.bias", %w7 : tensor<28xf32>
  %w8 = check.generate "video.key.weight" scale = 0.4 : tensor<28x30xf32>
  check.tensor "video.key.weight", %w8 : tensor<28x30xf32>
  %w9 = check.generate "video.key.bias" : tensor<30xf32>
  check.tensor "video.key.bias", %w9 : tensor<30xf32>
  %w10 = check.generate "video.value.weight" scale = 0.4 : tensor<28x32xf32>
  check.tensor "video.value.weight", %w10 : tensor<28x32xf32>
  %w11 = check.generate "video.value.bias" : tensor<32xf32>
  check.tensor "video.value.bias", %w11 : tensor<32xf32>
  %w12 = check.generate "video.pad" : tensor<7xf32>
  check.tensor "video.pad", %w12 : tensor<7xf32>
  %w13 = check.generate "sound.kv_norm.weight" offset = 1.5 : tensor<29xf32>
  check.tensor "sound.kv_norm.weight", %w13 : tensor<29xf32>
  %w14 = check.generate "sound.kv_norm.bias" : tensor<29xf32>
  check.tensor "sound.kv_norm.bias", %w14 : tensor<29xf32>
  %w15 = check.generate "sound.key.weight" scale = 0.4 : tensor<29x20xf32>
  check.tensor "sound.key.weight", %w15 : tensor<29x20xf32>
  %w16 = check.generate "sound.key.bias" : tensor<20xf32>
  check.tensor "sound.key.bias", %w16 : tensor<20xf32>
  %w17 = check.generate "sound.value.weight" scale = 0.4 : tensor<29x21xf32>
  check.tensor "sound.value.weight", %w17 : tensor<29x21xf32>
  %w18 = check.generate "sound.value.bias" : tensor<21xf32>
  check.tensor "sound.value.bias", %w18 : tensor<21xf32>
  %w19 = check.generate "sound.pad" : tensor<2xf32>
  check.tensor "sound.pad", %w19 : tensor<2xf32>
}

func.func @image(%q: tensor<41x26xf32> {perceiver.name = "q"},
                 %x: tensor<?x171x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x41x34xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %p = perceiver.fourier_positions grid = [9, 19] bands = 4 max_resolution = [9, 19] layout = dm : tensor<171x18xf32>
  %i = perceiver.concat %x, %p : (tensor<?x171x3xf32>, tensor<171x18xf32>) -> tensor<?x171x21xf32>
  %n = perceiver.norm %i weight @image.kv_norm.weight bias @image.kv_norm.bias : tensor<?x171x21xf32>
  %k = perceiver.project %n weight @image.key.weight bias @image.key.bias : tensor<?x171x21xf32> -> tensor<?x171x26xf32>
  %v = perceiver.project %n weight @image.value.weight bias @image.value.bias : tensor<?x171x21xf32> -> tensor<?x171x34xf32>
  %o = perceiver.attend %q, %k, %v heads = 1
      : tensor<41x26xf32>, tensor<?x171x26xf32>, tensor<?x171x34xf32> -> tensor<?x41x34xf32>
  return %o : tensor<?x41x34xf32>
}

check.test "two axes" {
  %q = check.generate "q" scale = 3.0 : tensor<41x26xf32>
  %x = check.generate "x" : tensor<2x171x3xf32>
  %o = check.run @image(%q, %x) : (tensor<41x26xf32>, tensor<2x171x3xf32>) -> tensor<2x41x34xf32>
  // >>> p = fourier_positions([9, 19], 4, [9, 19], layout="dm")
  // >>> i = np.concatenate([x, np.broadcast_to(p, (2, *p.shape))], axis=-1)
  // >>> n = layer_norm(i, tensor("image.kv_norm.weight"), tensor("image.kv_norm.bias"))
  // >>> k, v = (linear(n, linear_of("image." + role)) for role in ("key", "value"))
  // >>> o, _ = attention(np.broadcast_to(q, (2, *q.shape)), k, v, heads=1)
  // %e = o[:, ::20, ::8]
  %e = arith.constant dense<[[[-0.789418876, 1.12699485, -0.128226697, -0.966557145, 0.114116587], [-1.35272872, 0.305055678, -0.108765066, -1.81621373, -0.172715232], [-0.583306849, -0.755002379, 0.588838995, -1.99901175, -0.687979221]], [[-1.03863215, 0.688296735, -0.135307148, -1.60828984, -0.316383719], [-1.19162965, 0.0969203785, 0.256489605, -1.8501277, -0.284158885], [-0.513499856, -0.494142532, 0.54683429, -2.11410713, -1.09779239]]]> : tensor<2x3x5xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [2, 3, 5] [1, 20, 8] : tensor<2x41x34xf32> to tensor<2x3x5xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<2x3x5xf32>
}

check.test "far from zero" {
  %q = check.generate "q" scale = 3.0 : tensor<41x26xf32>
  %x = check.generate "x" scale = 50.0 offset = 5000.0 : tensor<1x171x3xf32>
  %o = check.run @image(%q, %x) : (tensor<41x26xf32>, tensor<1x171x3xf32>) -> tensor<1x41x34xf32>
  // >>> p = fourier_positions([9, 19], 4, [9, 19], layout="dm")
  // >>> i = np.concatenate([x, np.broadcast_to(p, (1, *p.shape))], axis=-1)
  // >>> n = layer_norm(i, tensor("image.kv_norm.weight"), tensor("image.kv_norm.bias"))
  // >>> k, v = (linear(n, linear_of("image." + role)) for role in ("key", "value"))
  // >>> o, _ = attention(np.broadcast_to(q, (1, *q.shape)), k, v, heads=1)
  // %e = o[:, ::20, ::8]
  %e = arith.constant dense<[[[1.58904827, -2.59247422, 0.0874379948, -0.380985379, -0.786123276], [1.58910179, -2.59252453, 0.0872761458, -0.38105914, -0.786215663], [1.58908367, -2.59249282, 0.0873226449, -0.381054997, -0.786206305]]]> : tensor<1x3x5xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [1, 3, 5] [1, 20, 8] : tensor<1x41x34xf32> to tensor<1x3x5xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<1x3x5xf32>
}

check.test "large scores" {
  %q = check.generate "q" scale = 60.0 : tensor<41x26xf32>
  %x = check.generate "x" scale = 4.0 : tensor<1x171x3xf32>
  %o = check.run @image(%q, %x) : (tensor<41x26xf32>, tensor<1x171x3xf32>) -> tensor<1x41x34xf32>
  // >>> p = fourier_positions([9, 19], 4, [9, 19], layout="dm")
  // >>> i = np.concatenate([x, np.broadcast_to(p, (1, *p.shape))], axis=-1)
  // >>> n = layer_norm(i, tensor("image.kv_norm.weight"), tensor("image.kv_norm.bias"))
  // >>> k, v = (linear(n, linear_of("image." + role)) for role in ("key", "value"))
  // >>> o, _ = attention(np.broadcast_to(q, (1, *q.shape)), k, v, heads=1)
  // %e = o[:, ::20, ::8]
  %e = arith.constant dense<[[[-0.648376703, 2.68419647, 2.05858445, 1.27746761, 2.29759383], [-2.19662118, 1.55174792, -1.2341969, -3.01726913, -0.238473192], [-1.4372046, 1.50285864, 0.908511996, -2.7257638, -0.781546474]]]> : tensor<1x3x5xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [1, 3, 5] [1, 20, 8] : tensor<1x41x34xf32> to tensor<1x3x5xf32>
  check.expect_close %part, %e tolerance = 2.0e-5 : tensor<1x3x5xf32>
}

func.func @video(%q: tensor<17x30xf32> {perceiver.name = "q"},
                 %x: tensor<?x156x6xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                 %mask: tensor<?x156xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"]})
    -> (tensor<?x17x32xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %p = perceiver.fourier_positions grid = [3, 4, 13] bands = 2 max_resolution = [3, 4, 13] layout = axis_major {recipe = #perceiver.fourier_recipe<exact>} : tensor<156x15xf32>
  %pad = perceiver.get_parameter @video.pad : tensor<7xf32>
  %i = perceiver.concat %p, %x, %pad : (tensor<156x15xf32>, tensor<?x156x6xf32>, tensor<7xf32>) -> tensor<?x156x28xf32>
  %n = perceiver.norm %i weight @video.kv_norm.weight bias @video.kv_norm.bias : tensor<?x156x28xf32>
  %k = perceiver.project %n weight @video.key.weight bias @video.key.bias : tensor<?x156x28xf32> -> tensor<?x156x30xf32>
  %v = perceiver.project %n weight @video.value.weight bias @video.value.bias : tensor<?x156x28xf32> -> tensor<?x156x32xf32>
  %o = perceiver.attend %q, %k, %v mask(%mask : tensor<?x156xi1>) heads = 1 {masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<17x30xf32>, tensor<?x156x30xf32>, tensor<?x156x32xf32> -> tensor<?x17x32xf32>
  return %o : tensor<?x17x32xf32>
}

check.test "three axes, padding, a mask" {
  %q = check.generate "q" scale = 3.0 : tensor<17x30xf32>
  %x0 = check.generate "x" : tensor<3x156x6xf32>
  %some = check.generate "mask" : tensor<3x156xi1>
  %none = arith.constant dense<false> : tensor<1x156xi1>
  %mask = tensor.insert_slice %none into %some[2, 0] [1, 156] [1, 1] : tensor<1x156xi1> into tensor<3x156xi1>
  // The first point is masked, and nothing is a number there.
  %one = arith.constant dense<false> : tensor<1x1xi1>
  %mask1 = tensor.insert_slice %one into %mask[0, 0] [1, 1] [1, 1] : tensor<1x1xi1> into tensor<3x156xi1>
  %nan = arith.constant dense<0x7FC00000> : tensor<1x1x6xf32>
  %x = tensor.insert_slice %nan into %x0[0, 0, 0] [1, 1, 6] [1, 1, 1] : tensor<1x1x6xf32> into tensor<3x156x6xf32>
  // >>> valid = some.copy(); valid[2] = False; valid[0, 0] = False; x = x0.copy(); x[0, 0] = 0
  %o = check.run @video(%q, %x, %mask1) : (tensor<17x30xf32>, tensor<3x156x6xf32>, tensor<3x156xi1>) -> tensor<3x17x32xf32>
  // >>> p = fourier_positions([3, 4, 13], 2, [3, 4, 13], layout="axis_major", recipe="exact")
  // >>> i = np.concatenate([np.broadcast_to(p, (3, *p.shape)), x, np.broadcast_to(tensor("video.pad"), (3, 156, 7))], axis=-1)
  // >>> n = layer_norm(i, tensor("video.kv_norm.weight"), tensor("video.kv_norm.bias"))
  // >>> k, v = (linear(n, linear_of("video." + role)) for role in ("key", "value"))
  // >>> o, _ = attention(np.broadcast_to(q, (3, *q.shape)), k, v, heads=1, key_mask=valid, masked_rows="uniform")
  // %e = o[:, ::8, ::7]
  %e = arith.constant dense<[[[1.59177649, 0.158506453, -1.5309211, 1.29278231, -1.58728456], [0.92815274, -0.845465004, -2.0073173, 0.732019603, -1.34015179], [3.03405547, -1.27754974, -1.3286587, 3.67916203, 0.853845656]], [[1.67810261, -0.0314447805, -1.33596802, 1.62939239, -1.26807845], [1.13844609, -0.140526876, -1.65648055, 1.01713502, -1.13787198], [3.13649392, -1.08310843, -0.15349935, 2.67875695, 0.103653915]], [[1.38980889, -0.31307894, -0.811632633, 1.53530478, -1.39038944], [1.38980889, -0.31307894, -0.811632633, 1.53530478, -1.39038944], [1.38980889, -0.31307894, -0.811632633, 1.53530478, -1.39038944]]]> : tensor<3x3x5xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [3, 3, 5] [1, 8, 7] : tensor<3x17x32xf32> to tensor<3x3x5xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<3x3x5xf32>
}

func.func @sound(%q: tensor<?x19x20xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                 %x: tensor<?x600x1xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x19x21xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %p = perceiver.fourier_positions grid = [2, 300] bands = 6 max_resolution = [4, 300] layout = dm {recipe = #perceiver.fourier_recipe<jax_f32>} : tensor<600x26xf32>
  %pad = perceiver.get_parameter @sound.pad : tensor<2xf32>
  %i = perceiver.concat %pad, %p, %x : (tensor<2xf32>, tensor<600x26xf32>, tensor<?x600x1xf32>) -> tensor<?x600x29xf32>
  %n = perceiver.norm %i weight @sound.kv_norm.weight bias @sound.kv_norm.bias : tensor<?x600x29xf32>
  %k = perceiver.project %n weight @sound.key.weight bias @sound.key.bias : tensor<?x600x29xf32> -> tensor<?x600x20xf32>
  %v = perceiver.project %n weight @sound.value.weight bias @sound.value.bias : tensor<?x600x29xf32> -> tensor<?x600x21xf32>
  %o = perceiver.attend %q, %k, %v heads = 1
      : tensor<?x19x20xf32>, tensor<?x600x20xf32>, tensor<?x600x21xf32> -> tensor<?x19x21xf32>
  return %o : tensor<?x19x21xf32>
}

check.test "long lines" {
  %q = check.generate "q" scale = 3.0 : tensor<2x19x20xf32>
  %x = check.generate "x" : tensor<2x600x1xf32>
  %o = check.run @sound(%q, %x) : (tensor<2x19x20xf32>, tensor<2x600x1xf32>) -> tensor<2x19x21xf32>
  // >>> p = fourier_positions([2, 300], 6, [4, 300], layout="dm", recipe="jax_f32")
  // >>> i = np.concatenate([np.broadcast_to(tensor("sound.pad"), (2, 600, 2)), np.broadcast_to(p, (2, *p.shape)), x], axis=-1)
  // >>> n = layer_norm(i, tensor("sound.kv_norm.weight"), tensor("sound.kv_norm.bias"))
  // >>> k, v = (linear(n, linear_of("sound." + role)) for role in ("key", "value"))
  // >>> o, _ = attention(q, k, v, heads=1)
  // %e = o[:, ::9, ::5]
  %e = arith.constant dense<[[[1.21758163, 3.3876071, -1.79702067, 3.38488698, -0.842408538], [0.880945265, 2.63488579, -2.13497853, 1.85752273, -1.17954624], [0.758599818, 0.574615479, -0.315899521, 1.35321295, -1.69287312]], [[1.30352449, 2.73226738, -2.02133322, 3.06300354, -0.885549963], [1.1479795, 1.71978045, -1.00967634, 1.96693277, -1.88638484], [1.56151414, 3.6312139, -2.09569931, 2.89757752, -1.89449596]]]> : tensor<2x3x5xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [2, 3, 5] [1, 9, 5] : tensor<2x19x21xf32> to tensor<2x3x5xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<2x3x5xf32>
}
