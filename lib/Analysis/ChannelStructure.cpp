//===- ChannelStructure.cpp - What channels depend on ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/AnalysisChannelStructureTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/ChannelStructure.h"

#include "dialect/Block/InputOps.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Whether row `m` holds the position of point `m`, for all points of a grid.
static bool hasAllPoints(block::GridPositionsOp positions) {
  return !positions.getPoints() && !positions.getOffset() &&
         shapeOf(positions.getInit()).getDimSize(0) ==
             positions.getPointCount();
}

static void collect(Value rows, SmallVectorImpl<ChannelSegment> &segments) {
  using Kind = ChannelSegment::Kind;
  Operation *op = rows.getDefiningOp();
  if (auto cast = dyn_cast_or_null<tensor::CastOp>(op))
    return collect(cast.getSource(), segments);
  if (auto concat = dyn_cast_or_null<block::ConcatChannelsOp>(op);
      // Zeros may follow the inputs.
      concat && concat.getInputChannels() == lastDim(rows)) {
    for (Value input : concat.getInputs()) {
      if (shapeOf(input).getRank() == 1)
        segments.push_back({Kind::Constant, input, lastDim(input)});
      else
        collect(input, segments);
    }
    return;
  }
  auto positions = dyn_cast_or_null<block::GridPositionsOp>(op);
  Kind kind = positions && hasAllPoints(positions) ? Kind::Grid : Kind::Dense;
  segments.push_back({kind, rows, lastDim(rows)});
}

SmallVector<ChannelSegment> perceiver::getChannelStructure(Value rows) {
  SmallVector<ChannelSegment> segments;
  collect(rows, segments);
  return segments;
}

std::string
perceiver::describeChannelStructure(ArrayRef<ChannelSegment> segments) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::ListSeparator comma;
  for (const ChannelSegment &segment : segments) {
    os << comma;
    switch (segment.kind) {
    case ChannelSegment::Kind::Dense:
      os << "dense";
      break;
    case ChannelSegment::Kind::Constant:
      os << "constant";
      break;
    case ChannelSegment::Kind::Grid: {
      llvm::ListSeparator by(" x ");
      os << "grid ";
      for (Value table : segment.getGrid().getTables())
        os << by << shapeOf(table).getDimSize(0);
      break;
    }
    }
    os << " " << segment.channels;
  }
  return text;
}
