// RUN: perceiver-opt %s --perceiver-outline-phases -split-input-file -verify-diagnostics

// expected-error @+1 {{expected a function that takes the frame; run perceiver-lower-entries first}}
func.func @run() attributes {perceiver.entry} {
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %n: index) attributes {perceiver.entry} {
  // expected-error @+1 {{expected constant steps of a phase}}
  scf.forall (%i) = (0) to (33) step (%n) {
  }
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %x: tensor<7xf32>) attributes {perceiver.entry} {
  // expected-error @+1 {{expected a phase on memrefs, but got results}}
  %y = scf.forall (%i) in (7) shared_outs(%o = %x) -> tensor<7xf32> {
    scf.forall.in_parallel {
    }
  }
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %n: index) attributes {perceiver.entry} {
  scf.forall (%i) in (%n) {
    // expected-error @+1 {{expected no phase inside a phase}}
    scf.forall (%j) in (7) {
    }
  }
  return
}
