//===- HostLayouts.cpp - Weights in the layouts of the dialect ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/WeightsEvaluatorTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockAttrs.h"
#include "dialect/Block/BlockDialect.h"
#include "lib/Weights/HostModels.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

/// A vector or matrix in panels.
static HostTensor packPanels(const HostTensor &input,
                             block::PanelsAttr panels) {
  int64_t rank = input.getRank();
  int64_t rows = rank == 2 ? input.getDimSize(0) : 1;
  HostTensor matrix =
      rank == 2 ? input : input.broadcast({1, input.getDimSize(0)});
  int64_t columns = matrix.getDimSize(1) / (panels.getGated() ? 2 : 1);
  int64_t count = llvm::divideCeil(columns, panels.getColumns());
  SmallVector<int64_t> shape = {count, rows, panels.getLanes()};
  HostTensor result = HostTensor::zeros(shape, input.getStorage());
  for (int64_t panel = 0; panel < count; ++panel) {
    int64_t first = panel * panels.getColumns();
    int64_t width = std::min(panels.getColumns(), columns - first);
    HostTensor lanes =
        result.slice({panel, 0, 0}, {1, rows, panels.getLanes()}, {1, 1, 1});
    auto move = [&](int64_t column, int64_t lane) {
      HostTensor part = matrix.slice({0, column}, {rows, width}, {1, 1});
      lanes.slice({0, 0, lane}, {1, rows, width}, {1, 1, 1})
          .assign(part.broadcast({1, rows, width}));
    };
    move(first, 0);
    if (panels.getGated())
      move(columns + first, panels.getLanes() / 2);
  }
  if (rank == 1)
    return result.reshape({count, panels.getLanes()});
  return result;
}

namespace {
struct PanelsPacking
    : HostLayoutAttrInterface::ExternalModel<PanelsPacking, block::PanelsAttr> {
  HostTensor pack(Attribute layout, const HostTensor &input) const {
    return packPanels(input, cast<block::PanelsAttr>(layout));
  }
};
} // namespace

namespace {
/// The same elements in the same order.
struct PlanesPacking
    : HostLayoutAttrInterface::ExternalModel<PlanesPacking, block::PlanesAttr> {
  HostTensor pack(Attribute, const HostTensor &input) const {
    SmallVector<int64_t> shape(input.getShape().drop_back());
    shape.append({2, input.getShape().back() / 2});
    return input.reshape(shape);
  }
};
} // namespace

void perceiver::registerHostLayouts(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, block::BlockDialect *) {
    block::PlanesAttr::attachInterface<PlanesPacking>(*context);
    block::PanelsAttr::attachInterface<PanelsPacking>(*context);
  });
}
