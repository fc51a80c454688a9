//===- PerceiverAttrs.h - Attributes that levels share ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_PERCEIVERATTRS_H
#define PERCEIVER_DIALECT_MODEL_PERCEIVERATTRS_H

#include "dialect/Model/TargetAttrs.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"

#include "dialect/Model/PerceiverEnums.h.inc"

namespace mlir::perceiver {

class ActivationAttr;

/// A function of each element. With gates it is the product of the first half
/// of the columns and the function of the second.
struct Activation {
  ActivationFunction function = ActivationFunction::none;
  bool hasGates = false;

  bool isNone() const {
    return function == ActivationFunction::none && !hasGates;
  }
  /// Whether columns of zeros, with gates zeros in both halves, stay zeros.
  bool keepsZeros() const {
    return hasGates || function != ActivationFunction::sigmoid;
  }
  bool operator==(const Activation &other) const {
    return function == other.function && hasGates == other.hasGates;
  }
};

inline llvm::hash_code hash_value(const Activation &activation) {
  return llvm::hash_combine(activation.function, activation.hasGates);
}

/// `silu` or `gated(silu)`. Other names are refused with the list.
ParseResult parseActivation(AsmParser &parser, Activation &activation);
void printActivation(AsmPrinter &printer, Activation activation);

/// The same in the assembly of an operation.
ParseResult parseActivation(OpAsmParser &parser, ActivationAttr &activation);
void printActivation(OpAsmPrinter &printer, Operation *op,
                     ActivationAttr activation);

} // namespace mlir::perceiver

#define GET_ATTRDEF_CLASSES
#include "dialect/Model/PerceiverAttrs.h.inc"

#endif // PERCEIVER_DIALECT_MODEL_PERCEIVERATTRS_H
