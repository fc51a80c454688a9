//===- WeightsTestSupport.h - Evaluate IR in unit tests ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_WEIGHTSTESTSUPPORT_H
#define PERCEIVER_TEST_UNIT_WEIGHTSTESTSUPPORT_H

#include "dialect/Block/BlockDialect.h"
#include "lib/Weights/HostInterfaces.h"
#include "lib/Weights/PrepareEvaluator.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

#include <map>

namespace mlir::perceiver {

/// Parameters by symbol and member: what the test says, otherwise numbers in
/// [-1, 1) made of the symbol, the member and the index.
class TestParameters : public ParameterSource {
public:
  std::map<std::pair<std::string, int64_t>, HostTensor> values;

  FailureOr<HostTensor> getParameter(ParameterOp parameter,
                                     int64_t member) override {
    std::string name = parameter.getSymName().str();
    auto known = values.find({name, member});
    if (known != values.end())
      return known->second;
    auto shape = cast<RankedTensorType>(parameter.getType()).getShape();
    return random(shape, name + std::to_string(member));
  }

  static HostTensor random(ArrayRef<int64_t> shape, StringRef key) {
    uint64_t state = 0xcbf29ce484222325;
    for (char c : key)
      state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    SmallVector<double> numbers;
    for (int64_t i = 0, end = ShapedType::getNumElements(shape); i < end; ++i) {
      state += 0x9e3779b97f4a7c15;
      uint64_t z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      numbers.push_back(static_cast<double>(z >> 11) * 0x1p-52 - 1.0);
    }
    return HostTensor::of(shape, numbers);
  }
};

class PrepareTest : public ::testing::Test {
protected:
  PrepareTest()
      : handler(&context, [this](Diagnostic &diagnostic) {
          std::string text;
          llvm::raw_string_ostream stream(text);
          stream << diagnostic.getLocation() << ": " << diagnostic;
          for (Diagnostic &note : diagnostic.getNotes())
            stream << "\nnote: " << note;
          diagnostics.push_back(text);
        }) {
    DialectRegistry registry;
    registerHostModels(registry);
    context.appendDialectRegistry(registry);
    context.printOpOnDiagnostic(false);
    context.loadDialect<arith::ArithDialect, func::FuncDialect,
                        linalg::LinalgDialect, scf::SCFDialect,
                        tensor::TensorDialect, block::BlockDialect>();
  }

  ModuleOp parse(StringRef text) {
    module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module) << (diagnostics.empty() ? "" : diagnostics.front());
    return *module;
  }

  FailureOr<SmallVector<HostTensor>>
  tryEvaluate(StringRef function, ArrayRef<HostArgument> arguments = {}) {
    return evaluateFunction(module->lookupSymbol<func::FuncOp>(function),
                            arguments, parameters);
  }

  /// The first result of @f, row-major.
  SmallVector<double> evaluate(ArrayRef<HostArgument> arguments = {}) {
    FailureOr<SmallVector<HostTensor>> results = tryEvaluate("f", arguments);
    if (failed(results)) {
      ADD_FAILURE() << (diagnostics.empty() ? "" : diagnostics.front());
      return {};
    }
    return results->front().toVector();
  }

  MLIRContext context;
  ScopedDiagnosticHandler handler;
  std::vector<std::string> diagnostics;
  OwningOpRef<ModuleOp> module;
  TestParameters parameters;
};

inline void expectNear(ArrayRef<double> actual, ArrayRef<double> expected,
                       double tolerance = 1e-14) {
  ASSERT_EQ(actual.size(), expected.size());
  for (auto [i, value] : llvm::enumerate(expected))
    EXPECT_NEAR(actual[i], value, tolerance) << "at " << i;
}

} // namespace mlir::perceiver

#endif // PERCEIVER_TEST_UNIT_WEIGHTSTESTSUPPORT_H
