//===- ToyBackend.h - The least that a back end can be ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_LIB_TOYBACKEND_TOYBACKEND_H
#define PERCEIVER_TEST_LIB_TOYBACKEND_TOYBACKEND_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::perceiver {

/// Register the back end "toy". It has two stages, `expand`, which is shared,
/// and `count`, which writes down how many functions there are for each finger
/// of the target; and no code.
void registerToyBackend(DialectRegistry &registry);

} // namespace mlir::perceiver

#endif // PERCEIVER_TEST_LIB_TOYBACKEND_TOYBACKEND_H
