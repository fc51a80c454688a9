// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// Linear layers around the sizes of the matrix kernel's tiles: rows around a
// register tile of 14 and a task of 64, columns around panels of 16 and 48. What
// leaves all layers is one number for each row, to which each column of each layer
// adds something else.

perceiver.parameter @w15 : tensor<7x15xf32> key "w15"
perceiver.parameter @w16 : tensor<7x16xf32> key "w16"
perceiver.parameter @w17 : tensor<7x17xf32> key "w17"
perceiver.parameter @w47 : tensor<7x47xf32> key "w47"
perceiver.parameter @w48 : tensor<7x48xf32> key "w48"
perceiver.parameter @w49 : tensor<7x49xf32> key "w49"
perceiver.parameter @v15 : tensor<15x1xf32> key "v15"
perceiver.parameter @v16 : tensor<16x1xf32> key "v16"
perceiver.parameter @v17 : tensor<17x1xf32> key "v17"
perceiver.parameter @v47 : tensor<47x1xf32> key "v47"
perceiver.parameter @v48 : tensor<48x1xf32> key "v48"
perceiver.parameter @v49 : tensor<49x1xf32> key "v49"

check.checkpoint {
  %w15 = check.generate "w15" : tensor<7x15xf32>
  check.tensor "w15", %w15 : tensor<7x15xf32>
  %v15 = check.generate "v15" scale = 0.25 : tensor<15x1xf32>
  check.tensor "v15", %v15 : tensor<15x1xf32>
  %w16 = check.generate "w16" : tensor<7x16xf32>
  check.tensor "w16", %w16 : tensor<7x16xf32>
  %v16 = check.generate "v16" scale = 0.25 : tensor<16x1xf32>
  check.tensor "v16", %v16 : tensor<16x1xf32>
  %w17 = check.generate "w17" : tensor<7x17xf32>
  check.tensor "w17", %w17 : tensor<7x17xf32>
  %v17 = check.generate "v17" scale = 0.25 : tensor<17x1xf32>
  check.tensor "v17", %v17 : tensor<17x1xf32>
  %w47 = check.generate "w47" : tensor<7x47xf32>
  check.tensor "w47", %w47 : tensor<7x47xf32>
  %v47 = check.generate "v47" scale = 0.25 : tensor<47x1xf32>
  check.tensor "v47", %v47 : tensor<47x1xf32>
  %w48 = check.generate "w48" : tensor<7x48xf32>
  check.tensor "w48", %w48 : tensor<7x48xf32>
  %v48 = check.generate "v48" scale = 0.25 : tensor<48x1xf32>
  check.tensor "v48", %v48 : tensor<48x1xf32>
  %w49 = check.generate "w49" : tensor<7x49xf32>
  check.tensor "w49", %w49 : tensor<7x49xf32>
  %v49 = check.generate "v49" scale = 0.25 : tensor<49x1xf32>
  check.tensor "v49", %v49 : tensor<49x1xf32>
}

func.func @rows(%x: tensor<?x7xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x1xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %size = tensor.dim %x, %c0 : tensor<?x7xf32>
  %i1 = tensor.empty(%size) : tensor<?x1xf32>
  %w15 = perceiver.get_parameter @w15 : tensor<7x15xf32>
  %v15 = perceiver.get_parameter @v15 : tensor<15x1xf32>
  %i15 = tensor.empty(%size) : tensor<?x15xf32>
  %h15 = block.linear ins(%x, %w15 : tensor<?x7xf32>, tensor<7x15xf32>)
      outs(%i15 : tensor<?x15xf32>) -> tensor<?x15xf32>
  %s15 = block.linear ins(%h15, %v15 : tensor<?x15xf32>, tensor<15x1xf32>)
      outs(%i1 : tensor<?x1xf32>) -> tensor<?x1xf32>
  %w16 = perceiver.get_parameter @w16 : tensor<7x16xf32>
  %v16 = perceiver.get_parameter @v16 : tensor<16x1xf32>
  %i16 = tensor.empty(%size) : tensor<?x16xf32>
  %h16 = block.linear ins(%x, %w16 : tensor<?x7xf32>, tensor<7x16xf32>)
      outs(%i16 : tensor<?x16xf32>) -> tensor<?x16xf32>
  %s16 = block.linear ins(%h16, %v16 : tensor<?x16xf32>, tensor<16x1xf32>) residual(%s15 : tensor<?x1xf32>)
      outs(%i1 : tensor<?x1xf32>) -> tensor<?x1xf32>
  %w17 = perceiver.get_parameter @w17 : tensor<7x17xf32>
  %v17 = perceiver.get_parameter @v17 : tensor<17x1xf32>
  %i17 = tensor.empty(%size) : tensor<?x17xf32>
  %h17 = block.linear ins(%x, %w17 : tensor<?x7xf32>, tensor<7x17xf32>)
      outs(%i17 : tensor<?x17xf32>) -> tensor<?x17xf32>
  %s17 = block.linear ins(%h17, %v17 : tensor<?x17xf32>, tensor<17x1xf32>) residual(%s16 : tensor<?x1xf32>)
      outs(%i1 : tensor<?x1xf32>) -> tensor<?x1xf32>
  %w47 = perceiver.get_parameter @w47 : tensor<7x47xf32>
  %v47 = perceiver.get_parameter @v47 : tensor<47x1xf32>
  %i47 = tensor.empty(%size) : tensor<?x47xf32>
  %h47 = block.linear ins(%x, %w47 : tensor<?x7xf32>, tensor<7x47xf32>)
      outs(%i47 : tensor<?x47xf32>) -> tensor<?x47xf32>
  %s47 = block.linear ins(%h47, %v47 : tensor<?x47xf32>, tensor<47x1xf32>) residual(%s17 : tensor<?x1xf32>)
      outs(%i1 : tensor<?x1xf32>) -> tensor<?x1xf32>
  %w48 = perceiver.get_parameter @w48 : tensor<7x48xf32>
  %v48 = perceiver.get_parameter @v48 : tensor<48x1xf32>
  %i48 = tensor.empty(%size) : tensor<?x48xf32>
  %h48 = block.linear ins(%x, %w48 : tensor<?x7xf32>, tensor<7x48xf32>)
      outs(%i48 : tensor<?x48xf32>) -> tensor<?x48xf32>
  %s48 = block.linear ins(%h48, %v48 : tensor<?x48xf32>, tensor<48x1xf32>) residual(%s47 : tensor<?x1xf32>)
      outs(%i1 : tensor<?x1xf32>) -> tensor<?x1xf32>
  %w49 = perceiver.get_parameter @w49 : tensor<7x49xf32>
  %v49 = perceiver.get_parameter @v49 : tensor<49x1xf32>
  %i49 = tensor.empty(%size) : tensor<?x49xf32>
  %h49 = block.linear ins(%x, %w49 : tensor<?x7xf32>, tensor<7x49xf32>)
      outs(%i49 : tensor<?x49xf32>) -> tensor<?x49xf32>
  %s49 = block.linear ins(%h49, %v49 : tensor<?x49xf32>, tensor<49x1xf32>) residual(%s48 : tensor<?x1xf32>)
      outs(%i1 : tensor<?x1xf32>) -> tensor<?x1xf32>
  return %s49 : tensor<?x1xf32>
}

func.func @fixed(%x: tensor<?x15x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x15x1xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %size = tensor.dim %x, %c0 : tensor<?x15x7xf32>
  %i1 = tensor.empty(%size) : tensor<?x15x1xf32>
  %w15 = perceiver.get_parameter @w15 : tensor<7x15xf32>
  %v15 = perceiver.get_parameter @v15 : tensor<15x1xf32>
  %i15 = tensor.empty(%size) : tensor<?x15x15xf32>
  %h15 = block.linear ins(%x, %w15 : tensor<?x15x7xf32>, tensor<7x15xf32>)
      outs(%i15 : tensor<?x15x15xf32>) -> tensor<?x15x15xf32>
  %s15 = block.linear ins(%h15, %v15 : tensor<?x15x15xf32>, tensor<15x1xf32>)
      outs(%i1 : tensor<?x15x1xf32>) -> tensor<?x15x1xf32>
  %w16 = perceiver.get_parameter @w16 : tensor<7x16xf32>
  %v16 = perceiver.get_parameter @v16 : tensor<16x1xf32>
  %i16 = tensor.empty(%size) : tensor<?x15x16xf32>
  %h16 = block.linear ins(%x, %w16 : tensor<?x15x7xf32>, tensor<7x16xf32>)
      outs(%i16 : tensor<?x15x16xf32>) -> tensor<?x15x16xf32>
  %s16 = block.linear ins(%h16, %v16 : tensor<?x15x16xf32>, tensor<16x1xf32>) residual(%s15 : tensor<?x15x1xf32>)
      outs(%i1 : tensor<?x15x1xf32>) -> tensor<?x15x1xf32>
  %w17 = perceiver.get_parameter @w17 : tensor<7x17xf32>
  %v17 = perceiver.get_parameter @v17 : tensor<17x1xf32>
  %i17 = tensor.empty(%size) : tensor<?x15x17xf32>
  %h17 = block.linear ins(%x, %w17 : tensor<?x15x7xf32>, tensor<7x17xf32>)
      outs(%i17 : tensor<?x15x17xf32>) -> tensor<?x15x17xf32>
  %s17 = block.linear ins(%h17, %v17 : tensor<?x15x17xf32>, tensor<17x1xf32>) residual(%s16 : tensor<?x15x1xf32>)
      outs(%i1 : tensor<?x15x1xf32>) -> tensor<?x15x1xf32>
  %w47 = perceiver.get_parameter @w47 : tensor<7x47xf32>
  %v47 = perceiver.get_parameter @v47 : tensor<47x1xf32>
  %i47 = tensor.empty(%size) : tensor<?x15x47xf32>
  %h47 = block.linear ins(%x, %w47 : tensor<?x15x7xf32>, tensor<7x47xf32>)
      outs(%i47 : tensor<?x15x47xf32>) -> tensor<?x15x47xf32>
  %s47 = block.linear ins(%h47, %v47 : tensor<?x15x47xf32>, tensor<47x1xf32>) residual(%s17 : tensor<?x15x1xf32>)
      outs(%i1 : tensor<?x15x1xf32>) -> tensor<?x15x1xf32>
  %w48 = perceiver.get_parameter @w48 : tensor<7x48xf32>
  %v48 = perceiver.get_parameter @v48 : tensor<48x1xf32>
  %i48 = tensor.empty(%size) : tensor<?x15x48xf32>
  %h48 = block.linear ins(%x, %w48 : tensor<?x15x7xf32>, tensor<7x48xf32>)
      outs(%i48 : tensor<?x15x48xf32>) -> tensor<?x15x48xf32>
  %s48 = block.linear ins(%h48, %v48 : tensor<?x15x48xf32>, tensor<48x1xf32>) residual(%s47 : tensor<?x15x1xf32>)
      outs(%i1 : tensor<?x15x1xf32>) -> tensor<?x15x1xf32>
  %w49 = perceiver.get_parameter @w49 : tensor<7x49xf32>
  %v49 = perceiver.get_parameter @v49 : tensor<49x1xf32>
  %i49 = tensor.empty(%size) : tensor<?x15x49xf32>
  %h49 = block.linear ins(%x, %w49 : tensor<?x15x7xf32>, tensor<7x49xf32>)
      outs(%i49 : tensor<?x15x49xf32>) -> tensor<?x15x49xf32>
  %s49 = block.linear ins(%h49, %v49 : tensor<?x15x49xf32>, tensor<49x1xf32>) residual(%s48 : tensor<?x15x1xf32>)
      outs(%i1 : tensor<?x15x1xf32>) -> tensor<?x15x1xf32>
  return %s49 : tensor<?x15x1xf32>
}

check.test "13 rows" {
  %x = check.generate "x" : tensor<13x7xf32>
  %y = check.run @rows(%x) : (tensor<13x7xf32>) -> tensor<13x1xf32>
  // %e = sum(x @ tensor(f"w{n}") @ tensor(f"v{n}") for n in (15, 16, 17, 47, 48, 49))
  %e = arith.constant dense<[[-1.25820017], [-0.321195424], [-1.1035279], [0.310608], [0.55930227], [-1.10832441], [-0.810310066], [1.13910592], [1.64519095], [1.62626493], [0.104751252], [-0.887110412], [0.21645157]]> : tensor<13x1xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<13x1xf32>
}

check.test "14 rows" {
  %x = check.generate "x" : tensor<14x7xf32>
  %y = check.run @rows(%x) : (tensor<14x7xf32>) -> tensor<14x1xf32>
  // %e = sum(x @ tensor(f"w{n}") @ tensor(f"v{n}") for n in (15, 16, 17, 47, 48, 49))
  %e = arith.constant dense<[[-1.25820017], [-0.321195424], [-1.1035279], [0.310608], [0.55930227], [-1.10832441], [-0.810310066], [1.13910592], [1.64519095], [1.62626493], [0.104751252], [-0.887110412], [0.21645157], [-0.292232364]]> : tensor<14x1xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<14x1xf32>
}

check.test "15 rows" {
  %x = check.generate "x" : tensor<15x7xf32>
  %y = check.run @rows(%x) : (tensor<15x7xf32>) -> tensor<15x1xf32>
  // %e = sum(x @ tensor(f"w{n}") @ tensor(f"v{n}") for n in (15, 16, 17, 47, 48, 49))
  %e = arith.constant dense<[[-1.25820017], [-0.321195424], [-1.1035279], [0.310608], [0.55930227], [-1.10832441], [-0.810310066], [1.13910592], [1.64519095], [1.62626493], [0.104751252], [-0.887110412], [0.21645157], [-0.292232364], [1.01235557]]> : tensor<15x1xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<15x1xf32>
}

check.test "33 rows" {
  %x = check.generate "x" : tensor<33x7xf32>
  %y = check.run @rows(%x) : (tensor<33x7xf32>) -> tensor<33x1xf32>
  // %e = sum(x @ tensor(f"w{n}") @ tensor(f"v{n}") for n in (15, 16, 17, 47, 48, 49))
  %e = arith.constant dense<[[-1.25820017], [-0.321195424], [-1.1035279], [0.310608], [0.55930227], [-1.10832441], [-0.810310066], [1.13910592], [1.64519095], [1.62626493], [0.104751252], [-0.887110412], [0.21645157], [-0.292232364], [1.01235557], [-0.0579295643], [-1.39266634], [1.10144007], [-0.299879014], [1.06203651], [1.35500395], [-1.16073024], [-0.362422019], [0.286473364], [-1.49357784], [1.16686118], [-1.63604081], [-1.63887882], [-1.50452054], [0.714928865], [0.756556332], [-0.697864056], [1.34920371]]> : tensor<33x1xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<33x1xf32>
}

check.test "63 rows" {
  %x = check.generate "x" : tensor<63x7xf32>
  %y = check.run @rows(%x) : (tensor<63x7xf32>) -> tensor<63x1xf32>
  // %e = sum(x @ tensor(f"w{n}") @ tensor(f"v{n}") for n in (15, 16, 17, 47, 48, 49))
  %e = arith.constant dense<[[-1.25820017], [-0.321195424], [-1.1035279], [0.310608], [0.55930227], [-1.10832441], [-0.810310066], [1.13910592], [1.64519095], [1.62626493], [0.104751252], [-0.887110412], [0.21645157], [-0.292232364], [1.01235557], [-0.0579295643], [-1.39266634], [1.10144007], [-0.299879014], [1.06203651], [1.35500395], [-1.16073024], [-0.362422019], [0.286473364], [-1.49357784], [1.16686118], [-1.63604081], [-1.63887882], [-1.50452054], [0.714928865], [0.756556332], [-0.697864056], [1.34920371], [0.066166535], [-0.925082862], [-0.587890148], [-0.937884986], [-0.56913352], [-1.40544116], [1.70517814], [0.0533589721], [-0.019253118], [-1.45936632], [0.257282048], [-0.355637491], [0.213359863], [0.19449988], [-0.862168372], [-0.0415427163], [-1.19133341], [1.25195146], [0.80000025], [0.156372949], [1.04543841], [0.0545632541], [-0.515445411], [2.12398672], [-0.449267685], [-0.271646917], [-0.404634506], [-0.687477767], [-0.625035107], [-0.669101357]]> : tensor<63x1xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<63x1xf32>
}

check.test "64 rows" {
  %x = check.generate "x" : tensor<64x7xf32>
  %y = check.run @rows(%x) : (tensor<64x7xf32>) -> tensor<64x1xf32>
  // %e = sum(x @ tensor(f"w{n}") @ tensor(f"v{n}") for n in (15, 16, 17, 47, 48, 49))
  %e = arith.constant dense<[[-1.25820017], [-0.321195424], [-1.1035279], [0.310608], [0.55930227], [-1.10832441], [-0.810310066], [1.13910592], [1.64519095], [1.62626493], [0.104751252], [-0.887110412], [0.21645157], [-0.292232364], [1.01235557], [-0.0579295643], [-1.39266634], [1.10144007], [-0.299879014], [1.06203651], [1.35500395], [-1.16073024], [-0.362422019], [0.286473364], [-1.49357784], [1.16686118], [-1.63604081], [-1.63887882], [-1.50452054], [0.714928865], [0.756556332], [-0.697864056], [1.34920371], [0.066166535], [-0.925082862], [-0.587890148], [-0.937884986], [-0.56913352], [-1.40544116], [1.70517814], [0.0533589721], [-0.019253118], [-1.45936632], [0.257282048], [-0.355637491], [0.213359863], [0.19449988], [-0.862168372], [-0.0415427163], [-1.19133341], [1.25195146], [0.80000025], [0.156372949], [1.04543841], [0.0545632541], [-0.515445411], [2.12398672], [-0.449267685], [-0.271646917], [-0.404634506], [-0.687477767], [-0.625035107], [-0.669101357], [0.762323081]]> : tensor<64x1xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<64x1xf32>
}

check.test "15 rows, known when compiled" {
  %x = check.generate "x" : tensor<2x15x7xf32>
  %y = check.run @fixed(%x) : (tensor<2x15x7xf32>) -> tensor<2x15x1xf32>
  // %e = sum(x @ tensor(f"w{n}") @ tensor(f"v{n}") for n in (15, 16, 17, 47, 48, 49))
  %e = arith.constant dense<[[[-1.25820017], [-0.321195424], [-1.1035279], [0.310608], [0.55930227], [-1.10832441], [-0.810310066], [1.13910592], [1.64519095], [1.62626493], [0.104751252], [-0.887110412], [0.21645157], [-0.292232364], [1.01235557]], [[-0.0579295643], [-1.39266634], [1.10144007], [-0.299879014], [1.06203651], [1.35500395], [-1.16073024], [-0.362422019], [0.286473364], [-1.49357784], [1.16686118], [-1.63604081], [-1.63887882], [-1.50452054], [0.714928865]]]> : tensor<2x15x1xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<2x15x1xf32>
}
