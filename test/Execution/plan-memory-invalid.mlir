// RUN: perceiver-opt %s --perceiver-plan-memory -split-input-file -verify-diagnostics

func.func @run(%frame: !llvm.ptr, %n: index) attributes {perceiver.entry} {
  // expected-error @+1 {{expected a size that the entry's sizes determine or bound}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

// expected-error @+1 {{expected a function that takes the frame; run perceiver-lower-entries first}}
func.func @run() attributes {perceiver.entry} {
  return
}
