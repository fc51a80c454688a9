//===- TilingAttrInterface.td - Who takes a tiling ---------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_TILINGATTRINTERFACE_TD
#define PERCEIVER_DIALECT_MODEL_TILINGATTRINTERFACE_TD

include "mlir/IR/OpBase.td"

def Perceiver_TilingAttrOpInterface : OpInterface<"TilingAttrOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    An operation that is cut into tasks as the attribute `perceiver.tiling` on
    it says. On any other the attribute is refused, as nobody would obey it.
  }];
  let methods = [
    InterfaceMethod<"Whether it may be split over its keys.", "bool",
      "canSplitKeys", (ins), "", /*defaultImplementation=*/[{
        return false;
      }]>,
  ];
}

#endif // PERCEIVER_DIALECT_MODEL_TILINGATTRINTERFACE_TD
