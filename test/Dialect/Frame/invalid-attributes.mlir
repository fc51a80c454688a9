// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expected a size for each of the 2 dynamic dimensions of 'tensor<?x?x7xf32>', but got 1}}
#argument = #frame.argument<name = "x", type = tensor<?x?x7xf32>, sizes = [0]>

// -----

// expected-error @+1 {{expected 'type' as well}}
#argument = #frame.argument<name = "x">

// -----

// expected-error @+1 {{expected the numbers of a first and a last step, but got -1 and 3}}
#buffer = #frame.buffer<first = -1, last = 3, size = [0, 28]>

// -----

// expected-error @+1 {{expected the numbers of a first and a last step, but got 3 and 1}}
#buffer = #frame.buffer<first = 3, last = 1, size = [0, 28]>

// -----

// expected-error @+1 {{expected the numbers of a first and a last step, but got 1 and 4294967296}}
#buffer = #frame.buffer<first = 1, last = 4294967296, size = [0, 28]>

// -----

// expected-error @+1 {{expected pairs of opcode and value, but got 3 numbers}}
#buffer = #frame.buffer<first = 1, last = 3, size = [0, 28, 2]>

// -----

// expected-error @+1 {{expected pairs of opcode and value, but got 0 numbers}}
#buffer = #frame.buffer<first = 1, last = 3, size = []>

// -----

// expected-error @+1 {{expected 'x' with some of the 1 sizes of the entry, but got number 1}}
#entry = #frame.entry<sizes = ["batch"], arguments = [<name = "x", type = tensor<?x7xf32>, sizes = [1]>]>

// -----

// expected-error @+1 {{expected 'x' with some of the 1 sizes of the entry, but got number -1}}
#entry = #frame.entry<sizes = ["batch"], arguments = [<name = "x", type = tensor<?x7xf32>, sizes = [-1]>]>

// -----

// expected-error @+1 {{expected a lower and an upper bound, but got 1 numbers}}
#argument = #frame.argument<name = "x", type = tensor<7xi64>, bounds = [7]>

// -----

// expected-error @+1 {{expected offsets to be some of the 1 sizes of the entry, but got number 1}}
#entry = #frame.entry<sizes = ["batch"], offsets = [1], arguments = []>

// -----

// expected-error @+1 {{expected a derived size to be one number made of 1 sizes, as symbols, but got affine_map<()[s0, s1] -> (s1)>}}
#entry = #frame.entry<sizes = ["batch"], derived = [affine_map<()[s0, s1] -> (s1)>], arguments = []>

// -----

// expected-error @+1 {{expected a condition to be an affine map from 1 sizes, as symbols, but got 7 : i64}}
#entry = #frame.entry<sizes = ["batch"], arguments = [], conditions = {"seven" = 7}>
