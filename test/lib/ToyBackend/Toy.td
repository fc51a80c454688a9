//===- Toy.td - The dialect of the toy back end ------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_LIB_TOYBACKEND_TOY_TD
#define PERCEIVER_TEST_LIB_TOYBACKEND_TOY_TD

include "dialect/Model/TargetAttrInterface.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/DialectBase.td"

def ToyDialect : Dialect {
  let name = "toy";
  let cppNamespace = "::mlir::perceiver::toy";
  let useDefaultAttributePrinterParser = 1;
}

def Toy_TargetAttr
    : AttrDef<ToyDialect, "Target",
              [DeclareAttrInterfaceMethods<Perceiver_TargetAttrInterface>]> {
  let mnemonic = "target";
  let summary = "a machine with fingers";
  let parameters = (ins "int64_t":$fingers);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // PERCEIVER_TEST_LIB_TOYBACKEND_TOY_TD
