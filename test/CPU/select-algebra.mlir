// RUN: perceiver-opt %s --perceiver-select-algebra | FileCheck %s
// RUN: perceiver-opt %s --perceiver-select-algebra --remarks-filter="perceiver-select-algebra" 2>&1 | FileCheck %s --check-prefix=REMARK

// One head that is wider than its keys, or queries that are few, make keys and
// values absorb their layers; heads narrower than their keys do not. A choice that is there
// stays, without a remark.

perceiver.parameter @w29x64 : tensor<29x64xf32> key "a" transpose
perceiver.parameter @w64x32 : tensor<64x32xf32> key "b" transpose
perceiver.parameter @w512x64 : tensor<512x64xf32> key "d" transpose
perceiver.parameter @w512x512 : tensor<512x512xf32> key "c" transpose

// REMARK: [Passed] KeysAndValuesAbsorbed {{.*}} Absorb="65.52 MFLOP", AbsorbKeys="102.26 MFLOP", AbsorbOutput="102.70 MFLOP", AbsorbValues="99.22 MFLOP", Project="135.96 MFLOP"
// REMARK: [Missed] KeysAndValuesProjected {{.*}} Reason="nothing else saves enough"
// REMARK: [Passed] KeysAndValuesAbsorbed
// REMARK: [Passed] QueriesAndOutputAbsorbed {{.*}} AbsorbOutput=
// REMARK: [Passed] OutputAbsorbed
// REMARK: [Missed] KeysAndValuesProjected {{.*}} Reason="its keys are no linear layer of parameters"
// REMARK-NOT: remark

// CHECK-LABEL: func.func @narrow_keys
// CHECK: block.attention {{.*}} heads = 1 {perceiver.algebra = #perceiver.algebra<absorb>}
func.func @narrow_keys(%q: tensor<?x512x64xf32>, %n: tensor<?x900x29xf32>, %k0: tensor<?x900x64xf32>, %y0: tensor<?x512x32xf32>)
    -> tensor<?x512x32xf32> {
  %w = perceiver.get_parameter @w29x64 : tensor<29x64xf32>
  %wo = perceiver.get_parameter @w64x32 : tensor<64x32xf32>
  %k = block.linear ins(%n, %w : tensor<?x900x29xf32>, tensor<29x64xf32>) outs(%k0 : tensor<?x900x64xf32>) -> tensor<?x900x64xf32>
  %v = block.linear ins(%n, %w : tensor<?x900x29xf32>, tensor<29x64xf32>) outs(%k0 : tensor<?x900x64xf32>) -> tensor<?x900x64xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x512x64xf32>, tensor<?x900x64xf32>, tensor<?x900x64xf32>)
      outs(%q : tensor<?x512x64xf32>) heads = 1 -> tensor<?x512x64xf32>
  %y = block.linear ins(%o, %wo : tensor<?x512x64xf32>, tensor<64x32xf32>) outs(%y0 : tensor<?x512x32xf32>) -> tensor<?x512x32xf32>
  return %y : tensor<?x512x32xf32>
}

// CHECK-LABEL: func.func @narrow_heads
// CHECK: block.attention {{.*}} heads = 8 {perceiver.algebra = #perceiver.algebra<project>}
// CHECK: block.attention {{.*}} heads = 8 {perceiver.algebra = #perceiver.algebra<absorb>}
func.func @narrow_heads(%q: tensor<?x512x512xf32>, %p: tensor<?x1x512xf32>, %n: tensor<?x512x512xf32>)
    -> (tensor<?x512x512xf32>, tensor<?x1x512xf32>) {
  %w = perceiver.get_parameter @w512x512 : tensor<512x512xf32>
  %k = block.linear ins(%n, %w : tensor<?x512x512xf32>, tensor<512x512xf32>) outs(%q : tensor<?x512x512xf32>) -> tensor<?x512x512xf32>
  %v = block.linear ins(%n, %w : tensor<?x512x512xf32>, tensor<512x512xf32>) outs(%q : tensor<?x512x512xf32>) -> tensor<?x512x512xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x512x512xf32>, tensor<?x512x512xf32>, tensor<?x512x512xf32>)
      outs(%q : tensor<?x512x512xf32>) heads = 8 -> tensor<?x512x512xf32>
  // One query.
  %k1 = block.linear ins(%n, %w : tensor<?x512x512xf32>, tensor<512x512xf32>) outs(%q : tensor<?x512x512xf32>) -> tensor<?x512x512xf32>
  %v1 = block.linear ins(%n, %w : tensor<?x512x512xf32>, tensor<512x512xf32>) outs(%q : tensor<?x512x512xf32>) -> tensor<?x512x512xf32>
  %u = block.attention ins(%p, %k1, %v1 : tensor<?x1x512xf32>, tensor<?x512x512xf32>, tensor<?x512x512xf32>)
      outs(%p : tensor<?x1x512xf32>) heads = 8 -> tensor<?x1x512xf32>
  return %o, %u : tensor<?x512x512xf32>, tensor<?x1x512xf32>
}

// Many queries of few keys: their layer and that of the output are part of the
// keys and values, unless the queries have more channels than after it and keys
// are not that few.

// CHECK-LABEL: func.func @decoder
// CHECK: block.attention {{.*}} heads = 1 {perceiver.algebra = #perceiver.algebra<absorb_queries_and_output>}
// CHECK: block.attention {{.*}} heads = 1 {perceiver.algebra = #perceiver.algebra<absorb_output>}
func.func @decoder(%z: tensor<?x9000x29xf32>, %wide: tensor<?x9000x512xf32>, %n: tensor<?x20x64xf32>,
                   %many: tensor<?x900x64xf32>, %q0: tensor<?x9000x64xf32>, %y0: tensor<?x9000x32xf32>)
    -> (tensor<?x9000x32xf32>, tensor<?x9000x32xf32>) {
  %w = perceiver.get_parameter @w29x64 : tensor<29x64xf32>
  %ww = perceiver.get_parameter @w512x64 : tensor<512x64xf32>
  %wo = perceiver.get_parameter @w64x32 : tensor<64x32xf32>
  %q = block.linear ins(%z, %w : tensor<?x9000x29xf32>, tensor<29x64xf32>) outs(%q0 : tensor<?x9000x64xf32>) -> tensor<?x9000x64xf32>
  %o = block.attention ins(%q, %n, %n : tensor<?x9000x64xf32>, tensor<?x20x64xf32>, tensor<?x20x64xf32>)
      outs(%q0 : tensor<?x9000x64xf32>) heads = 1 -> tensor<?x9000x64xf32>
  %y = block.linear ins(%o, %wo : tensor<?x9000x64xf32>, tensor<64x32xf32>) outs(%y0 : tensor<?x9000x32xf32>) -> tensor<?x9000x32xf32>
  %r = block.linear ins(%wide, %ww : tensor<?x9000x512xf32>, tensor<512x64xf32>) outs(%q0 : tensor<?x9000x64xf32>) -> tensor<?x9000x64xf32>
  %p = block.attention ins(%r, %many, %many : tensor<?x9000x64xf32>, tensor<?x900x64xf32>, tensor<?x900x64xf32>)
      outs(%q0 : tensor<?x9000x64xf32>) heads = 1 -> tensor<?x9000x64xf32>
  %x = block.linear ins(%p, %wo : tensor<?x9000x64xf32>, tensor<64x32xf32>) outs(%y0 : tensor<?x9000x32xf32>) -> tensor<?x9000x32xf32>
  return %y, %x : tensor<?x9000x32xf32>, tensor<?x9000x32xf32>
}

// CHECK-LABEL: func.func @given
// CHECK: block.attention {{.*}} {perceiver.algebra = #perceiver.algebra<project>}
// CHECK: block.attention {{.*}} {perceiver.algebra = #perceiver.algebra<absorb_keys>}
func.func @given(%q: tensor<?x9x64xf32>, %n: tensor<?x?x64xf32>) -> tensor<?x9x64xf32> {
  %o = block.attention ins(%q, %n, %n : tensor<?x9x64xf32>, tensor<?x?x64xf32>, tensor<?x?x64xf32>)
      outs(%q : tensor<?x9x64xf32>) heads = 1 -> tensor<?x9x64xf32>
  %p = block.attention ins(%o, %n, %n : tensor<?x9x64xf32>, tensor<?x?x64xf32>, tensor<?x?x64xf32>)
      outs(%q : tensor<?x9x64xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb_keys>} -> tensor<?x9x64xf32>
  return %p : tensor<?x9x64xf32>
}
