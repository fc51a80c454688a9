// RUN: perceiver-opt %s --perceiver-set-target=backend=cuda | FileCheck %s --check-prefix=DEFAULT
// RUN: perceiver-opt %s --perceiver-set-target='backend=cuda architectures=90,80,90 cpu=x86-64-v3' | FileCheck %s --check-prefix=TWO
// RUN: perceiver-opt %s --perceiver-set-target='backend=cuda architectures=80' | not perceiver-opt --perceiver-set-target='backend=cuda architectures=90' 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: not perceiver-opt %s --perceiver-set-target='backend=cuda architectures=75' 2>&1 | FileCheck %s --check-prefix=OLD
// RUN: not perceiver-opt %s --perceiver-set-target='backend=cuda architectures=90a' 2>&1 | FileCheck %s --check-prefix=LETTER
// RUN: not perceiver-opt %s --perceiver-set-target='backend=cuda architectures=80,81' 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// What blocks of all architectures may share, and a processor that everybody
// has.
// DEFAULT: #perceiver.cuda_target<architectures = [80, 86, 89, 90, 120], multiprocessors = 132, shared_bytes = 101376, triple = "{{.*}}", cpu = "{{x86-64|generic}}"
// TWO: #perceiver.cuda_target<architectures = [80, 90], multiprocessors = 132, shared_bytes = 166912, triple = "x86_64-{{.*}}", cpu = "x86-64-v3"
// OTHER: was made for sm_80; go on with --cuda-arch=80
// OLD: error: expected GPUs of compute capability 80 or above, but got 75
// LETTER: error: expected compute capabilities of GPUs, as 80 for 8.0, but got '90a'
// UNKNOWN: error: expected compute capabilities of GPUs, as 80 for 8.0, but got '81'
func.func @f() {
  return
}
