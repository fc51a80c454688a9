// RUN: perceiver-opt %s --perceiver-gpu-lower-kernels -split-input-file -verify-diagnostics

// expected-error @+1 {{expected a kernel of one operation on arrays, but got 0}}
func.func @empty(%task: index) attributes {perceiver.kernel} {
  return
}

// -----

func.func @transpose(%task: index, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
  %0 = frame.array %x() : memref<8x48xf32>
  %1 = frame.array %y() : memref<48x8xf32>
  // expected-error @+1 {{cannot become code of a GPU, which has no kernel for it}}
  linalg.transpose ins(%0 : memref<8x48xf32>) outs(%1 : memref<48x8xf32>) permutation = [1, 0]
  return
}

// -----

// expected-error @+1 {{expected a view of an array of the kernel}}
func.func @foreign(%task: index, %x: memref<1x8x64xf32>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
  %0 = frame.array %y() : memref<1x8x64xf32>
  block.add ins(%x, %0 : memref<1x8x64xf32>, memref<1x8x64xf32>) outs(%0 : memref<1x8x64xf32>)
  return
}

// -----

func.func @channels(%task: index, %x: !llvm.ptr<1>, %n: index) attributes {perceiver.kernel} {
  %0 = frame.array %x(%n) : memref<8x?xf32>
  // expected-error @+1 {{expected static channels, but got 'memref<8x?xf32>'}}
  block.layer_norm ins(%0 : memref<8x?xf32>) outs(%0 : memref<8x?xf32>)
  return
}

// -----

func.func @gates(%task: index, %x: !llvm.ptr<1>, %w: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
  %0 = frame.array %x() : memref<8x16xf32>
  %1 = frame.array %w() : memref<16x64xf32>
  %2 = frame.array %y() : memref<8x32xf32>
  // expected-error @+1 {{expected gates in the layout #block.planes}}
  block.linear ins(%0, %1 : memref<8x16xf32>, memref<16x64xf32>) outs(%2 : memref<8x32xf32>) {activation = #perceiver.activation<gated(gelu_erf)>}
  return
}

// -----

func.func @panels(%task: index, %x: !llvm.ptr<1>, %w: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
  %0 = frame.array %x() : memref<8x16xf32>
  %1 = frame.array %w() : memref<2x16x16xf32>
  %2 = frame.array %y() : memref<8x32xf32>
  // expected-error @+1 {{expected a plain weight, but got #block.panels<columns = 16, lanes = 16>}}
  block.linear ins(%0, %1 : memref<8x16xf32>, memref<2x16x16xf32>) outs(%2 : memref<8x32xf32>) {layout = #block.panels<columns = 16, lanes = 16>}
  return
}

// -----

func.func @narrow(%task: index, %x: !llvm.ptr<1>, %w: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
  %0 = frame.array %x() : memref<8x16xf32>
  %1 = frame.array %w() : memref<16x32xbf16>
  %2 = frame.array %y() : memref<8x32xf32>
  // expected-error @+1 {{expected a float32 weight with a static number of rows, but got 'memref<16x32xbf16>'}}
  block.linear ins(%0, %1 : memref<8x16xf32>, memref<16x32xbf16>) outs(%2 : memref<8x32xf32>)
  return
}

// -----

module attributes {perceiver.target = #perceiver.cuda_target<architectures = [80], multiprocessors = 132, shared_bytes = 1024, triple = "x86_64-linux-gnu", cpu = "x86-64">} {
  func.func @linear(%task: index, %x: !llvm.ptr<1>, %w: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
    %0 = frame.array %x() : memref<64x64xf32>
    %1 = frame.array %w() : memref<64x64xf32>
    %2 = frame.array %y() : memref<64x64xf32>
    // expected-error @+1 {{expected a kernel whose blocks share at most 1024 bytes on sm_80, but its tile takes}}
    block.linear ins(%0, %1 : memref<64x64xf32>, memref<64x64xf32>) outs(%2 : memref<64x64xf32>)
    return
  }
}
