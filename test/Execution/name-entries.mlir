// RUN: perceiver-opt %s -split-input-file --perceiver-name-entries | FileCheck %s

// An entry may have the name that another one's code gets.
// CHECK-LABEL: module attributes {perceiver.model = "two-layers"}
module attributes {perceiver.model = "two-layers"} {
  // CHECK: func.func @two_layers__body_run(%{{.*}}: !llvm.ptr) attributes {perceiver.entry}
  func.func @run(%frame: !llvm.ptr) attributes {perceiver.entry} {
    return
  }
  // CHECK: func.func @two_layers__body_two_layers_body_run(%{{.*}}: !llvm.ptr) attributes {perceiver.entry}
  func.func @two_layers__body_run(%frame: !llvm.ptr) attributes {perceiver.entry} {
    return
  }
  // CHECK: func.func @helper()
  func.func @helper() {
    return
  }
}

// -----

// CHECK: func.func @model__body_run(
func.func @run(%frame: !llvm.ptr) attributes {perceiver.entry} {
  return
}
