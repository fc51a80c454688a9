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
