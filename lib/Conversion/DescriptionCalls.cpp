//===- DescriptionCalls.cpp - How large a model becomes -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function is compiled as a whole, with a copy of what it calls. A few
// functions that call each other twice would become more than any machine can
// hold:
//
//   func.func private @f0(..) { call @f1; call @f1 }
//   func.func private @f1(..) { call @f2; call @f2 }  ..
//
// So the operations of the block level are counted before they are made. Tested
// by test/Conversion/verify-description-calls.test.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/DescriptionCalls.h"

#include "dialect/Model/AttentionBlockInterface.h"
#include "dialect/Model/ProcessOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Larger entries have too many buffers for the runtime in any case, and would
/// take minutes to get there.
static constexpr uint64_t kMaxOperations = 2048;

/// The walk over calls recurses.
static constexpr unsigned kMaxCallDepth = 256;

namespace {
class CallVerifier {
public:
  explicit CallVerifier(SymbolTableCollection &symbols) : symbols(symbols) {}

  LogicalResult verify(func::FuncOp function) {
    return success(succeeded(count(function)));
  }

private:
  /// How many operations become of it.
  FailureOr<uint64_t> count(func::FuncOp function);
  FailureOr<uint64_t> count(func::CallOp call);
  FailureOr<uint64_t> count(ProcessOp process);
  FailureOr<uint64_t> count(Block &block);

  SymbolTableCollection &symbols;
  DenseMap<Operation *, uint64_t> finished;
  DenseSet<Operation *> started;
  unsigned depth = 0;
};
} // namespace

FailureOr<uint64_t> CallVerifier::count(func::CallOp call) {
  auto callee =
      symbols.lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
  if (started.contains(callee) && !finished.contains(callee))
    return call.emitError("expected no recursion, but this call of '")
           << callee.getName() << "' leads back to it";
  if (depth == kMaxCallDepth)
    return call.emitError("expected calls that are nested at most ")
           << kMaxCallDepth << " deep, but got this one of '"
           << callee.getName() << "'";
  ++depth;
  FailureOr<uint64_t> operations = count(callee);
  --depth;
  return operations;
}

FailureOr<uint64_t> CallVerifier::count(ProcessOp process) {
  FailureOr<uint64_t> operations = count(*process.getBody());
  // Where the state gets its batch, the first iteration is a copy of its own.
  bool hasFirst = process.getInit().getType() != process.getType();
  if (failed(operations) || !hasFirst || process.getIterations() == 1)
    return operations;
  return llvm::SaturatingMultiply<uint64_t>(*operations, 2);
}

FailureOr<uint64_t> CallVerifier::count(Block &block) {
  uint64_t total = 0;
  for (Operation &op : block.without_terminator()) {
    FailureOr<uint64_t> operations = uint64_t(1);
    if (auto call = dyn_cast<func::CallOp>(op))
      operations = count(call);
    else if (auto process = dyn_cast<ProcessOp>(op))
      operations = count(process);
    else if (auto attention = dyn_cast<AttentionBlockOpInterface>(op))
      operations = attention.getWeights().size() + 1;
    if (failed(operations))
      return failure();
    total = llvm::SaturatingAdd(total, *operations);
  }
  return total;
}

FailureOr<uint64_t> CallVerifier::count(func::FuncOp function) {
  if (!started.insert(function).second)
    return finished.lookup(function);
  FailureOr<uint64_t> operations = count(function.getBody().front());
  if (failed(operations))
    return failure();
  if (*operations > kMaxOperations)
    return function.emitError("expected a function of at most ")
           << kMaxOperations << " operations once it is expanded, but '"
           << function.getName() << "' has " << *operations
           << "; repeated layers belong into a perceiver.process";
  finished[function] = *operations;
  return operations;
}

LogicalResult perceiver::verifyCalls(ModuleOp module,
                                     SymbolTableCollection &symbols) {
  CallVerifier verifier(symbols);
  for (auto function : module.getOps<func::FuncOp>())
    if (failed(verifier.verify(function)))
      return failure();
  return success();
}
