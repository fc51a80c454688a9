// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Loops over blocks whose weights are the same in each iteration, or those of
// the iteration; with a cross-attention inside that has both.

perceiver.parameter @latents : tensor<13x12xf32> key "latents"
perceiver.parameter @tied.q_norm.weight : tensor<12xf32> key "tied.q_norm.weight"
perceiver.parameter @tied.q_norm.bias : tensor<12xf32> key "tied.q_norm.bias"
perceiver.parameter @tied.query.weight : tensor<12x12xf32> key "tied.query.weight"
perceiver.parameter @tied.query.bias : tensor<12xf32> key "tied.query.bias"
perceiver.parameter @tied.key.weight : tensor<12x12xf32> key "tied.key.weight"
perceiver.parameter @tied.key.bias : tensor<12xf32> key "tied.key.bias"
perceiver.parameter @tied.value.weight : tensor<12x12xf32> key "tied.value.weight"
perceiver.parameter @tied.value.bias : tensor<12xf32> key "tied.value.bias"
perceiver.parameter @tied.output.weight : tensor<12x12xf32> key "tied.output.weight"
perceiver.parameter @tied.output.bias : tensor<12xf32> key "tied.output.bias"
perceiver.parameter @tied.mlp_norm.weight : tensor<12xf32> key "tied.mlp_norm.weight"
perceiver.parameter @tied.mlp_norm.bias : tensor<12xf32> key "tied.mlp_norm.bias"
perceiver.parameter @tied.mlp_in.weight : tensor<12x24xf32> key "tied.mlp_in.weight"
perceiver.parameter @tied.mlp_in.bias : tensor<24xf32> key "tied.mlp_in.bias"
perceiver.parameter @tied.mlp_out.weight : tensor<24x12xf32> key "tied.mlp_out.weight"
perceiver.parameter @tied.mlp_out.bias : tensor<12xf32> key "tied.mlp_out.bias"
perceiver.parameter @indexed.q_norm.weight : tensor<12xf32> key "indexed.{}.q_norm.weight" count 3
perceiver.parameter @indexed.q_norm.bias : tensor<12xf32> key "indexed.{}.q_norm.bias" count 3
perceiver.parameter @indexed.query.weight : tensor<12x12xf32> key "indexed.{}.query.weight" count 3
perceiver.parameter @indexed.query.bias : tensor<12xf32> key "indexed.{}.query.bias" count 3
perceiver.parameter @indexed.key.weight : tensor<12x12xf32> key "indexed.{}.key.weight" count 3
perceiver.parameter @indexed.key.bias : tensor<12xf32> key "indexed.{}.key.bias" count 3
perceiver.parameter @indexed.value.weight : tensor<12x12xf32> key "indexed.{}.value.weight" count 3
perceiver.parameter @indexed.value.bias : tensor<12xf32> key "indexed.{}.value.bias" count 3
perceiver.parameter @indexed.output.weight : tensor<12x12xf32> key "indexed.{}.output.weight" count 3
perceiver.parameter @indexed.output.bias : tensor<12xf32> key "indexed.{}.output.bias" count 3
perceiver.parameter @cross.q_norm.weight : tensor<12xf32> key "cross.{}.q_norm.weight" count 3
perceiver.parameter @cross.q_norm.bias : tensor<12xf32> key "cross.{}.q_norm.bias" count 3
perceiver.parameter @cross.kv_norm.weight : tensor<7xf32> key "cross.{}.kv_norm.weight" count 3
perceiver.parameter @cross.kv_norm.bias : tensor<7xf32> key "cross.{}.kv_norm.bias" count 3
perceiver.parameter @cross.query.weight : tensor<12x6xf32> key "cross.{}.query.weight" count 3
perceiver.parameter @cross.query.bias : tensor<6xf32> key "cross.{}.query.bias" count 3
perceiver.parameter @cross.key.weight : tensor<7x6xf32> key "cross.{}.key.weight" count 3
perceiver.parameter @cross.key.bias : tensor<6xf32> key "cross.{}.key.bias" count 3
perceiver.parameter @cross.value.weight : tensor<7x9xf32> key "cross.{}.value.weight" count 3
perceiver.parameter @cross.value.bias : tensor<9xf32> key "cross.{}.value.bias" count 3
perceiver.parameter @cross.output.weight : tensor<9x12xf32> key "cross.{}.output.weight" count 3
perceiver.parameter @cross.output.bias : tensor<12xf32> key "cross.{}.output.bias" count 3

check.checkpoint {
  %0 = check.generate "latents" : tensor<13x12xf32>
  check.tensor "latents", %0 : tensor<13x12xf32>
  %1 = check.generate "tied.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "tied.q_norm.weight", %1 : tensor<12xf32>
  %2 = check.generate "tied.q_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "tied.q_norm.bias", %2 : tensor<12xf32>
  %3 = check.generate "tied.query.weight" : tensor<12x12xf32>
  check.tensor "tied.query.weight", %3 : tensor<12x12xf32>
  %4 = check.generate "tied.query.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "tied.query.bias", %4 : tensor<12xf32>
  %5 = check.generate "tied.key.weight" : tensor<12x12xf32>
  check.tensor "tied.key.weight", %5 : tensor<12x12xf32>
  %6 = check.generate "tied.key.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "tied.key.bias", %6 : tensor<12xf32>
  %7 = check.generate "tied.value.weight" scale = 0.5 : tensor<12x12xf32>
  check.tensor "tied.value.weight", %7 : tensor<12x12xf32>
  %8 = check.generate "tied.value.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "tied.value.bias", %8 : tensor<12xf32>
  %9 = check.generate "tied.output.weight" scale = 0.5 : tensor<12x12xf32>
  check.tensor "tied.output.weight", %9 : tensor<12x12xf32>
  %10 = check.generate "tied.output.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "tied.output.bias", %10 : tensor<12xf32>
  %11 = check.generate "tied.mlp_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "tied.mlp_norm.weight", %11 : tensor<12xf32>
  %12 = check.generate "tied.mlp_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "tied.mlp_norm.bias", %12 : tensor<12xf32>
  %13 = check.generate "tied.mlp_in.weight" scale = 0.5 : tensor<12x24xf32>
  check.tensor "tied.mlp_in.weight", %13 : tensor<12x24xf32>
  %14 = check.generate "tied.mlp_in.bias" scale = 0.5 : tensor<24xf32>
  check.tensor "tied.mlp_in.bias", %14 : tensor<24xf32>
  %15 = check.generate "tied.mlp_out.weight" scale = 0.35 : tensor<24x12xf32>
  check.tensor "tied.mlp_out.weight", %15 : tensor<24x12xf32>
  %16 = check.generate "tied.mlp_out.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "tied.mlp_out.bias", %16 : tensor<12xf32>
  %17 = check.generate "indexed.0.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "indexed.0.q_norm.weight", %17 : tensor<12xf32>
  %18 = check.generate "indexed.1.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "indexed.1.q_norm.weight", %18 : tensor<12xf32>
  %19 = check.generate "indexed.2.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "indexed.2.q_norm.weight", %19 : tensor<12xf32>
  %20 = check.generate "indexed.0.q_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.0.q_norm.bias", %20 : tensor<12xf32>
  %21 = check.generate "indexed.1.q_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.1.q_norm.bias", %21 : tensor<12xf32>
  %22 = check.generate "indexed.2.q_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.2.q_norm.bias", %22 : tensor<12xf32>
  %23 = check.generate "indexed.0.query.weight" : tensor<12x12xf32>
  check.tensor "indexed.0.query.weight", %23 : tensor<12x12xf32>
  %24 = check.generate "indexed.1.query.weight" : tensor<12x12xf32>
  check.tensor "indexed.1.query.weight", %24 : tensor<12x12xf32>
  %25 = check.generate "indexed.2.query.weight" : tensor<12x12xf32>
  check.tensor "indexed.2.query.weight", %25 : tensor<12x12xf32>
  %26 = check.generate "indexed.0.query.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.0.query.bias", %26 : tensor<12xf32>
  %27 = check.generate "indexed.1.query.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.1.query.bias", %27 : tensor<12xf32>
  %28 = check.generate "indexed.2.query.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.2.query.bias", %28 : tensor<12xf32>
  %29 = check.generate "indexed.0.key.weight" : tensor<12x12xf32>
  check.tensor "indexed.0.key.weight", %29 : tensor<12x12xf32>
  %30 = check.generate "indexed.1.key.weight" : tensor<12x12xf32>
  check.tensor "indexed.1.key.weight", %30 : tensor<12x12xf32>
  %31 = check.generate "indexed.2.key.weight" : tensor<12x12xf32>
  check.tensor "indexed.2.key.weight", %31 : tensor<12x12xf32>
  %32 = check.generate "indexed.0.key.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.0.key.bias", %32 : tensor<12xf32>
  %33 = check.generate "indexed.1.key.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.1.key.bias", %33 : tensor<12xf32>
  %34 = check.generate "indexed.2.key.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.2.key.bias", %34 : tensor<12xf32>
  %35 = check.generate "indexed.0.value.weight" scale = 0.5 : tensor<12x12xf32>
  check.tensor "indexed.0.value.weight", %35 : tensor<12x12xf32>
  %36 = check.generate "indexed.1.value.weight" scale = 0.5 : tensor<12x12xf32>
  check.tensor "indexed.1.value.weight", %36 : tensor<12x12xf32>
  %37 = check.generate "indexed.2.value.weight" scale = 0.5 : tensor<12x12xf32>
  check.tensor "indexed.2.value.weight", %37 : tensor<12x12xf32>
  %38 = check.generate "indexed.0.value.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.0.value.bias", %38 : tensor<12xf32>
  %39 = check.generate "indexed.1.value.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.1.value.bias", %39 : tensor<12xf32>
  %40 = check.generate "indexed.2.value.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.2.value.bias", %40 : tensor<12xf32>
  %41 = check.generate "indexed.0.output.weight" scale = 0.5 : tensor<12x12xf32>
  check.tensor "indexed.0.output.weight", %41 : tensor<12x12xf32>
  %42 = check.generate "indexed.1.output.weight" scale = 0.5 : tensor<12x12xf32>
  check.tensor "indexed.1.output.weight", %42 : tensor<12x12xf32>
  %43 = check.generate "indexed.2.output.weight" scale = 0.5 : tensor<12x12xf32>
  check.tensor "indexed.2.output.weight", %43 : tensor<12x12xf32>
  %44 = check.generate "indexed.0.output.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.0.output.bias", %44 : tensor<12xf32>
  %45 = check.generate "indexed.1.output.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.1.output.bias", %45 : tensor<12xf32>
  %46 = check.generate "indexed.2.output.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "indexed.2.output.bias", %46 : tensor<12xf32>
  %47 = check.generate "cross.0.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "cross.0.q_norm.weight", %47 : tensor<12xf32>
  %48 = check.generate "cross.1.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "cross.1.q_norm.weight", %48 : tensor<12xf32>
  %49 = check.generate "cross.2.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "cross.2.q_norm.weight", %49 : tensor<12xf32>
  %50 = check.generate "cross.0.q_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "cross.0.q_norm.bias", %50 : tensor<12xf32>
  %51 = check.generate "cross.1.q_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "cross.1.q_norm.bias", %51 : tensor<12xf32>
  %52 = check.generate "cross.2.q_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "cross.2.q_norm.bias", %52 : tensor<12xf32>
  %53 = check.generate "cross.0.kv_norm.weight" scale = 0.5 offset = 1.0 : tensor<7xf32>
  check.tensor "cross.0.kv_norm.weight", %53 : tensor<7xf32>
  %54 = check.generate "cross.1.kv_norm.weight" scale = 0.5 offset = 1.0 : tensor<7xf32>
  check.tensor "cross.1.kv_norm.weight", %54 : tensor<7xf32>
  %55 = check.generate "cross.2.kv_norm.weight" scale = 0.5 offset = 1.0 : tensor<7xf32>
  check.tensor "cross.2.kv_norm.weight", %55 : tensor<7xf32>
  %56 = check.generate "cross.0.kv_norm.bias" scale = 0.5 : tensor<7xf32>
  check.tensor "cross.0.kv_norm.bias", %56 : tensor<7xf32>
  %57 = check.generate "cross.1.kv_norm.bias" scale = 0.5 : tensor<7xf32>
  check.tensor "cross.1.kv_norm.bias", %57 : tensor<7xf32>
  %58 = check.generate "cross.2.kv_norm.bias" scale = 0.5 : tensor<7xf32>
  check.tensor "cross.2.kv_norm.bias", %58 : tensor<7xf32>
  %59 = check.generate "cross.0.query.weight" : tensor<12x6xf32>
  check.tensor "cross.0.query.weight", %59 : tensor<12x6xf32>
  %60 = check.generate "cross.1.query.weight" : tensor<12x6xf32>
  check.tensor "cross.1.query.weight", %60 : tensor<12x6xf32>
  %61 = check.generate "cross.2.query.weight" : tensor<12x6xf32>
  check.tensor "cross.2.query.weight", %61 : tensor<12x6xf32>
  %62 = check.generate "cross.0.query.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "cross.0.query.bias", %62 : tensor<6xf32>
  %63 = check.generate "cross.1.query.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "cross.1.query.bias", %63 : tensor<6xf32>
  %64 = check.generate "cross.2.query.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "cross.2.query.bias", %64 : tensor<6xf32>
  %65 = check.generate "cross.0.key.weight" : tensor<7x6xf32>
  check.tensor "cross.0.key.weight", %65 : tensor<7x6xf32>
  %66 = check.generate "cross.1.key.weight" : tensor<7x6xf32>
  check.tensor "cross.1.key.weight", %66 : tensor<7x6xf32>
  %67 = check.generate "cross.2.key.weight" : tensor<7x6xf32>
  check.tensor "cross.2.key.weight", %67 : tensor<7x6xf32>
  %68 = check.generate "cross.0.key.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "cross.0.key.bias", %68 : tensor<6xf32>
  %69 = check.generate "cross.1.key.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "cross.1.key.bias", %69 : tensor<6xf32>
  %70 = check.generate "cross.2.key.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "cross.2.key.bias", %70 : tensor<6xf32>
  %71 = check.generate "cross.0.value.weight" scale = 0.65 : tensor<7x9xf32>
  check.tensor "cross.0.value.weight", %71 : tensor<7x9xf32>
  %72 = check.generate "cross.1.value.weight" scale = 0.65 : tensor<7x9xf32>
  check.tensor "cross.1.value.weight", %72 : tensor<7x9xf32>
  %73 = check.generate "cross.2.value.weight" scale = 0.65 : tensor<7x9xf32>
  check.tensor "cross.2.value.weight", %73 : tensor<7x9xf32>
  %74 = check.generate "cross.0.value.bias" scale = 0.5 : tensor<9xf32>
  check.tensor "cross.0.value.bias", %74 : tensor<9xf32>
  %75 = check.generate "cross.1.value.bias" scale = 0.5 : tensor<9xf32>
  check.tensor "cross.1.value.bias", %75 : tensor<9xf32>
  %76 = check.generate "cross.2.value.bias" scale = 0.5 : tensor<9xf32>
  check.tensor "cross.2.value.bias", %76 : tensor<9xf32>
  %77 = check.generate "cross.0.output.weight" scale = 0.58 : tensor<9x12xf32>
  check.tensor "cross.0.output.weight", %77 : tensor<9x12xf32>
  %78 = check.generate "cross.1.output.weight" scale = 0.58 : tensor<9x12xf32>
  check.tensor "cross.1.output.weight", %78 : tensor<9x12xf32>
  %79 = check.generate "cross.2.output.weight" scale = 0.58 : tensor<9x12xf32>
  check.tensor "cross.2.output.weight", %79 : tensor<9x12xf32>
  %80 = check.generate "cross.0.output.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "cross.0.output.bias", %80 : tensor<12xf32>
  %81 = check.generate "cross.1.output.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "cross.1.output.bias", %81 : tensor<12xf32>
  %82 = check.generate "cross.2.output.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "cross.2.output.bias", %82 : tensor<12xf32>
}

func.func @tied(%x: tensor<?x13x12xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x13x12xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 3 (%s = %x : tensor<?x13x12xf32>) -> tensor<?x13x12xf32> {
    %0 = perceiver.self_block %s heads = 4 qk_channels = 12 v_channels = 12 mlp = gelu_tanh weights @tied
        : tensor<?x13x12xf32>
    perceiver.yield %0 : tensor<?x13x12xf32>
  }
  return %z : tensor<?x13x12xf32>
}

check.test "tied" {
  %x = check.generate "x" : tensor<2x13x12xf32>
  %z = check.run @tied(%x) : (tensor<2x13x12xf32>) -> tensor<2x13x12xf32>
  // %e = process(x, tied([block("tied", 4, "gelu_tanh")], 3))[:, 12]
  %e = arith.constant dense<[[-0.345070779, -1.95471299, 5.71406174, 1.47191346, -3.2631588, -2.0837605, -3.60139489, 4.05114841, -3.96670699, -2.32561755, -0.445479274, 4.54031801], [-1.42013311, -2.07517242, 6.4913702, 1.71739161, -3.59173751, -1.42065227, -4.28772879, 4.11604166, -5.2194562, -2.1041584, 0.208179086, 4.9724102]]> : tensor<2x12xf32>
  %part = tensor.extract_slice %z[0, 12, 0] [2, 1, 12] [1, 1, 1] : tensor<2x13x12xf32> to tensor<2x12xf32>
  check.expect_close %part, %e tolerance = 1.0e-5 : tensor<2x12xf32>
}

func.func @indexed(%x: tensor<?x13x12xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x13x12xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 3 (%s = %x : tensor<?x13x12xf32>) -> tensor<?x13x12xf32> {
    %0 = perceiver.self_block %s heads = 2 qk_channels = 12 v_channels = 12 mlp = none weights @indexed
        : tensor<?x13x12xf32>
    perceiver.yield %0 : tensor<?x13x12xf32>
  }
  return %z : tensor<?x13x12xf32>
}

check.test "indexed" {
  %x = check.generate "x" : tensor<2x13x12xf32>
  %z = check.run @indexed(%x) : (tensor<2x13x12xf32>) -> tensor<2x13x12xf32>
  // %e = process(x, [[block(f"indexed.{i}", 2)] for i in range(3)])[:, 6]
  %e = arith.constant dense<[[-0.781699538, 0.235793605, 1.17577529, -2.96966434, 0.628132939, -0.491989017, -1.27204514, -1.89712465, 0.590714395, -3.81077456, 0.686486244, 1.55838633], [3.10848165, 4.76938248, 2.74599314, 0.45846343, -1.63907909, -0.96151638, -2.83686495, 1.93879616, -2.26507664, -2.43407202, -2.05355358, 2.35218525]]> : tensor<2x12xf32>
  %part = tensor.extract_slice %z[0, 6, 0] [2, 1, 12] [1, 1, 1] : tensor<2x13x12xf32> to tensor<2x12xf32>
  check.expect_close %part, %e tolerance = 1.0e-5 : tensor<2x12xf32>
}

// Starts without batch; each iteration reads the inputs with weights of its
// own, then attends to itself with the same ones.

func.func @iterative(%data: tensor<?x?x7xf32> {perceiver.name = "data", perceiver.sizes = ["batch", "rows"]},
                     %lengths: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]})
    -> (tensor<?x13x12xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %latents = perceiver.get_parameter @latents : tensor<13x12xf32>
  %z = perceiver.process iterations = 3 (%s = %latents : tensor<13x12xf32>) -> tensor<?x13x12xf32> {
    %0 = perceiver.cross_block %s, %data lengths(%lengths : tensor<?xi64>)
        heads = 3 qk_channels = 6 v_channels = 9 mlp = none weights @cross
        : tensor<?x13x12xf32>, tensor<?x?x7xf32> -> tensor<?x13x12xf32>
    %1 = perceiver.self_block %0 heads = 4 qk_channels = 12 v_channels = 12 mlp = gelu_erf weights @tied
        : tensor<?x13x12xf32>
    perceiver.yield %1 : tensor<?x13x12xf32>
  }
  return %z : tensor<?x13x12xf32>
}

check.test "cross-attention in the loop" {
  %x0 = check.generate "x" : tensor<3x7x7xf32>
  %n = arith.constant dense<[7, 0, 3]> : tensor<3xi64>
  %inf = arith.constant dense<0x7F800000> : tensor<7xf32>
  %x = tensor.insert_slice %inf into %x0[2, 3, 0] [1, 1, 7] [1, 1, 1] : tensor<7xf32> into tensor<3x7x7xf32>
  %z = check.run @iterative(%x, %n) : (tensor<3x7x7xf32>, tensor<3xi64>) -> tensor<3x13x12xf32>
  // >>> z = process(np.broadcast_to(tensor("latents"), (3, 13, 12)), [[block(f"cross.{i}", 3), block("tied", 4, "gelu_erf")] for i in range(3)], x0, key_lengths=n)
  // %e = z[:, 12]
  %e = arith.constant dense<[[0.622031271, -6.95143223, 8.40935516, -3.09552836, -8.51443958, 0.671349227, 0.162531927, 6.5876956, -1.01435268, -1.31564939, -3.40035295, 4.7084918], [0.502701044, -4.84273481, 7.57001352, -1.84271717, -6.216887, -0.164617538, -1.71962702, 6.16067743, -3.22784328, -3.40499496, -3.27790642, 6.52034473], [-0.711157143, -2.84117222, 4.18066216, -1.47161424, -6.78749371, -0.758281231, 3.42041087, 3.42039514, -1.18648863, -1.31328821, -3.34222674, 3.2426312]]> : tensor<3x12xf32>
  %part = tensor.extract_slice %z[0, 12, 0] [3, 1, 12] [1, 1, 1] : tensor<3x13x12xf32> to tensor<3x12xf32>
  check.expect_close %part, %e tolerance = 1.0e-5 : tensor<3x12xf32>
}
