//===- TargetAttrInterface.td - What all targets say -------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_TARGETATTRINTERFACE_TD
#define PERCEIVER_DIALECT_MODEL_TARGETATTRINTERFACE_TD

include "mlir/IR/OpBase.td"

def Perceiver_TargetAttrInterface : AttrInterface<"TargetAttrInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    The module attribute `perceiver.target`: what the code is made for. A back
    end writes its own, at the head of the first stage that is not the same for
    all of them; whoever needs a fact of the target reads it there.
  }];
  let methods = [
    InterfaceMethod<"The back end whose target it is, as --target names it.",
                    "::llvm::StringRef", "getBackend">,
    InterfaceMethod<"What a person calls it: x86-64-v4.", "::std::string",
                    "getProcessor">,
    InterfaceMethod<"The option that asks for it: --target-cpu=x86-64-v4.",
                    "::std::string", "getOption">,
    InterfaceMethod<[{
      Whether code for `other` is code for this: who asks for the one may go on
      with IR that was made for the other. Figures that a person has changed do
      not matter.
    }], "bool", "isSameMachine", (ins "::mlir::Attribute":$other)>,
  ];
}

#endif // PERCEIVER_DIALECT_MODEL_TARGETATTRINTERFACE_TD
