// RUN: perceiver-opt %s --inline --perceiver-expand-blocks --split-input-file --verify-diagnostics | FileCheck %s

// Conditions become an attribute of entries, of their sizes as symbols: also those
// of functions that are called, and several under one sentence. What holds for
// all sizes is dropped.

// CHECK-DAG: #[[AT_MOST:.*]] = affine_map<()[s0, s1, s2] -> (-s1 + 8, -(s0 * s1) + 64)>
// CHECK-DAG: #[[MULTIPLE:.*]] = affine_map<()[s0, s1, s2] -> (-s2 + (s2 floordiv 4) * 4)>
// CHECK-DAG: #[[EQUAL:.*]] = affine_map<()[s0, s1, s2] -> (-s0 + s1, s0 - s1)>
// CHECK-LABEL: func.func @run(
// CHECK-SAME: perceiver.conditions = {"at most 8 rows" = #[[AT_MOST]],
// CHECK-SAME: "first is a multiple of 4" = #[[MULTIPLE]], "one row for each image" = #[[EQUAL]]}
// CHECK-NOT: perceiver.require
func.func private @called(%x: tensor<?x?x4xf32> {perceiver.sizes = ["batch", "rows"]}) -> (tensor<?x?x4xf32> {perceiver.sizes = ["batch", "rows"]}) {
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %n = tensor.dim %x, %c1 : tensor<?x?x4xf32>
  perceiver.require %n <= %c8, "at most 8 rows"
  perceiver.require %c1 <= %n, "there are rows"
  return %x : tensor<?x?x4xf32>
}

func.func @run(%x: tensor<?x?x4xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]}, %first: index {perceiver.name = "first"})
    -> (tensor<?x?x4xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  %0 = call @called(%x) : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %b = tensor.dim %0, %c0 : tensor<?x?x4xf32>
  %n = tensor.dim %0, %c1 : tensor<?x?x4xf32>
  %all = arith.muli %b, %n : index
  perceiver.require %all <= %c64, "at most 8 rows"
  perceiver.require %n = %b, "one row for each image"
  perceiver.require %first multiple_of %c4, "first is a multiple of 4"
  return %0 : tensor<?x?x4xf32>
}

// -----

func.func @run(%x: tensor<?x4xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]}) -> (tensor<?x4xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %other = arith.xori %n, %c1 : index
  // expected-error @+1 {{'perceiver.require' op expected sizes that are made of those of the entry's arguments}}
  perceiver.require %n <= %other, "a condition that nobody can tell"
  return %x : tensor<?x4xf32>
}
