// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @attention
func.func @attention(%q: tensor<5x6xf32>, %k: tensor<?x?x6xf32>, %v: tensor<?x?x9xf32>, %n: tensor<?xi64>,
                     %m: tensor<?x?xi1>, %y: tensor<?x5x9xf32>, %l: tensor<?x3x5xf32>) {
  // CHECK: block.attention ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<5x6xf32>, tensor<?x?x6xf32>, tensor<?x?x9xf32>)
  // CHECK-SAME: lengths(%{{.*}} : tensor<?xi64>) mask(%{{.*}} : tensor<?x?xi1>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : tensor<?x5x9xf32>, tensor<?x3x5xf32>) heads = 3
  // CHECK-SAME: {masked_rows = #perceiver.masked_rows<uniform>, scale = 5.000000e-01 : f64} -> tensor<?x5x9xf32>, tensor<?x3x5xf32>
  %0, %1 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x?x6xf32>, tensor<?x?x9xf32>)
      lengths(%n : tensor<?xi64>) mask(%m : tensor<?x?xi1>) outs(%y, %l : tensor<?x5x9xf32>, tensor<?x3x5xf32>)
      heads = 3 {scale = 0.5 : f64, masked_rows = #perceiver.masked_rows<uniform>}
      -> tensor<?x5x9xf32>, tensor<?x3x5xf32>
  return
}

// CHECK-LABEL: func.func @attention_on_memrefs
func.func @attention_on_memrefs(%q: memref<?x5x6xf32>, %k: memref<?x7x6xf32>, %v: memref<?x7x9xf32>,
                                %y: memref<?x5x9xf32>) {
  // CHECK: block.attention ins({{.*}}) outs(%{{.*}} : memref<?x5x9xf32>) heads = 3{{$}}
  block.attention ins(%q, %k, %v : memref<?x5x6xf32>, memref<?x7x6xf32>, memref<?x7x9xf32>)
      outs(%y : memref<?x5x9xf32>) heads = 3
  return
}

// Twelve heads share three of keys and values.

// CHECK-LABEL: func.func @shared_keys
func.func @shared_keys(%q: tensor<5x24xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %y: tensor<?x5x36xf32>,
                       %a: tensor<?x12x3x5xf32>, %m: tensor<?x12x5xf32>) {
  // CHECK: block.attention ins({{.*}}) outs(%{{.*}} : tensor<?x5x36xf32>) heads = 12 {kv_heads = 3 : i64} -> tensor<?x5x36xf32>
  %0 = block.attention ins(%q, %k, %v : tensor<5x24xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%y : tensor<?x5x36xf32>) heads = 12 {kv_heads = 3 : i64} -> tensor<?x5x36xf32>
  // CHECK: block.online_attention ins({{.*}}) outs({{.*}}) heads = 12 scale = 5.000000e-01 {kv_heads = 3 : i64}
  %1:3 = block.online_attention ins(%q, %k, %v : tensor<5x24xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      outs(%a, %m, %m : tensor<?x12x3x5xf32>, tensor<?x12x5xf32>, tensor<?x12x5xf32>) heads = 12 scale = 0.5
      {kv_heads = 3 : i64} -> tensor<?x12x3x5xf32>, tensor<?x12x5xf32>, tensor<?x12x5xf32>
  return
}

// CHECK-LABEL: func.func @score_bias
func.func @score_bias(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %c: tensor<?x3x7xf32>,
                      %mask: tensor<?x7xi1>, %m8: tensor<?x7xi8>, %y: tensor<?x5x9xf32>, %a: tensor<?x3x3x5xf32>,
                      %m: tensor<?x3x5xf32>) {
  // CHECK: block.attention ins({{.*}}) mask(%{{.*}} : tensor<?x7xi1>) score_bias(%{{.*}} : tensor<?x3x7xf32>) outs(%{{.*}} : tensor<?x5x9xf32>) heads = 3
  %0 = block.attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      mask(%mask : tensor<?x7xi1>) score_bias(%c : tensor<?x3x7xf32>) outs(%y : tensor<?x5x9xf32>) heads = 3
      -> tensor<?x5x9xf32>
  // CHECK: block.online_attention ins({{.*}}) mask(%{{.*}} : tensor<?x7xi8>) score_bias(%{{.*}} : tensor<?x3x7xf32>) outs({{.*}}) heads = 3 scale = 5.000000e-01
  %1:3 = block.online_attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32>)
      mask(%m8 : tensor<?x7xi8>) score_bias(%c : tensor<?x3x7xf32>)
      outs(%a, %m, %m : tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>) heads = 3 scale = 0.5
      -> tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>
  return
}

// CHECK-LABEL: func.func @online_attention
func.func @online_attention(%q: tensor<5x6xf32>, %k: tensor<?x?x6xf32>, %v: tensor<?x?x9xf32>, %n: tensor<?xi64>,
                            %mask: tensor<?x?xi1>, %m8: tensor<?x?xi8>, %a: tensor<?x3x3x5xf32>, %m: tensor<?x3x5xf32>,
                            %as: tensor<4x?x3x3x5xf32>, %ms: tensor<4x?x3x5xf32>, %y: tensor<?x5x9xf32>) {
  // CHECK: block.key_mask lengths(%{{.*}} : tensor<?xi64>) mask(%{{.*}} : tensor<?x?xi1>) outs(
  %keys = block.key_mask lengths(%n : tensor<?xi64>) mask(%mask : tensor<?x?xi1>) outs(%m8 : tensor<?x?xi8>)
      -> tensor<?x?xi8>
  // CHECK: block.online_attention ins({{.*}}) mask(%{{.*}} : tensor<?x?xi8>) outs({{.*}}) heads = 3 scale = 5.000000e-01
  %0, %1, %2 = block.online_attention ins(%q, %k, %v : tensor<5x6xf32>, tensor<?x?x6xf32>, tensor<?x?x9xf32>)
      mask(%keys : tensor<?x?xi8>) outs(%a, %m, %m : tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>)
      heads = 3 scale = 0.5 -> tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>
  // CHECK: block.merge_attention
  %3, %4, %5 = block.merge_attention
      ins(%as, %ms, %ms : tensor<4x?x3x3x5xf32>, tensor<4x?x3x5xf32>, tensor<4x?x3x5xf32>)
      outs(%0, %1, %2 : tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>)
      -> tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>
  // CHECK: block.finish_attention ins({{.*}}) outs(%{{.*}}, %{{.*}} : tensor<?x5x9xf32>, tensor<?x3x5xf32>)
  %6, %7 = block.finish_attention ins(%3, %4, %5 : tensor<?x3x3x5xf32>, tensor<?x3x5xf32>, tensor<?x3x5xf32>)
      outs(%y, %m : tensor<?x5x9xf32>, tensor<?x3x5xf32>) -> tensor<?x5x9xf32>, tensor<?x3x5xf32>
  return
}
