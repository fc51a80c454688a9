// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expected a positive number of columns, but got 0}}
#panels = #perceiver.panels<columns = 0, lanes = 16>

// -----

// expected-error @+1 {{expected at least 16 lanes for the columns of a panel, but got 15}}
#panels = #perceiver.panels<columns = 16, lanes = 15>

// -----

// expected-error @+1 {{expected at least 32 lanes for the columns of a panel, but got 31}}
#panels = #perceiver.panels<columns = 16, lanes = 31, gated = true>

// -----

// expected-error @+1 {{expected an even number of lanes in a gated panel, but got 33}}
#panels = #perceiver.panels<columns = 16, lanes = 33, gated = true>

// -----

// expected-error @+1 {{expected task sizes that are not negative}}
#tiling = #perceiver.tiling<task = [1, -1]>

// -----

// expected-error @+1 {{expected a key split that is not negative, but got -1}}
#tiling = #perceiver.tiling<task = [1, 1], inner = [], key_split = -1>

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

// expected-error @+1 {{expected 'inner', 'key_split' or 'root', but got 'outer'}}
#tiling = #perceiver.tiling<task = [1], outer = []>
