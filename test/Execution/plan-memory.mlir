// RUN: perceiver-opt %s --perceiver-plan-memory | FileCheck %s

// Sizes are postfix programs over the sizes of the entry, in normal form: (0, v)
// is a constant, (1, n) size n, (2, 0) adds, (3, 0) multiplies. Buffer 0 is [n, 33] floats and
// live until the loop that reads a view of it ends; buffer 1 is 3 n + 7 bytes;
// buffer 2 has a size that only a bound is known of, 7 floats; buffer 3 belongs
// to each worker for the whole phase.

// CHECK: #[[TRIPLE:.*]] = affine_map<(d0) -> (d0 * 3 + 7)>
// CHECK-LABEL: func.func @run(
// CHECK-SAME: %[[FRAME:.*]]: !llvm.ptr)
// CHECK-SAME: <first = [[A:[0-9]+]], last = [[#LOOP_END:]], size = [1, 0, 0, 132, 3, 0]>
// CHECK-SAME: <first = [[B:[0-9]+]], last = [[B]], size = [1, 0, 0, 3, 3, 0, 0, 7, 2, 0]>
// CHECK-SAME: <first = [[#T:]],
// CHECK-SAME: last = [[#T + 2]], size = [0, 28]>
// CHECK-SAME: <first = [[#LOOP_END + 1]], last = {{[0-9]+}}, size = [0, 924], per_worker = true>
// CHECK-NOT: memref.alloc
// CHECK-NOT: memref.dealloc
// CHECK: %[[N:.*]] = frame.size %[[FRAME]][0]
// CHECK: %[[A_:.*]] = frame.buffer %[[FRAME]][0] (%[[N]]) : memref<?x33xf32>
// CHECK: %[[M:.*]] = affine.apply #[[TRIPLE]](%[[N]])
// CHECK: frame.buffer %[[FRAME]][1] (%[[M]]) : memref<?xi8>
// CHECK: scf.for
// CHECK: memref.subview %[[A_]]
// CHECK: frame.buffer %[[FRAME]][2] (%{{.*}}) : memref<?xf32>
// CHECK: scf.forall
// CHECK: %[[WORKER:.*]] = frame.worker
// CHECK: frame.buffer %[[FRAME]][3] () worker(%[[WORKER]]) : memref<7x33xf32>
func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<sizes = ["n", "m", "k"], arguments = []>} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %f = arith.constant 0.0 : f32
  %n = frame.size %frame[0]
  %a = memref.alloc(%n) : memref<?x33xf32>
  linalg.fill ins(%f : f32) outs(%a : memref<?x33xf32>)
  %m = affine.apply affine_map<(d0) -> (d0 * 3 + 7)>(%n)
  %b = memref.alloc(%m) : memref<?xi8>
  scf.for %i = %c0 to %n step %c1 {
    %s = memref.subview %a[%i, 0] [1, 33] [1, 1] : memref<?x33xf32> to memref<1x33xf32, strided<[33, 1], offset: ?>>
    %k = affine.min affine_map<(d0) -> (d0, 7)>(%i)
    %t = memref.alloc(%k) : memref<?xf32>
    linalg.fill ins(%f : f32) outs(%t : memref<?xf32>)
    linalg.fill ins(%f : f32) outs(%s : memref<1x33xf32, strided<[33, 1], offset: ?>>)
  }
  scf.forall (%i) in (%n) {
    %t = memref.alloc() : memref<7x33xf32>
    linalg.fill ins(%f : f32) outs(%t : memref<7x33xf32>)
  }
  memref.dealloc %b : memref<?xi8>
  return
}

// Sizes that are read from an argument: a dynamic one is a size of the entry,
// one between constants is that number.

// CHECK-LABEL: func.func @dimensions
// CHECK-SAME: buffers = [
// CHECK-SAME: size = [1, 2, 0, 28, 3, 0]
func.func @dimensions(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<sizes = ["n", "m", "k"], arguments = []>} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %f = arith.constant 0.0 : f32
  %n = frame.size %frame[2]
  %x = frame.argument %frame[0] (%n) : memref<?x7xf32>
  %rows = memref.dim %x, %c0 : memref<?x7xf32>
  %columns = memref.dim %x, %c1 : memref<?x7xf32>
  %a = memref.alloc(%rows, %columns) : memref<?x?xf32>
  linalg.fill ins(%f : f32) outs(%a : memref<?x?xf32>)
  return
}

// Only entries have a workspace.

// CHECK-LABEL: func.func @no_entry
// CHECK: memref.alloc() : memref<7xf32>
func.func @no_entry() -> memref<7xf32> {
  %a = memref.alloc() : memref<7xf32>
  return %a : memref<7xf32>
}

// A bool takes a byte.

// CHECK-LABEL: func.func @bool(
// CHECK-SAME: size = [1, 0, 0, 8, 3, 0]
func.func @bool(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<sizes = ["n", "m", "k"], arguments = []>} {
  %n = frame.size %frame[0]
  %a = memref.alloc(%n) : memref<?x8xi1>
  return
}

// Divisions and minima of sizes: n ceildiv 64 blocks of min(n, m) bytes.

// CHECK-LABEL: func.func @blocks(
// CHECK-SAME: size = [1, 0, 0, 64, 5, 0, 1, 0, 1, 1, 7, 0, 3, 0]
func.func @blocks(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<sizes = ["n", "m", "k"], arguments = []>} {
  %n = frame.size %frame[0]
  %m = frame.size %frame[1]
  %blocks = affine.apply affine_map<()[s0] -> (s0 ceildiv 64)>()[%n]
  %least = affine.min affine_map<(d0, d1) -> (d0, d1)>(%n, %m)
  %a = memref.alloc(%blocks, %least) : memref<?x?xi8>
  return
}

// What a minimum is at most: m bytes for each, of the rows that are left of n.

// CHECK-LABEL: func.func @left(
// CHECK-SAME: size = [1, 1, 0, 8, 3, 0]
func.func @left(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<sizes = ["n", "m", "k"], arguments = []>} {
  %c0 = arith.constant 0 : index
  %f = arith.constant 0.0 : f32
  %n = frame.size %frame[0]
  %m = frame.size %frame[1]
  scf.for %i = %c0 to %n step %m {
    %rows = affine.min affine_map<(d0)[s0, s1] -> (s1, s0 - d0)>(%i)[%n, %m]
    %a = memref.alloc(%rows) : memref<?x8xi8>
    %b = memref.cast %a : memref<?x8xi8> to memref<?x?xi8>
  }
  return
}
