// RUN: perceiver-opt %s --perceiver-plan-memory -split-input-file -verify-diagnostics

func.func @run(%frame: !llvm.ptr, %n: index) attributes {
    perceiver.entry, frame.entry = #frame.entry<sizes = [], arguments = []>} {
  // expected-error @+1 {{expected a size that the entry's sizes determine or bound}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

// expected-error @+1 {{expected a function that takes the frame; run perceiver-lower-entries first}}
func.func @run() attributes {perceiver.entry} {
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<sizes = ["n"], arguments = []>} {
  %n = frame.size %frame[0]
  // expected-error @+1 {{expected a buffer of less than 2^63 bytes, but got 'memref<?x4294967296x536870912xf32>'}}
  %a = memref.alloc(%n) : memref<?x4294967296x536870912xf32>
  return
}

// -----

// expected-error @+1 {{expected an entry with a signature and without a memory plan}}
func.func @run(%frame: !llvm.ptr) attributes {perceiver.entry} {
  return
}

// -----

// expected-error @+1 {{expected an entry with a signature and without a memory plan}}
func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<sizes = [], arguments = [], buffers = []>} {
  return
}
