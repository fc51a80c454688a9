//===- Bufferization.h - From tensors to memrefs ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_BUFFERIZATION_H
#define PERCEIVER_DIALECT_BLOCK_BUFFERIZATION_H

namespace mlir {
class Dialect;
class DialectRegistry;
} // namespace mlir

namespace mlir::perceiver {

/// Attach BufferizableOpInterface to all destination-passing operations of
/// `dialect`, which has to be loaded.
void attachBufferizationInterface(Dialect &dialect);

/// Register BufferizableOpInterface for the operations of the block level.
void registerBufferizationInterfaces(DialectRegistry &registry);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_BUFFERIZATION_H
