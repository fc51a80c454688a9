//===- CheckOps.td - Expectations in the IR ----------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numeric tests of entries, written beside them. The operations are linked into
// perceiver-opt and perceiver-test-runner alone.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_LIB_CHECK_CHECKOPS_TD
#define PERCEIVER_TEST_LIB_CHECK_CHECKOPS_TD

include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def CheckDialect : Dialect {
  let name = "check";
  let cppNamespace = "::mlir::perceiver::check";
  let summary = "Test-only: entries run on inputs, and what they must give";
  let description = [{
    `perceiver-test-runner` compiles a module without these operations, as
    `perceiver-compile` would, and then evaluates each `check.test`. Beside the
    operations below, tests and checkpoints take dense constants, and
    `tensor.extract_slice` and `tensor.insert_slice` with static offsets, sizes
    and strides, to compare parts and to poison inputs.

    Example:

    ```mlir
    perceiver.parameter @w : tensor<2x3xf32> key "layer.weight"

    func.func @layer(%x: tensor<?x2xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
        -> (tensor<?x3xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
        attributes {perceiver.entry} {
      %y = perceiver.project %x weight @w : tensor<?x2xf32> -> tensor<?x3xf32>
      return %y : tensor<?x3xf32>
    }
    check.checkpoint {
      %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
      check.tensor "layer.weight", %w : tensor<2x3xf32>
    }
    check.test "one row" {
      %x = arith.constant dense<[[10.0, 1.0]]> : tensor<1x2xf32>
      %y = check.run @layer(%x) : (tensor<1x2xf32>) -> tensor<1x3xf32>
      %e = arith.constant dense<[[14.0, 25.0, 36.0]]> : tensor<1x3xf32>
      check.expect_close %y, %e : tensor<1x3xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

class Check_Op<string mnemonic, list<Trait> traits = []>
    : Op<CheckDialect, mnemonic, traits>;

/// Tensors whose elements the runner can hold: what C programs pass.
def Check_Tensor
    : StaticShapeTensorOf<[F32, F64, F16, BF16, I1, I8, UI8, I16, I32, I64]>;

//===----------------------------------------------------------------------===//
// Where values are computed
//===----------------------------------------------------------------------===//

class Check_RegionOp<string mnemonic>
    : Check_Op<mnemonic, [IsolatedFromAbove, NoTerminator, SingleBlock,
                          NoRegionArguments, HasParent<"ModuleOp">]> {
  let regions = (region SizedRegion<1>:$body);
}

def Check_CheckpointOp : Check_RegionOp<"checkpoint"> {
  let summary = "the tensors that parameters are bound to";
  let description = [{
    Stands for the file that `perceiver-compile --weights` reads: parameters are
    bound to its tensors by the same code, and a tensor that no parameter reads
    is an error.

    Example:

    ```mlir
    check.checkpoint {
      %gain = arith.constant dense<1.0> : tensor<8xf32>
      check.tensor "norm.weight", %gain : tensor<8xf32>
    }
    ```
  }];
  let assemblyFormat = "attr-dict-with-keyword $body";
}

def Check_TestOp : Check_RegionOp<"test"> {
  let summary = "a test case";
  let description = [{
    Its operations are evaluated in order. All expectations of a test are
    checked, also after one that is not met.

    Example:

    ```mlir
    check.test "slices are equal" {
      %a = check.generate "a" : tensor<2x3xf32>
      %b = tensor.extract_slice %a[1, 0] [1, 3] [1, 1] : tensor<2x3xf32> to tensor<3xf32>
      %c = tensor.extract_slice %a[1, 0] [1, 3] [1, 1] : tensor<2x3xf32> to tensor<3xf32>
      check.expect_equal %b, %c : tensor<3xf32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$title);
  let assemblyFormat = "$title attr-dict-with-keyword $body";
}

def Check_TensorOp
    : Check_Op<"tensor", [HasParent<"CheckpointOp">]> {
  let summary = "a tensor of the checkpoint";
  let description = [{
    Example:

    ```mlir
    check.checkpoint {
      %w = check.generate "w" : tensor<4x8xf32>
      check.tensor "layer.weight", %w : tensor<4x8xf32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$key, Check_Tensor:$value);
  let assemblyFormat = "$key `,` $value attr-dict `:` type($value)";
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

def Check_GenerateOp : Check_Op<"generate", [Pure]> {
  let summary = "pseudo-random values that any language can reproduce";
  let description = [{
    Element `i`, in row-major order, is `offset + scale * v` with the `v` in
    [-1, 1) that `deterministic_values(key, shape)` of
    python/reference/deterministic.py gives: computed in float64 and rounded
    once. Integers are rounded down; a boolean is true where the number is not
    negative. The scale defaults to 1 and the offset to 0.

    Example:

    ```mlir
    check.test "ids" {
      %x = check.generate "x" : tensor<2x7x8xf32>
      %ids = check.generate "ids" scale = 50.0 offset = 50.0 : tensor<2x7xi64>
      %mask = check.generate "mask" offset = 0.5 : tensor<2x7xi1>
    }
    ```
  }];
  let arguments = (ins StrAttr:$key,
                       DefaultValuedAttr<F64Attr, "1.0">:$scale,
                       DefaultValuedAttr<F64Attr, "0.0">:$offset);
  let results = (outs Check_Tensor:$result);
  let assemblyFormat = [{
    $key (`scale` `=` $scale^)? (`offset` `=` $offset^)? attr-dict
    `:` type($result)
  }];
  let hasVerifier = 1;
}

def Check_RunOp
    : Check_Op<"run", [HasParent<"TestOp">,
                       DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run an entry";
  let description = [{
    Operands are the entry's arrays and results its results, in order; their
    shapes say what the dynamic sizes are, and `sizes` what its `index` arguments
    are. The entry runs several times, on the
    calling thread, on threads and with its tasks in reverse order: all must
    give the same bits. Arguments, results and workspace end at a page that
    nobody may touch.

    Example:

    ```mlir
    func.func @identity(%x: tensor<?x4xf32> {perceiver.name = "x", perceiver.sizes = ["n"]})
        -> (tensor<?x4xf32> {perceiver.name = "y", perceiver.sizes = ["n"]})
        attributes {perceiver.entry} {
      return %x : tensor<?x4xf32>
    }
    check.test "identity" {
      %x = check.generate "x" : tensor<3x4xf32>
      %y = check.run @identity(%x) : (tensor<3x4xf32>) -> tensor<3x4xf32>
      check.expect_equal %y, %x : tensor<3x4xf32>
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$entry,
                       Variadic<Check_Tensor>:$inputs,
                       OptionalAttr<DictionaryAttr>:$sizes);
  let results = (outs Variadic<Check_Tensor>:$outputs);
  let assemblyFormat = [{
    $entry `(` $inputs `)` (`sizes` $sizes^)? attr-dict
    `:` functional-type($inputs, $outputs)
  }];
}

//===----------------------------------------------------------------------===//
// Expectations
//===----------------------------------------------------------------------===//

def Check_ExpectCloseOp
    : Check_Op<"expect_close", [HasParent<"TestOp">,
                                AllTypesMatch<["actual", "expected"]>]> {
  let summary = "expect numbers within a tolerance";
  let description = [{
    Each element must satisfy

    ```
    |actual - expected| <= tolerance * max(1, |expected|)
    ```

    or both be NaN, or the same infinity. The tolerance defaults to 1e-5.

    Example:

    ```mlir
    check.test "nearly" {
      %a = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
      %b = arith.constant dense<[1.0001, 2.0]> : tensor<2xf32>
      check.expect_close %a, %b tolerance = 1.0e-3 : tensor<2xf32>
    }
    ```
  }];
  let arguments = (ins Check_Tensor:$actual, Check_Tensor:$expected,
                       DefaultValuedAttr<F64Attr, "1.0e-5">:$tolerance);
  let assemblyFormat = [{
    $actual `,` $expected (`tolerance` `=` $tolerance^)? attr-dict
    `:` type($actual)
  }];
  let hasVerifier = 1;
}

def Check_ExpectEqualOp
    : Check_Op<"expect_equal", [HasParent<"TestOp">,
                                AllTypesMatch<["actual", "expected"]>]> {
  let summary = "expect the same bits";
  let description = [{
    Example:

    ```mlir
    check.test "bits" {
      %a = check.generate "a" : tensor<2xf32>
      check.expect_equal %a, %a : tensor<2xf32>
    }
    ```
  }];
  let arguments = (ins Check_Tensor:$actual, Check_Tensor:$expected);
  let assemblyFormat = "$actual `,` $expected attr-dict `:` type($actual)";
}

#endif // PERCEIVER_TEST_LIB_CHECK_CHECKOPS_TD
