//===- perceiver-list-operations.cpp - Operations and their interfaces ----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints a JSON object: for each operation of the dialects that are named,
// which of the interfaces below it has once all tools' registration is done.
//
// Test: test/Structure/operations.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockInterfaces.h"
#include "dialect/Block/BlockTraits.h"
#include "dialect/Block/TileMapInterface.h"
#include "lib/Analysis/FlopsInterface.h"
#include "lib/CPU/CPUInterfaces.h"
#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Init/Init.h"
#include "lib/Weights/HostInterfaces.h"
#include "test/lib/Incomplete/IncompleteDialect.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// An interface, or a trait that stands for one.
struct Interface {
  StringRef name;
  bool (*isOf)(RegisteredOperationName operation);
};
} // namespace

template <typename InterfaceT>
static bool hasInterface(RegisteredOperationName operation) {
  return operation.hasInterface<InterfaceT>();
}

template <template <typename> class Trait>
static bool hasTrait(RegisteredOperationName operation) {
  return operation.hasTrait<Trait>();
}

static const Interface kInterfaces[] = {
    {"BufferizableOpInterface",
     hasInterface<bufferization::BufferizableOpInterface>},
    {"CPUKernelOpInterface", hasInterface<CPUKernelOpInterface>},
    {"CPUStrategyOpInterface", hasInterface<CPUStrategyOpInterface>},
    {"DestinationStyleOpInterface", hasInterface<DestinationStyleOpInterface>},
    {"ExpandableOpInterface", hasInterface<ExpandableOpInterface>},
    {"FlopsOpInterface", hasInterface<FlopsOpInterface>},
    {"HostOpInterface", hasInterface<HostOpInterface>},
    {"MemoryEffectOpInterface", hasInterface<MemoryEffectOpInterface>},
    {"NoMatrixProduct", hasTrait<NoMatrixProduct>},
    {"PreparableOpInterface", hasInterface<PreparableOpInterface>},
    {"PreparedOnly", hasTrait<PreparedOnly>},
    {"RecursiveMemoryEffects", hasTrait<OpTrait::HasRecursiveMemoryEffects>},
    {"SizedOpInterface", hasInterface<SizedOpInterface>},
    {"TileMapOpInterface", hasInterface<TileMapOpInterface>},
    {"TilingInterface", hasInterface<TilingInterface>},
};

int main(int argc, char **argv) {
  DialectRegistry registry;
  registerAllDialects(registry);
  registry.insert<incomplete::IncompleteDialect>();
  MLIRContext context(registry);
  ArrayRef<char *> dialects = ArrayRef(argv, argc).drop_front();
  for (StringRef dialect : dialects)
    if (!context.getOrLoadDialect(dialect)) {
      llvm::errs() << "expected a dialect, but got '" << dialect << "'\n";
      return EXIT_FAILURE;
    }
  llvm::json::OStream json(llvm::outs(), /*IndentSize=*/2);
  json.objectBegin();
  for (RegisteredOperationName operation : context.getRegisteredOperations())
    if (llvm::is_contained(dialects, operation.getDialectNamespace()))
      json.attributeArray(operation.getStringRef(), [&] {
        for (const Interface &interface : kInterfaces)
          if (interface.isOf(operation))
            json.value(interface.name);
      });
  json.objectEnd();
  llvm::outs() << "\n";
}
