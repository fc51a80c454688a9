// RUN: perceiver-opt %s -split-input-file -verify-diagnostics --perceiver-set-target=cpu=x86-64-v3 | FileCheck %s

// A person's figures stay.
// CHECK: module attributes {perceiver.target = #perceiver.cpu_target<triple = "x86_64-pc-linux-gnu", cpu = "x86-64-v3", lanes = 4,
module attributes {perceiver.target = #perceiver.cpu_target<triple = "x86_64-pc-linux-gnu", cpu = "x86-64-v3",
    lanes = 4, registers = 8, fma = false, l1_bytes = 1, l2_bytes = 1, tasks = 1, key_parts = 1>} {
}

// -----

// expected-error @+1 {{was made for x86-64-v4; go on with --target-cpu=x86-64-v4, or from the output of the stage 'rewrite'}}
module attributes {perceiver.target = #perceiver.cpu_target<triple = "x86_64-pc-linux-gnu", cpu = "x86-64-v4",
    lanes = 16, registers = 32, fma = true, l1_bytes = 32768, l2_bytes = 32768, tasks = 64, key_parts = 16>} {
}
