// RUN: perceiver-opt %s --perceiver-collect-rewrites --split-input-file -verify-diagnostics

// expected-error @below {{expected 'perceiver.without' to list rewrites (fold-elements, fold-linears, fold-norms, fuse-projections, select-algebra, separate-positions, separate-query-positions), but got 'fold-norm'; did you mean 'fold-norms'?}}
func.func @misspelt() attributes {perceiver.without = ["fold-linears", "fold-norm"]} {
  return
}
