//===- PhaseGrid.h - The tasks of a phase and their places ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A phase is a loop nest whose iterations are tasks, numbered row by row:
//
//   scf.forall (%b, %r) = (0, 0) to (%n, 512) step (1, 8) { .. }
//
// has %n * 64 tasks, of which number t is at %b = t / 64, %r = 8 * (t % 64).
//
// Tests: test/Execution/outline-phases-grid.mlir,
// test/GPU/outline-kernels.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EXECUTION_PHASEGRID_H
#define PERCEIVER_LIB_EXECUTION_PHASEGRID_H

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::perceiver {

/// Fails with a diagnostic unless `phase` can become tasks: on memrefs, with
/// constant steps, not inside of another.
LogicalResult verifyPhase(scf::ForallOp phase);

class PhaseGrid {
public:
  /// Creates what computes the number of tasks at the builder's insertion
  /// point.
  PhaseGrid(OpBuilder &builder, scf::ForallOp phase);

  /// How many tasks there are, computed at the insertion point.
  Value getTotal(OpBuilder &builder) const;

  /// Lower bounds and counts that are no constants.
  SmallVector<Value> getDynamicSizes() const;

  /// Map the loops' variables to those of task number `task`, computed at the
  /// insertion point: lower + step * coordinate, the last coordinate running
  /// fastest.
  void mapPlace(OpBuilder &builder, Value task, IRMapping &mapping) const;

private:
  scf::ForallOp phase;
  /// Tasks along each loop.
  SmallVector<OpFoldResult> counts;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_EXECUTION_PHASEGRID_H
