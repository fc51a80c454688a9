//===- TestEvaluator.h - Evaluate checks ------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_RUNNER_TESTEVALUATOR_H
#define PERCEIVER_TEST_RUNNER_TESTEVALUATOR_H

#include "test/Runner/JitModel.h"
#include "test/lib/Check/CheckDialect.h"

#include <map>

namespace mlir::perceiver::check {

/// The tensors of the module's checkpoints, by name.
FailureOr<std::map<std::string, TensorValue>>
evaluateCheckpoints(ModuleOp module);

/// Called with each output of a run, which is number `run` of its test from 1
/// on, once all modes have given the same bits.
using OutputObserver = function_ref<void(
    int64_t run, StringRef entry, StringRef output, const TensorValue &value)>;

/// Evaluate `test` with the entries of `model`, each run in all of `modes`.
/// Reports each expectation that is not met.
LogicalResult evaluateTest(TestOp test, const JitModel &model,
                           ArrayRef<RunMode> modes, OutputObserver observe);

} // namespace mlir::perceiver::check

#endif // PERCEIVER_TEST_RUNNER_TESTEVALUATOR_H
