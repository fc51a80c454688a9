// RUN: perceiver-opt %s --perceiver-collect-rewrites | FileCheck %s

// In the order of the description, equal ones once; what has no place is first.
// CHECK: module attributes {perceiver.fusion_log = ["fuse-projections: fused", "a.mlir:2: fold-norms: norm folded", "a.mlir:10: fold-norms: norm folded", "b.mlir:1: fuse-projections: fused"]} {
module {
  // CHECK: func.func @run() attributes {perceiver.entry} {
  func.func @run() attributes {perceiver.entry, perceiver.fusion_log = ["b.mlir:1: fuse-projections: fused", "a.mlir:10: fold-norms: norm folded"]} {
    return
  }
  // CHECK: func.func @encode() {
  func.func @encode() attributes {perceiver.fusion_log = ["a.mlir:10: fold-norms: norm folded", "fuse-projections: fused", "a.mlir:2: fold-norms: norm folded"]} {
    return
  }
}
