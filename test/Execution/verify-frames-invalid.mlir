// RUN: perceiver-opt %s -split-input-file -verify-diagnostics --perceiver-verify-frames

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  // expected-error @+1 {{expected one of the 1 sizes of the entry @run, but got number 1}}
  %n = frame.size %frame[1]
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  %n = frame.size %frame[0]
  // expected-error @+1 {{expected one of the 2 arguments of the entry @run, but got number 9}}
  %x = frame.argument %frame[9] (%n) : memref<?x33xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  %n = frame.size %frame[0]
  // expected-error @+1 {{expected the type of 'x', argument 0 of the entry @run, but got 'memref<?x33xf64>'}}
  %x = frame.argument %frame[0] (%n) : memref<?x33xf64>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  // expected-error @+1 {{expected the type of 'x', argument 0 of the entry @run, but got 'memref<7x33xf32>'}}
  %x = frame.argument %frame[0] () : memref<7x33xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  %n = frame.size %frame[0]
  // expected-error @+1 {{expected the type of 'y', argument 1 of the entry @run, but got 'memref<?xf32>'}}
  %y = frame.argument %frame[1] (%n) : memref<?xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  %n = arith.constant 500 : index
  // expected-error @+1 {{expected size 0 of the frame, 'batch', for dimension 0}}
  %x = frame.argument %frame[0] (%n) : memref<?x33xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  %n = frame.size %frame[0]
  // expected-error @+1 {{expected one of the 0 buffers of the entry @run, but got number 0}}
  %b = frame.buffer %frame[0] (%n) : memref<?xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"], arguments = [],
        buffers = [<first = 1, last = 9, size = [1, 0, 0, 132, 3, 0]>,
                   <first = 1, last = 9, size = [0, 28], per_worker = true>]>} {
  %n = frame.size %frame[0]
  // expected-error @+1 {{expected one of the 2 buffers of the entry @run, but got number 500}}
  %b = frame.buffer %frame[500] (%n) : memref<?xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"], arguments = [],
        buffers = [<first = 1, last = 9, size = [1, 0, 0, 132, 3, 0]>,
                   <first = 1, last = 9, size = [0, 28], per_worker = true>]>} {
  %n = frame.size %frame[0]
  // expected-error @+1 {{expected memory within buffer 0 of the entry @run, but got 'memref<?x34xf32>'}}
  %b = frame.buffer %frame[0] (%n) : memref<?x34xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"], arguments = [],
        buffers = [<first = 1, last = 9, size = [1, 0, 0, 132, 3, 0]>,
                   <first = 1, last = 9, size = [0, 28], per_worker = true>]>} {
  %n = frame.size %frame[0]
  frame.run_tasks %frame @run.phase_0 count(%n)
  return
}

func.func private @run.phase_0(%frame: !llvm.ptr, %task: index, %worker: index) {
  // expected-error @+1 {{expected a worker for buffer 1, which each has of its own}}
  %b = frame.buffer %frame[1] () : memref<7xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"], arguments = [],
        buffers = [<first = 1, last = 9, size = [1, 0, 0, 132, 3, 0]>,
                   <first = 1, last = 9, size = [0, 28], per_worker = true>]>} {
  %n = frame.size %frame[0]
  frame.run_tasks %frame @run.phase_0 count(%n)
  return
}

func.func private @run.phase_0(%frame: !llvm.ptr, %task: index, %worker: index) {
  // expected-error @+1 {{expected no worker for buffer 0, which all share}}
  %b = frame.buffer %frame[0] () worker(%worker) : memref<33xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"], arguments = [],
        buffers = [<first = 1, last = 9, size = [1, 0, 0, 132, 3, 0]>,
                   <first = 1, last = 9, size = [0, 28], per_worker = true>]>} {
  %n = frame.size %frame[0]
  frame.run_tasks %frame @run.phase_0 count(%n)
  return
}

func.func private @run.phase_0(%frame: !llvm.ptr, %task: index, %worker: index) {
  // expected-error @+1 {{expected the number of the worker that runs the task}}
  %b = frame.buffer %frame[1] () worker(%task) : memref<7xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  // expected-error @+1 {{expected a phase around it}}
  %w = frame.worker
  return
}

// -----

block.weight @layers : tensor<7xf32> count 3 offset 1024 stride 64

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  // expected-error @+1 {{expected a weight of the module at byte 99999936}}
  %w = frame.weight %frame at 99999936 : memref<7xf32>
  return
}

// -----

block.weight @layers : tensor<7xf32> count 3 offset 1024 stride 64

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  // expected-error @+1 {{expected @layers, 'memref<7xf32>', but got 'memref<8xf32>'}}
  %w = frame.weight %frame at 1024 : memref<8xf32>
  return
}

// -----

block.weight @layers : tensor<7xf32> count 3 offset 1024 stride 64

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  %n = frame.size %frame[0]
  // expected-error @+1 {{expected @layers with 3 members and a stride of 64, but got 4 and 64}}
  %w = frame.weight %frame at 1024 member(%n of 4) stride 64 : memref<7xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  %other = llvm.mlir.zero : !llvm.ptr
  // expected-error @+1 {{expected the frame that @run takes}}
  %n = frame.size %other[0]
  return
}

// -----

func.func private @task(!llvm.ptr, index, index)

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  %n = frame.size %frame[0]
  // expected-error @+1 {{expected a task with a body, but got @task}}
  frame.run_tasks %frame @task count(%n)
  return
}

// -----

func.func @run(%frame: !llvm.ptr) attributes {
    perceiver.entry, frame.entry = #frame.entry<
        sizes = ["batch"],
        arguments = [<name = "x", type = tensor<?x33xf32>, sizes = [0]>,
                     <name = "y", type = tensor<33xf32>, output = true>]>} {
  %n = frame.size %frame[0]
  frame.run_tasks %frame @run.phase_0 count(%n)
  return
}

func.func private @run.phase_0(%frame: !llvm.ptr, %task: index, %worker: index) {
  // expected-error @+1 {{expected no tasks inside of tasks}}
  frame.run_tasks %frame @run.phase_0 count(%task)
  return
}

// -----

func.func @helper(%frame: !llvm.ptr) {
  // expected-error @+1 {{expected an entry or one of its tasks around it, but got @helper}}
  %n = frame.size %frame[0]
  return
}

// -----

// expected-error @+1 {{expected an entry that takes the frame and returns nothing, but got '(!llvm.ptr, index) -> ()'}}
func.func @run(%frame: !llvm.ptr, %n: index) attributes {perceiver.entry} {
  return
}

// -----

// expected-error @+1 {{expected an entry with a signature; is perceiver-lower-entries missing?}}
func.func @run(%frame: !llvm.ptr) attributes {perceiver.entry} {
  return
}
