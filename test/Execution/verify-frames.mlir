// RUN: perceiver-opt %s --perceiver-verify-frames | FileCheck %s

// Before a memory plan and after it: all that is read is in the frame.

module {
block.weight @matrix : tensor<7x33xf32> offset 0 stride 960
block.weight @layers : tensor<7xf32> count 3 offset 1024 stride 64
// A weight that has no place is none that code can read.
block.weight @later : tensor<7xf32>

// CHECK-LABEL: func.func @unplanned(
func.func @unplanned(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch", "points"],
        arguments = [<name = "x", type = tensor<?x7x?xi1>, sizes = [1, 0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  %n = frame.size %frame[0]
  %m = frame.size %frame[1]
  %x = frame.argument %frame[0] (%m, %n) : memref<?x7x?xi1>
  %c0 = arith.constant 0 : index
  %points = memref.dim %x, %c0 : memref<?x7x?xi1>
  %same = frame.argument %frame[0] (%points, %n) : memref<?x7x?xi1>
  %y = frame.argument %frame[1] () : memref<33xf32>
  %w = frame.weight %frame at 0 : memref<7x33xf32>
  scf.forall (%i) in (%n) {
    %worker = frame.worker
    %l = frame.weight %frame at 1024 member(%i of 3) stride 64 : memref<7xf32>
  }
  return
}

// The sizes of buffers are compared as the plan has them, in normal form; what
// depends on more than the sizes of the entry has been bounded.

// CHECK-LABEL: func.func @planned(
func.func @planned(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"], arguments = [],
        buffers = [<first = 1, last = 9, size = [1, 0, 0, 132, 3, 0]>,
                   <first = 1, last = 9, size = [0, 28], per_worker = true>]>} {
  %n = frame.size %frame[0]
  %rows = affine.apply affine_map<(d0) -> (d0 * 33)>(%n)
  %b = frame.buffer %frame[0] (%rows) : memref<?xf32>
  frame.run_tasks %frame @planned.phase_0 count(%n) captures(%n : index)
  frame.run_tasks %frame @planned.phase_0 count(%n) captures(%n : index)
  return
}

// CHECK-LABEL: func.func private @planned.phase_0(
func.func private @planned.phase_0(%frame: !llvm.ptr, %task: index, %worker: index, %n: index) {
  %k = affine.min affine_map<(d0) -> (d0, 7)>(%task)
  %b = frame.buffer %frame[1] (%k) worker(%worker) : memref<?xf32>
  return
}

// What computes weights has no frame.

// CHECK-LABEL: func.func private @prepare_0(
func.func private @prepare_0() attributes {perceiver.prepare} {
  return
}
}
