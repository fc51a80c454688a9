//===- Backend.cpp - The back ends of a context ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Pipelines/Backend.h"

#include "dialect/Model/PerceiverDialect.h"

#include "mlir/IR/DialectInterface.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace mlir::perceiver;

CodeSteps::~CodeSteps() = default;
Backend::~Backend() = default;

namespace {
/// The dialect of a context carries its back ends.
struct BackendList : DialectInterface::Base<BackendList> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(BackendList)

  explicit BackendList(Dialect *dialect) : Base(dialect) {}

  SmallVector<const Backend *> backends;
};

struct AddBackend : DialectExtension<AddBackend, PerceiverDialect> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(AddBackend)

  explicit AddBackend(const Backend &backend) : backend(&backend) {}

  void apply(MLIRContext *, PerceiverDialect *dialect) const final {
    auto *list = dialect->getRegisteredInterface<BackendList>();
    if (!list)
      list = &dialect->addInterface<BackendList>();
    list->backends.push_back(backend);
  }

  const Backend *backend;
};
} // namespace

void perceiver::registerBackend(DialectRegistry &registry,
                                const Backend &backend) {
  registry.addExtension(TypeID::getFromOpaquePointer(&backend),
                        std::make_unique<AddBackend>(backend));
}

ArrayRef<const Backend *> perceiver::getBackends(MLIRContext *context) {
  auto *dialect = context->getLoadedDialect<PerceiverDialect>();
  auto *list =
      dialect ? dialect->getRegisteredInterface<BackendList>() : nullptr;
  return list ? ArrayRef<const Backend *>(list->backends)
              : ArrayRef<const Backend *>();
}

const Backend *perceiver::findBackend(MLIRContext *context, StringRef name) {
  for (const Backend *backend : getBackends(context))
    if (name.empty() || backend->getName() == name)
      return backend;
  return nullptr;
}

const Stage *perceiver::findStage(const Backend &backend, StringRef name) {
  for (const Stage &stage : backend.getStages())
    if (name == stage.name)
      return &stage;
  return nullptr;
}
