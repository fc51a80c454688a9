// RUN: perceiver-opt %s --perceiver-gpu-verify-phases -split-input-file -verify-diagnostics

#entry = #frame.entry<sizes = ["batch"], arguments = [<name = "x", type = tensor<64x8xf32>>, <name = "y", type = tensor<64x8xf32>, output = true>]>

func.func @two(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  %x = frame.argument %frame[0] () : memref<64x8xf32>
  %y = frame.argument %frame[1] () : memref<64x8xf32>
  scf.forall (%i) = (0) to (64) step (8) {
    %p = memref.subview %x[%i, 0] [8, 8] [1, 1] : memref<64x8xf32> to memref<8x8xf32, strided<[8, 1], offset: ?>>
    %q = memref.subview %y[%i, 0] [8, 8] [1, 1] : memref<64x8xf32> to memref<8x8xf32, strided<[8, 1], offset: ?>>
    block.layer_norm ins(%p : memref<8x8xf32, strided<[8, 1], offset: ?>>) outs(%q : memref<8x8xf32, strided<[8, 1], offset: ?>>)
    // expected-error @+2 {{'block.add' op expected a phase of one operation with loops, which allocates and copies nothing}}
    // expected-note @+1 {{on a GPU each operation is a phase of its own: it has root = true, and no script fuses it into another}}
    block.add ins(%p, %p : memref<8x8xf32, strided<[8, 1], offset: ?>>, memref<8x8xf32, strided<[8, 1], offset: ?>>)
        outs(%q : memref<8x8xf32, strided<[8, 1], offset: ?>>)
  }
  return
}

// -----

#entry = #frame.entry<sizes = ["batch"], arguments = [<name = "x", type = tensor<64x8xf32>>, <name = "y", type = tensor<64x8xf32>, output = true>]>

func.func @allocates(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  %x = frame.argument %frame[0] () : memref<64x8xf32>
  scf.forall (%i) = (0) to (64) step (8) {
    // expected-error @+2 {{'memref.alloc' op expected a phase of one operation with loops}}
    // expected-note @+1 {{on a GPU each operation is a phase of its own}}
    %a = memref.alloc() : memref<8x8xf32>
    block.layer_norm ins(%a : memref<8x8xf32>) outs(%a : memref<8x8xf32>)
  }
  return
}

// -----

#entry = #frame.entry<sizes = ["batch"], arguments = [<name = "x", type = tensor<64x8xf32>>, <name = "y", type = tensor<64x8xf32>, output = true>]>

func.func @nothing(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  // expected-error @+1 {{'scf.forall' op expected a phase with an operation}}
  scf.forall (%i) = (0) to (64) step (8) {
  }
  return
}

// -----

// A norm reads all channels of a row before it writes the first.

#entry = #frame.entry<sizes = ["batch"], arguments = [<name = "x", type = tensor<64x8xf32>>, <name = "y", type = tensor<64x8xf32>, output = true>]>

func.func @in_place(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  %y = frame.argument %frame[1] () : memref<64x8xf32>
  scf.forall (%i) = (0) to (64) step (8) {
    %q = memref.subview %y[%i, 0] [8, 8] [1, 1] : memref<64x8xf32> to memref<8x8xf32, strided<[8, 1], offset: ?>>
    // expected-error @+1 {{'block.layer_norm' op expected to overwrite nothing that another task may read, but operand 0 is of the array that it writes}}
    block.layer_norm ins(%q : memref<8x8xf32, strided<[8, 1], offset: ?>>) outs(%q : memref<8x8xf32, strided<[8, 1], offset: ?>>)
  }
  return
}

// -----

// A residual is read where the result is written. Here it is that of other rows.

#entry = #frame.entry<sizes = ["batch"], arguments = [<name = "x", type = tensor<64x8xf32>>, <name = "y", type = tensor<64x8xf32>, output = true>]>

func.func @residual(%frame: !llvm.ptr, %w: memref<8x8xf32>) attributes {perceiver.entry, frame.entry = #entry} {
  %x = frame.argument %frame[0] () : memref<64x8xf32>
  %y = frame.argument %frame[1] () : memref<64x8xf32>
  scf.forall (%i) = (0) to (64) step (8) {
    %p = memref.subview %x[%i, 0] [8, 8] [1, 1] : memref<64x8xf32> to memref<8x8xf32, strided<[8, 1], offset: ?>>
    %q = memref.subview %y[%i, 0] [8, 8] [1, 1] : memref<64x8xf32> to memref<8x8xf32, strided<[8, 1], offset: ?>>
    block.linear ins(%p, %w : memref<8x8xf32, strided<[8, 1], offset: ?>>, memref<8x8xf32>)
        residual(%q : memref<8x8xf32, strided<[8, 1], offset: ?>>) outs(%q : memref<8x8xf32, strided<[8, 1], offset: ?>>)
  }
  scf.forall (%i) = (0) to (64) step (8) {
    %p = memref.subview %x[%i, 0] [8, 8] [1, 1] : memref<64x8xf32> to memref<8x8xf32, strided<[8, 1], offset: ?>>
    %q = memref.subview %y[%i, 0] [8, 8] [1, 1] : memref<64x8xf32> to memref<8x8xf32, strided<[8, 1], offset: ?>>
    %r = memref.subview %y[0, 0] [8, 8] [1, 1] : memref<64x8xf32> to memref<8x8xf32, strided<[8, 1]>>
    // expected-error @+1 {{'block.linear' op expected to overwrite nothing that another task may read, but operand 2 is of the array that it writes}}
    block.linear ins(%p, %w : memref<8x8xf32, strided<[8, 1], offset: ?>>, memref<8x8xf32>)
        residual(%r : memref<8x8xf32, strided<[8, 1]>>) outs(%q : memref<8x8xf32, strided<[8, 1], offset: ?>>)
  }
  return
}

// -----

// Arrays are on the device.

#entry = #frame.entry<sizes = ["batch"], arguments = [<name = "x", type = tensor<64x8xf32>>, <name = "y", type = tensor<64x8xf32>, output = true>]>

func.func @outside(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  %x = frame.argument %frame[0] () : memref<64x8xf32>
  %y = frame.argument %frame[1] () : memref<64x8xf32>
  linalg.copy ins(%x : memref<64x8xf32>) outs(%y : memref<64x8xf32>)
  %p = memref.subview %x[0, 0] [64, 4] [1, 1] : memref<64x8xf32> to memref<64x4xf32, strided<[8, 1]>>
  %q = memref.subview %y[0, 0] [64, 4] [1, 1] : memref<64x8xf32> to memref<64x4xf32, strided<[8, 1]>>
  // expected-error @+1 {{'linalg.copy' op expected arrays to be accessed in phases only, or copied as wholes}}
  linalg.copy ins(%p : memref<64x4xf32, strided<[8, 1]>>) outs(%q : memref<64x4xf32, strided<[8, 1]>>)
  return
}

// -----

#entry = #frame.entry<sizes = ["batch"], arguments = [<name = "x", type = tensor<64x8xf32>>, <name = "y", type = tensor<64x8xf32>, output = true>]>

func.func @loads(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  %x = frame.argument %frame[0] () : memref<64x8xf32>
  %c0 = arith.constant 0 : index
  // expected-error @+1 {{'memref.load' op expected arrays to be accessed in phases only, or copied as wholes}}
  %v = memref.load %x[%c0, %c0] : memref<64x8xf32>
  return
}

// -----

// Constants would be on the host; a model has parameters.

#entry = #frame.entry<sizes = [], arguments = [<name = "y", type = tensor<2xf32>, output = true>]>

memref.global "private" constant @k : memref<2xf32> = dense<1.5>
func.func @constant(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #entry} {
  %y = frame.argument %frame[0] () : memref<2xf32>
  // expected-error @+1 {{'memref.get_global' op expected no array of constants, which is in memory of the host; make it a parameter}}
  %k = memref.get_global @k : memref<2xf32>
  linalg.copy ins(%k : memref<2xf32>) outs(%y : memref<2xf32>)
  return
}
