// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expected 'perceiver.entry' without a value, but got "run"}}
func.func @run() attributes {perceiver.entry = "run"} {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.entry' on a function only}}
module attributes {perceiver.entry} {}

// -----

func.func @run() {
  // expected-error @+1 {{expected 'perceiver.in_model' without a value, but got true}}
  %0 = tensor.empty() {perceiver.in_model = true} : tensor<7xf32>
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.in_model' on what computes a tensor only}}
func.func @run() attributes {perceiver.in_model} {
  return
}

// -----

func.func @run(%q: tensor<5x6xf32>, %k: tensor<3x7x6xf32>) {
  // expected-error @+1 {{expected 'perceiver.algebra' to be #perceiver.algebra, but got "absorb"}}
  %0 = perceiver.attend %q, %k, %k heads = 2 {perceiver.algebra = "absorb"}
      : tensor<5x6xf32>, tensor<3x7x6xf32>, tensor<3x7x6xf32> -> tensor<3x5x6xf32>
  return
}

// -----

func.func @run() {
  // expected-error @+1 {{expected 'perceiver.algebra' on an attention, but got 'tensor.empty'}}
  %0 = tensor.empty() {perceiver.algebra = #perceiver.algebra<absorb>} : tensor<7xf32>
  return
}

// -----

func.func @run(%q: tensor<5x6xf32>, %k: tensor<3x7x6xf32>) {
  // expected-error @+1 {{expected project or absorb_keys or absorb_values or absorb or absorb_queries or absorb_output or absorb_queries_and_output, but got 'both'}}
  %0 = perceiver.attend %q, %k, %k heads = 2 {perceiver.algebra = #perceiver.algebra<both>}
      : tensor<5x6xf32>, tensor<3x7x6xf32>, tensor<3x7x6xf32> -> tensor<3x5x6xf32>
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.tiling' to be #perceiver.tiling, but got 8}}
func.func @run() attributes {perceiver.tiling = 8 : i64} {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.name' to be an identifier, but got "in-puts"}}
func.func @run(%x: tensor<7xf32> {perceiver.name = "in-puts"}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.name' to be an identifier, but got 8}}
func.func @run() -> (tensor<7xf32> {perceiver.name = 8 : i64}) {
  %0 = tensor.empty() : tensor<7xf32>
  return %0 : tensor<7xf32>
}

// -----

// expected-error @+1 {{expected sizes that divide by 1 or more, but got "points / 0"}}
func.func @run(%x: tensor<?xf32> {perceiver.sizes = ["points / 0"]}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.sizes' to be identifiers or expressions of them, but got ["0"]}}
func.func @run(%x: tensor<?xf32> {perceiver.sizes = ["0"]}) {
  return
}

// -----

// expected-error @+1 {{expected one of 'perceiver.sizes' for each dynamic size of 'tensor<?x7x?xf32>', but got 1}}
func.func @run(%x: tensor<?x7x?xf32> {perceiver.sizes = ["batch"]}) {
  return
}

// -----

// expected-error @+1 {{expected no attribute 'perceiver.nmae' on an argument or a result; did you mean 'perceiver.name'?}}
func.func @run(%x: tensor<7xf32> {perceiver.nmae = "inputs"}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.flop' to be an affine map from sizes, as symbols, to one number, but got "many"}}
func.func @text() attributes {perceiver.flop = "many"} {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.flop' to be an affine map from sizes, as symbols, to one number, but got affine_map<(d0) -> (d0)>}}
func.func @dimension() attributes {perceiver.flop = affine_map<(d0) -> (d0)>} {
  return
}

// -----

func.func @run(%x: tensor<64x8xf32>) -> tensor<64x8xf32> {
  // expected-error @+1 {{expected key_split on an attention only, but got #perceiver.tiling<task = [1], key_split = 7>}}
  %y = block.add ins(%x, %x : tensor<64x8xf32>, tensor<64x8xf32>) outs(%x : tensor<64x8xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 7>} -> tensor<64x8xf32>
  return %y : tensor<64x8xf32>
}

// -----

func.func @run(%x: tensor<64x8xf32>, %c: f32) -> tensor<64x8xf32> {
  // expected-error @+1 {{expected 'perceiver.tiling' on an operation that is cut into tasks, but got 'linalg.fill'}}
  %y = linalg.fill {perceiver.tiling = #perceiver.tiling<task = [1]>} ins(%c : f32) outs(%x : tensor<64x8xf32>) -> tensor<64x8xf32>
  return %y : tensor<64x8xf32>
}

// -----

func.func @run(%w: tensor<64x8xf32>, %e: tensor<1x64x16xf32>) -> tensor<1x64x16xf32> {
  // expected-error @+1 {{expected 'perceiver.tiling' on an operation that is cut into tasks, but got 'block.pack_weight'}}
  %y = block.pack_weight ins(%w : tensor<64x8xf32>) outs(%e : tensor<1x64x16xf32>) layout = #block.panels<columns = 8, lanes = 16>
      {perceiver.tiling = #perceiver.tiling<task = [1]>} -> tensor<1x64x16xf32>
  return %y : tensor<1x64x16xf32>
}

// -----

// Of what nobody would read it.

// expected-error @+1 {{expected 'perceiver.flop' on an entry only}}
func.func private @part() attributes {perceiver.flop = affine_map<() -> (7)>} {
  return
}

// -----

// expected-error @+1 {{expected 'frame.entry' to be a #frame.entry, but got []}}
func.func private @run() attributes {perceiver.entry, frame.entry = []} {
  return
}

// -----

// expected-error @+1 {{expected 'frame.entry' on an entry only}}
func.func private @part() attributes {frame.entry = []} {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.stage' on a module only}}
func.func @run() attributes {perceiver.entry, perceiver.stage = "tile"} {
  return
}

// -----

func.func @run() {
  // expected-error @+1 {{expected 'perceiver.prepare' on a function only}}
  %0 = tensor.empty() {perceiver.prepare} : tensor<7xf32>
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.target' to be the target of a back end, as #perceiver.cpu_target, but got "x86-64"}}
module attributes {perceiver.target = "x86-64"} {
}

// -----

// expected-error @+1 {{expected 'perceiver.model' to be a name, but got 7}}
module attributes {perceiver.model = 7} {
}

// -----

// expected-error @+1 {{expected 'perceiver.ignored_tensors' to be names of tensors, but got [7]}}
module attributes {perceiver.ignored_tensors = [7]} {
}

// -----

// expected-error @+1 {{expected 'perceiver.ignored_tensors' on a module only}}
func.func @run() attributes {perceiver.ignored_tensors = ["spare"]} {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.model' on a module only}}
func.func @run() attributes {perceiver.model = "tiny"} {
  return
}

// -----

func.func @run() {
  // expected-error @+1 {{expected 'perceiver.fusion_log' on a module or a function only}}
  %0 = tensor.empty() {perceiver.fusion_log = []} : tensor<7xf32>
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.aliases' to be identifiers, with dots between them, but got ["a."]}}
func.func @run(%x: tensor<7xf32> {perceiver.aliases = ["a."]}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.bounds' to be the lowest number and the one after the highest, as [0, 262], but got [262]}}
func.func @run(%x: tensor<7xi64> {perceiver.bounds = [262]}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.bounds' to be the lowest number and the one after the highest, as [0, 262], but got [3, 3]}}
func.func @run(%x: tensor<7xi64> {perceiver.bounds = [3, 3]}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.bounds' on an array of integers, but got 'tensor<7xf32>'}}
func.func @run(%x: tensor<7xf32> {perceiver.bounds = [0, 262]}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.default' to be true or false, but got 1 : i64}}
func.func @run(%x: tensor<7xi1> {perceiver.default = 1}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.default' on an array, but got 'index'}}
func.func @run(%x: index {perceiver.default = true}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.bounds' on an argument only}}
func.func @run(%x: tensor<7xi64>) -> (tensor<7xi64> {perceiver.bounds = [0, 262]}) {
  return %x : tensor<7xi64>
}

// -----

// expected-error @+1 {{expected 'perceiver.name' to be an identifier, but got "sizes.first"}}
func.func @run(%x: index {perceiver.name = "sizes.first"}) {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.conditions' to be affine maps from sizes, as symbols, by sentences, but got {"at most 8" = 8 : i64}}}
func.func @run() attributes {perceiver.entry, perceiver.conditions = {"at most 8" = 8}} {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.conditions' on an entry only}}
func.func @run() attributes {perceiver.conditions = {}} {
  return
}

// -----

// expected-error @below {{expected 'perceiver.without' to be an array of names of rewrites, but got "fold-norms"}}
func.func @no_list() attributes {perceiver.without = "fold-norms"} {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.phases' to be size programs by name for each phase, but got [{flop = 8 : i64}]}}
func.func @run() attributes {perceiver.entry, perceiver.phases = [{flop = 8}]} {
  return
}

// -----

// expected-error @+1 {{expected 'perceiver.phases' on an entry only}}
func.func @run() attributes {perceiver.phases = []} {
  return
}
