//===- AttentionBlockInterface.h - Blocks of a model ------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_ATTENTIONBLOCKINTERFACE_H
#define PERCEIVER_DIALECT_MODEL_ATTENTIONBLOCKINTERFACE_H

#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/IR/OpDefinition.h"

#include "dialect/Model/AttentionBlockInterface.h.inc"

#endif // PERCEIVER_DIALECT_MODEL_ATTENTIONBLOCKINTERFACE_H
