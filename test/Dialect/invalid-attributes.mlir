// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expected a positive number of columns, but got 0}}
#layout = #block.panels<columns = 0, lanes = 16>

// -----

// expected-error @+1 {{expected at least 16 lanes for the columns of a panel, but got 15}}
#layout = #block.panels<columns = 16, lanes = 15>

// -----

// expected-error @+1 {{expected at least 32 lanes for the columns of a panel, but got 31}}
#layout = #block.panels<columns = 16, lanes = 31, gated = true>

// -----

// expected-error @+1 {{expected an even number of lanes in a gated panel, but got 33}}
#layout = #block.panels<columns = 16, lanes = 33, gated = true>

// -----

// expected-error @+1 {{expected task sizes that are not negative}}
#tiling = #perceiver.tiling<task = [1, -1]>

// -----

// expected-error @+1 {{expected a key split that is not negative, but got -1}}
#tiling = #perceiver.tiling<task = [1, 1], inner = [], key_split = -1>

// -----

// expected-error @+1 {{expected merge sizes that are not negative}}
#tiling = #perceiver.tiling<task = [1], key_split = 8, merge = [1, -1]>

// -----

// expected-error @+1 {{expected merge sizes with a key split only}}
#tiling = #perceiver.tiling<task = [1], merge = [1]>

// -----

// expected-error @+1 {{expected each inner tiling to be an array of i64, but got 8 : i64}}
#tiling = #perceiver.tiling<task = [1, 1], inner = [8 : i64]>

// -----

// expected-error @+1 {{expected inner sizes that are not negative}}
#tiling = #perceiver.tiling<task = [1, 1], inner = [array<i64: 8, -8>]>

// -----

// expected-error @+1 {{expected 'key_split' once}}
#tiling = #perceiver.tiling<task = [1], key_split = 1, key_split = 2>

// -----

// expected-error @+1 {{expected inner or key_split or merge or root, but got 'outer'}}
#tiling = #perceiver.tiling<task = [1], outer = []>

// -----

// expected-error @+1 {{expected columns or lanes or gated, but got 'colums'; did you mean 'columns'?}}
#attribute = #block.panels<colums = 16, lanes = 16>

// -----

// expected-error @+1 {{expected at most 1048576 columns and lanes, but got 9223372036854775807}}
#attribute = #block.panels<columns = 9223372036854775807, lanes = 9223372036854775807>

// -----

// expected-error @+1 {{expected 'lanes' as well}}
#attribute = #block.panels<columns = 16>

// -----

// expected-error @+1 {{expected 'lanes' once}}
#attribute = #block.panels<columns = 16, lanes = 16, lanes = 16>

// -----

// expected-error @+1 {{expected a whole number}}
#attribute = #block.panels<columns = wide, lanes = 16>

// -----

// expected-error @+1 {{expected false or true, but got 'yes'}}
#attribute = #block.panels<columns = 16, lanes = 32, gated = yes>

// -----

// expected-error @+1 {{expected false or true, but got 'tru'; did you mean 'true'?}}
#attribute = #perceiver.tiling<task = [1], root = tru>

// -----

// expected-error @+1 {{expected false or true}}
#attribute = #perceiver.tiling<task = [1], root = 1>

// -----

// expected-error @+1 {{expected inner or key_split or merge or root}}
#attribute = #perceiver.tiling<task = [1], 3>

// -----

// expected-error @+1 {{expected a whole number}}
#attribute = #perceiver.tiling<task = [x]>

// -----

// expected-error @+1 {{expected a whole number}}
#attribute = #perceiver.tiling<task = [1], key_split = all>

// -----

// expected-error @+1 {{expected inner tilings in brackets}}
#attribute = #perceiver.tiling<task = [1], inner = 3>

// -----

// expected-error @+1 {{expected zero or uniform, but got 'unifrom'; did you mean 'uniform'?}}
#attribute = #perceiver.masked_rows<unifrom>

// -----

// expected-error @+1 {{expected none or gelu_erf or gelu_tanh or quick_gelu or relu or relu_squared or silu or sigmoid or tanh or leaky_relu or mish or gated, but got 'gelu'; did you mean 'relu'?}}
#attribute = #perceiver.activation<gelu>

// -----

// expected-error @+1 {{expected none or gelu_erf or gelu_tanh or quick_gelu or relu or relu_squared or silu or sigmoid or tanh or leaky_relu or mish, but got 'gated'}}
#attribute = #perceiver.activation<gated(gated)>

// -----

// expected-error @+1 {{expected exact or torch_f32 or jax_f32, but got 'f32'}}
#attribute = #perceiver.fourier_recipe<f32>

// -----

// expected-error @+1 {{expected dm or axis_major}}
#attribute = #perceiver.fourier_layout<>

// -----

// expected-error @+1 {{expected a power of two of lanes and at least 4 registers, but got 12 and 16}}
#attribute = #perceiver.cpu_target<triple = "x86_64-linux-gnu", cpu = "x86-64", lanes = 12, registers = 16, fma = true, l1_bytes = 32, l2_bytes = 64, tasks = 16, key_parts = 16>

// -----

// expected-error @+1 {{expected a power of two of lanes and at least 4 registers, but got 8 and 3}}
#attribute = #perceiver.cpu_target<triple = "x86_64-linux-gnu", cpu = "x86-64", lanes = 8, registers = 3, fma = true, l1_bytes = 32, l2_bytes = 64, tasks = 16, key_parts = 16>

// -----

// expected-error @+1 {{expected an L2 cache that is no smaller than the L1 cache, but got 31 and 32 bytes}}
#attribute = #perceiver.cpu_target<triple = "x86_64-linux-gnu", cpu = "x86-64", lanes = 8, registers = 16, fma = true, l1_bytes = 32, l2_bytes = 31, tasks = 16, key_parts = 16>

// -----

// expected-error @+1 {{expected at least one task and one part of the keys, but got 0 and 16}}
#attribute = #perceiver.cpu_target<triple = "x86_64-linux-gnu", cpu = "x86-64", lanes = 8, registers = 16, fma = true, l1_bytes = 32, l2_bytes = 64, tasks = 0, key_parts = 16>

// -----

// expected-error @+1 {{expected architectures from 80 on, in order, but got [90, 80]}}
#attribute = #perceiver.cuda_target<architectures = [90, 80], multiprocessors = 132, shared_bytes = 101376, triple = "x86_64-linux-gnu", cpu = "x86-64">

// -----

// expected-error @+1 {{expected architectures from 80 on, in order, but got [75]}}
#attribute = #perceiver.cuda_target<architectures = [75], multiprocessors = 132, shared_bytes = 101376, triple = "x86_64-linux-gnu", cpu = "x86-64">

// -----

// expected-error @+1 {{expected a multiprocessor and shared memory, but got 0 and 101376 bytes}}
#attribute = #perceiver.cuda_target<architectures = [80], multiprocessors = 0, shared_bytes = 101376, triple = "x86_64-linux-gnu", cpu = "x86-64">
