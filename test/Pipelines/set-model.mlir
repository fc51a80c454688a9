// RUN: perceiver-opt %s --perceiver-set-model=name=tiny | FileCheck %s
// RUN: not perceiver-opt %s --perceiver-set-model 2>&1 | FileCheck %s --check-prefix=EMPTY

// CHECK: module attributes {perceiver.model = "tiny"}
// EMPTY: error: expected a name for the model
module attributes {perceiver.model = "other"} {
}
