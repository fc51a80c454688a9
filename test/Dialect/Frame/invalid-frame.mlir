// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @run(%frame: !llvm.ptr, %n: index) {
  // expected-error @+1 {{expected a function @task}}
  frame.run_tasks %frame @task count(%n)
  return
}

// -----

func.func private @task(!llvm.ptr, index, index)

func.func @run(%frame: !llvm.ptr, %n: index) {
  // expected-error @+1 {{expected @task to take the frame, the task, the worker and the captures, but got '(!llvm.ptr, index, index) -> ()'}}
  frame.run_tasks %frame @task count(%n) captures(%n : index)
  return
}

// -----

func.func private @task(!llvm.ptr, index, index) -> index

func.func @run(%frame: !llvm.ptr, %n: index) {
  // expected-error @+1 {{expected @task to take the frame, the task, the worker and the captures, but got '(!llvm.ptr, index, index) -> index'}}
  frame.run_tasks %frame @task count(%n)
  return
}

// -----

func.func @run(%frame: !llvm.ptr) {
  // expected-error @+1 {{expected a number of at least 0, but got -1}}
  %n = frame.size %frame[-1]
  return
}

// -----

func.func @run(%frame: !llvm.ptr) {
  // expected-error @+1 {{expected a number of at least 0, but got -1}}
  %x = frame.argument %frame[-1] () : memref<7xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %n: index) {
  // expected-error @+1 {{expected 1 dynamic sizes for 'memref<?x33xf32>', but got 0}}
  %x = frame.argument %frame[0] () : memref<?x33xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %n: index) {
  // expected-error @+1 {{expected 0 dynamic sizes for 'memref<7xf32>', but got 1}}
  %b = frame.buffer %frame[0] (%n) : memref<7xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) {
  // expected-error @+1 {{expected contiguous integers or floats, but got 'memref<7xf32, strided<[2]>>'}}
  %b = frame.buffer %frame[0] () : memref<7xf32, strided<[2]>>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) {
  // expected-error @+1 {{expected contiguous integers or floats, but got 'memref<7xindex>'}}
  %b = frame.buffer %frame[0] () : memref<7xindex>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) {
  // expected-error @+1 {{expected 1 dynamic sizes for 'memref<?xf32>', but got 0}}
  %w = frame.weight %frame at 0 : memref<?xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr) {
  // expected-error @+1 {{expected an offset and a stride of at least 0 and at least 1 member, but got -64, 0 and 1}}
  %w = frame.weight %frame at -64 : memref<7xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %n: index) {
  // expected-error @+1 {{expected an offset and a stride of at least 0 and at least 1 member, but got 0, 64 and 0}}
  %w = frame.weight %frame at 0 member(%n of 0) stride 64 : memref<7xf32>
  return
}

// -----

func.func @run(%x: !llvm.ptr<1>) {
  // expected-error @+1 {{expected 1 dynamic sizes for 'memref<?xf32>', but got 0}}
  %w = frame.array %x() : memref<?xf32>
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %n: index) {
  // expected-error @+1 {{expected a kernel @kernels::@scale}}
  frame.launch %frame @kernels::@scale count(%n) at 0
  return
}

// -----

module @kernels {
  func.func private @scale(index, !llvm.ptr<1>)
}

func.func @run(%frame: !llvm.ptr, %n: index) {
  // expected-error @+1 {{expected @kernels::@scale to take the task and the arguments, but got 'index', '!llvm.ptr<1>'}}
  frame.launch %frame @kernels::@scale count(%n) arguments(%n : index) at 0
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %n: index, %x: memref<7xf32, strided<[2]>>) {
  // expected-error @+1 {{expected sizes and contiguous arrays, but got 'memref<7xf32, strided<[2]>>'}}
  frame.launch %frame @kernels::@scale count(%n) arguments(%x : memref<7xf32, strided<[2]>>) at 0
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %n: index) {
  // expected-error @+1 {{expected a number of at least 0, but got -1}}
  frame.launch %frame @kernels::@scale count(%n) at -1
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %x: memref<7xf32, strided<[2]>>) {
  // expected-error @+1 {{expected contiguous arrays, but got 'memref<7xf32, strided<[2]>>'}}
  frame.copy %frame %x to %x at 1 : memref<7xf32, strided<[2]>>
  return
}

// -----

func.func @run(%frame: !llvm.ptr, %x: memref<7xf32>) {
  // expected-error @+1 {{expected a number of at least 0, but got -1}}
  frame.copy %frame %x to %x at -1 : memref<7xf32>
  return
}
