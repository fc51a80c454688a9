// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-lower-kernels --canonicalize --cse | FileCheck %s

// Seven rows of one register tile: each weight vector is loaded once for all
// rows of the tile. The second panel has 8 columns, one masked vector to a row.

// CHECK-LABEL: func.func @epilogue(
// CHECK-SAME: %[[X:.*]]: memref<7x33xf32>, %[[W:.*]]: memref<2x33x32xf32>, %[[B:.*]]: memref<2x32xf32>, %[[R:.*]]: memref<7x40xf32>, %[[Y:.*]]: memref<7x40xf32>
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : index
// CHECK: %[[ACC:.*]]:14 = scf.for %[[K:.*]] = {{.*}} iter_args
// CHECK: %[[W0:.*]] = vector.load %[[W]][%[[ZERO]], %[[K]], %[[ZERO]]]
// CHECK: %[[W1:.*]] = vector.load %[[W]][%[[ZERO]], %[[K]],
// CHECK-NOT: vector.load %[[W]]
// CHECK: %[[X0:.*]] = memref.load %[[X]][%[[ZERO]], %[[K]]]
// CHECK: %[[V0:.*]] = vector.broadcast %[[X0]]
// CHECK: math.fma %[[V0]], %[[W0]], %{{.*}} : vector<16xf32>
// CHECK: math.fma %[[V0]], %[[W1]], %{{.*}} : vector<16xf32>
// CHECK: scf.yield
// CHECK: %[[BIAS:.*]] = vector.load %[[B]][%[[ZERO]], %[[ZERO]]]
// CHECK: %[[SUM:.*]] = arith.addf %[[ACC]]#0, %[[BIAS]]
// CHECK: %[[RESIDUAL:.*]] = vector.load %[[R]][%[[ZERO]], %[[ZERO]]]
// CHECK: %[[RESULT:.*]] = arith.addf %[[SUM]], %[[RESIDUAL]]
// CHECK: vector.store %[[RESULT]], %[[Y]][%[[ZERO]], %[[ZERO]]]
// CHECK: :7 = scf.for
// CHECK: vector.load %[[W]][%[[ONE]],
// CHECK: vector.maskedload %[[R]]
// CHECK: vector.maskedstore %[[Y]]
func.func @epilogue(%x: memref<7x33xf32>, %w: memref<2x33x32xf32>, %b: memref<2x32xf32>, %r: memref<7x40xf32>,
                    %y: memref<7x40xf32>) {
  block.linear ins(%x, %w : memref<7x33xf32>, memref<2x33x32xf32>) bias(%b : memref<2x32xf32>)
      residual(%r : memref<7x40xf32>) outs(%y : memref<7x40xf32>)
      {layout = #block.panels<columns = 32, lanes = 32>}
  return
}

// Batch and rows may be dynamic: whole tiles in one loop, those of six rows in
// another, then one of all that is left. A residual without batch is read
// without its index.

// CHECK-LABEL: func.func @dynamic(
// CHECK-SAME: %[[X:.*]]: memref<?x?x33xf32>, %[[W:.*]]: memref<1x33x16xf32>, %[[R:.*]]: memref<?x7xf32>, %[[Y:.*]]: memref<?x?x7xf32>
// CHECK: scf.for %[[B:.*]] =
// CHECK: scf.for %[[N:.*]] = {{.*}} step %c14
// CHECK: :14 = scf.for
// CHECK: vector.maskedload %[[R]][%[[N]],
// CHECK: vector.maskedstore %[[Y]][%[[B]], %[[N]],
// CHECK: scf.for %[[M:.*]] = {{.*}} step %c6
// CHECK: :6 = scf.for
// CHECK: scf.index_switch
// CHECK: case 1
// CHECK: vector.maskedstore %[[Y]][%[[B]],
// CHECK: case 5
// CHECK: :5 = scf.for
// CHECK: vector.maskedstore %[[Y]][%[[B]],
// CHECK: default
// CHECK-NOT: vector.maskedstore
// CHECK: return
func.func @dynamic(%x: memref<?x?x33xf32>, %w: memref<1x33x16xf32>, %r: memref<?x7xf32>, %y: memref<?x?x7xf32>) {
  block.linear ins(%x, %w : memref<?x?x33xf32>, memref<1x33x16xf32>) residual(%r : memref<?x7xf32>)
      outs(%y : memref<?x?x7xf32>) {layout = #block.panels<columns = 7, lanes = 16>}
  return
}

// So may columns, in a tile of several panels that may be the last one: a panel
// that is not full is masked, where there is one.

// CHECK-LABEL: func.func @columns(
// CHECK-SAME: %{{.*}}: memref<7x33xf32>, %[[W:.*]]: memref<?x33x32xf32>, %[[Y:.*]]: memref<7x?xf32>
// CHECK: scf.for %[[P:.*]] = %{{.*}} to %[[FULL:.*]] step %c1
// CHECK: vector.load %[[W]][%[[P]],
// CHECK: vector.store %{{.*}}, %[[Y]]
// CHECK: scf.for %{{.*}} = %{{.*}} to %[[REST:.*]] step %c32
// CHECK: vector.load %[[W]][%[[FULL]],
// CHECK: vector.create_mask %[[REST]]
// CHECK: vector.maskedstore %[[Y]]
// CHECK-NOT: vector.store
// CHECK: return
func.func @columns(%x: memref<7x33xf32>, %w: memref<?x33x32xf32>, %y: memref<7x?xf32>) {
  block.linear ins(%x, %w : memref<7x33xf32>, memref<?x33x32xf32>) outs(%y : memref<7x?xf32>)
      {layout = #block.panels<columns = 32, lanes = 32>}
  return
}

// Value and gate of a column are computed side by side; no call of a library.

// CHECK-LABEL: func.func @gated(
// CHECK-SAME: %[[W:[a-z0-9]*]]: memref<1x5x32xf32>
// CHECK-DAG: %[[GATES:.*]] = arith.constant 16 : index
// CHECK: %[[ACC:.*]]:2 = scf.for
// CHECK: vector.load %[[W]][%{{.*}}, %{{.*}}, %[[GATES]]]
// CHECK-NOT: math.erf
// CHECK-NOT: call
// CHECK: arith.mulf %[[ACC]]#0,
// CHECK: vector.maskedstore
func.func @gated(%w: memref<1x5x32xf32>, %x: memref<1x5xf32>, %y: memref<1x7xf32>) {
  block.linear ins(%x, %w : memref<1x5xf32>, memref<1x5x32xf32>) outs(%y : memref<1x7xf32>)
      {activation = #perceiver.activation<gated(gelu_erf)>, layout = #block.panels<columns = 7, lanes = 32, gated = true>}
  return
}

// A long reduction is cut into chains of equal length, whose sums are added.

// CHECK-LABEL: func.func @long(
// CHECK-DAG: %[[CHAIN:.*]] = arith.constant 683 : index
// CHECK-DAG: %[[DEPTH:.*]] = arith.constant 2049 : index
// CHECK: scf.for %[[K:.*]] = %c0 to %[[DEPTH]] step %[[CHAIN]] iter_args(%[[TOTAL:.*]] = {{.*}}) -> (vector<16xf32>)
// CHECK: %[[END:.*]] = arith.addi %[[K]], %[[CHAIN]]
// CHECK: %[[SUM:.*]] = scf.for %{{.*}} = %[[K]] to %[[END]] step %c1 iter_args({{.*}}) -> (vector<16xf32>)
// CHECK: arith.addf %[[TOTAL]], %[[SUM]] : vector<16xf32>
// CHECK-NOT: f64
// CHECK: return
func.func @long(%x: memref<1x2049xf32>, %w: memref<1x2049x16xf32>, %y: memref<1x16xf32>) {
  block.linear ins(%x, %w : memref<1x2049xf32>, memref<1x2049x16xf32>) outs(%y : memref<1x16xf32>)
      {layout = #block.panels<columns = 16, lanes = 16>}
  return
}

// Many chains are added in float64: 65 of 1024.

// CHECK-LABEL: func.func @longer(
// CHECK: scf.for {{.*}} step %c1024 iter_args(%[[TOTAL:.*]] = {{.*}}) -> (vector<16xf64>)
// CHECK: %[[SUM:.*]] = scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>)
// CHECK: %[[WIDE:.*]] = arith.extf %[[SUM]] : vector<16xf32> to vector<16xf64>
// CHECK: arith.addf %[[TOTAL]], %[[WIDE]] : vector<16xf64>
// CHECK: arith.truncf
func.func @longer(%x: memref<1x66560xf32>, %w: memref<1x66560x16xf32>, %y: memref<1x16xf32>) {
  block.linear ins(%x, %w : memref<1x66560xf32>, memref<1x66560x16xf32>) outs(%y : memref<1x16xf32>)
      {layout = #block.panels<columns = 16, lanes = 16>}
  return
}

// CHECK-LABEL: func.func @not_long(
// CHECK-COUNT-1: scf.for
// CHECK-NOT: scf.for
// CHECK: return
func.func @not_long(%x: memref<1x1024xf32>, %w: memref<1x1024x16xf32>, %y: memref<1x16xf32>) {
  block.linear ins(%x, %w : memref<1x1024xf32>, memref<1x1024x16xf32>) outs(%y : memref<1x16xf32>)
      {layout = #block.panels<columns = 16, lanes = 16>}
  return
}

// Groups of channels: a panel multiplies those of its group, two panels each.

// CHECK-LABEL: func.func @grouped(
// CHECK-SAME: %[[X:.*]]: memref<5x15xf32>, %[[W:.*]]: memref<6x5x16xf32>
// CHECK: scf.for %[[P:.*]] = %c0 to %c6 step %c1
// CHECK: %[[G:.*]] = arith.divui %[[P]], %c2
// CHECK: %[[FIRST:.*]] = arith.muli %[[G]], %c5
// CHECK: scf.for %[[K:.*]] = %c0 to %c5
// CHECK: vector.load %[[W]][%[[P]], %[[K]],
// CHECK: %[[C:.*]] = arith.addi %[[FIRST]], %[[K]]
// CHECK: memref.load %[[X]][%c0, %[[C]]]
func.func @grouped(%x: memref<5x15xf32>, %w: memref<6x5x16xf32>, %y: memref<5x96xf32>) {
  block.grouped_linear ins(%x, %w : memref<5x15xf32>, memref<6x5x16xf32>) outs(%y : memref<5x96xf32>) groups = 3
      {layout = #block.panels<columns = 16, lanes = 16>}
  return
}
