//===- ApplyTransform.cpp - Tile as a script says -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   transform.named_sequence @__transform_main(
//       %module: !transform.any_op {transform.readonly}) {
//     %linear = transform.structured.match ops{["block.linear"]} in %module ..
//     transform.structured.tile_using_forall %linear tile_sizes [1, 16] ..
//
// Tests: test/Tiling/apply-transform.mlir,
// test/Tiling/apply-transform-invalid.test.
//
//===----------------------------------------------------------------------===//

#include "lib/Tiling/Fusion.h"
#include "lib/Tiling/Passes.h"
#include "lib/Tiling/Transforms.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Transform/IR/TransformDialect.h"
#include "mlir/Dialect/Transform/IR/TransformOps.h"
#include "mlir/Dialect/Transform/Transforms/TransformInterpreterUtils.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/Support/SourceMgr.h"

#include <optional>
#include <utility>
#include <vector>

namespace mlir::perceiver {
#define GEN_PASS_DEF_APPLYTRANSFORMPASS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Tasks that write the same part of a result would be wrong on threads.
/// Upstream warns of it at best.
static LogicalResult verifyTasks(Operation *root) {
  auto result = root->walk([](scf::ForallOp loop) {
    for (Operation &op : loop.getTerminator().getYieldingOps()) {
      auto slice = dyn_cast<tensor::ParallelInsertSliceOp>(op);
      if (slice && !movesWithEveryLoop(slice.getMixedOffsets(), {loop})) {
        loop.emitOpError("expected tasks that each write a part of their own, "
                         "but some write the same part of a result");
        return WalkResult::interrupt();
      }
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

namespace {
/// Holds errors and warnings back. An operation that cannot be tiled is
/// reported by three parts of MLIR, of which the last one knows the line of the
/// script.
class HeldDiagnostics {
public:
  explicit HeldDiagnostics(MLIRContext *context) : context(context) {
    handler.emplace(context, [this](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() != DiagnosticSeverity::Error &&
          diagnostic.getSeverity() != DiagnosticSeverity::Warning)
        return failure();
      held.push_back(std::move(diagnostic));
      return success();
    });
  }

  /// Report the last error with all that came before as notes; after a success,
  /// the warnings.
  void report(LogicalResult result) {
    std::vector<Diagnostic> all = std::exchange(held, {});
    handler.reset();
    if (failed(result) && !all.empty()) {
      Diagnostic last = std::move(all.back());
      all.pop_back();
      for (Diagnostic &earlier : all)
        last.attachNote(earlier.getLocation()) << earlier.str();
      all.clear();
      all.push_back(std::move(last));
    }
    for (Diagnostic &diagnostic : all)
      context->getDiagEngine().emit(std::move(diagnostic));
  }

private:
  MLIRContext *context;
  std::vector<Diagnostic> held;
  std::optional<ScopedDiagnosticHandler> handler;
};
} // namespace

static LogicalResult run(Operation *root, transform::NamedSequenceOp entry,
                         ModuleOp script) {
  OperationFingerPrint before(root);
  // The default, which checks that handles are not used once consumed.
  transform::TransformOptions options;
  if (failed(
          transform::applyTransformNamedSequence(root, entry, script, options)))
    return failure();
  // Who measures it would take the figures of another program for its own.
  if (before == OperationFingerPrint(root))
    return entry.emitOpError("expected to change something; what it looks for "
                             "may not be there");
  // Producers of which all is fused are left behind. They would become phases,
  // and count as readers of what they read.
  IRRewriter rewriter(root->getContext());
  (void)runRegionDCE(rewriter, root->getRegions());
  return verifyTasks(root);
}

LogicalResult perceiver::applyTransform(Operation *root, ModuleOp script) {
  constexpr StringLiteral kEntry =
      transform::TransformDialect::kTransformEntryPointSymbolName;
  auto entry = script.lookupSymbol<transform::NamedSequenceOp>(kEntry);
  if (!entry)
    return emitError(script.getLoc())
           << "expected a script with a transform.named_sequence '" << kEntry
           << "'";
  HeldDiagnostics diagnostics(root->getContext());
  LogicalResult result = run(root, entry, script);
  diagnostics.report(result);
  return result;
}

static OwningOpRef<ModuleOp> parseScript(StringRef file, MLIRContext *context) {
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> text = openInputFile(file, &message);
  if (!text) {
    emitError(UnknownLoc::get(context)) << message;
    return nullptr;
  }
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(text), llvm::SMLoc());
  return parseSourceFile<ModuleOp>(sources, context);
}

namespace {
struct ApplyTransformPass
    : perceiver::impl::ApplyTransformPassBase<ApplyTransformPass> {
  using ApplyTransformPassBase::ApplyTransformPassBase;

  /// Here, as dialects that the script needs cannot be loaded later.
  LogicalResult initialize(MLIRContext *context) override {
    script =
        std::make_shared<OwningOpRef<ModuleOp>>(parseScript(file, context));
    return success(script->get() != nullptr);
  }

  void runOnOperation() override {
    if (failed(applyTransform(getOperation(), script->get())))
      signalPassFailure();
  }

private:
  /// Copies of the pass share it.
  std::shared_ptr<OwningOpRef<ModuleOp>> script;
};
} // namespace
