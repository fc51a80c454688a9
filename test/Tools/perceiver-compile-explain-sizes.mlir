// RUN: perceiver-compile %s --target-cpu=x86-64-v4 --emit=obj -o %t.o --explain=phases,buffers 2>&1 | FileCheck %s --check-prefix=CPU
// RUN: perceiver-compile %s --target=cuda --emit=obj -o %t.o --explain=phases,buffers 2>&1 | FileCheck %s --check-prefix=GPU

// What sizes that are not known cost an attention of one head. Its keys are split into
// few parts, in which they are projected; of few keys as many batch entries are taken
// together as make 16 tasks. A GPU has no part below 1,024 keys. No buffer grows with
// the keys but what a GPU projects.

// CPU:      phases of entry encode
// CPU:      1 batch ceildiv (16 floordiv (keys ceildiv ((keys ceildiv 1024) * 64))) (16 floordiv (keys ceildiv ((keys ceildiv 1024) * 64))) * (keys ceildiv ((keys ceildiv 1024) * 64)) linear, linear, online_attention
// CPU:      2 {{.*}} merge_attention
// CPU:      3 1 batch * 8 finish_attention, linear
// CPU:      buffers of entry encode
// CPU-NOT:  {{(keys \*|\* keys)}}
// CPU:      workspace

// GPU:      phases of entry encode
// GPU:      2 1 batch * (keys ceildiv ((keys ceildiv 16384) * 1024)) * 8 online_attention
// GPU:      buffers of entry encode
// GPU:      batch * keys * 512
// GPU-NOT:  {{(keys \*|\* keys)}}
// GPU:      workspace
perceiver.parameter @q : tensor<24x64xf32> key "q"
perceiver.parameter @k : tensor<24x64xf32> key "k"
perceiver.parameter @v : tensor<24x64xf32> key "v"
perceiver.parameter @o : tensor<64x24xf32> key "o"

func.func @encode(%z: tensor<512x24xf32> {perceiver.name = "z"},
                  %x: tensor<?x?x24xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x512x24xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %0 = perceiver.cross_block %z, %x heads = 1 qk_channels = 64 v_channels = 64 mlp = none
      weights {query = [@q], key = [@k], value = [@v], output = [@o]} {perceiver.algebra = #perceiver.algebra<project>}
      : tensor<512x24xf32>, tensor<?x?x24xf32> -> tensor<?x512x24xf32>
  return %0 : tensor<?x512x24xf32>
}
