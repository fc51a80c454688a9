//===- CompilerThreadsTest.cpp - Several compilations at once -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CAPI/perceiver_compiler.h"
#include "lib/Compiler/CompilerContext.h"
#include "lib/Runtime/perceiver_runtime.h"
#include "test/Unit/FileTest.h"

#include "mlir/IR/DialectRegistry.h"

#include <csignal>
#include <thread>

using namespace perceiver::test;

namespace {

/// What one compilation said and made.
struct Outcome {
  perceiver_compile_status status;
  std::string messages;
  std::string code;
};

class CompilerThreadsTest : public FileTest {
protected:
  /// Compile a model with rows of `width` numbers.
  Outcome compile(int width, const std::string &output) const {
    std::string type = "x" + std::to_string(width) + "xf32>";
    std::string text =
        "func.func @run(%x: tensor<?x4" + type +
        " {perceiver.name = \"x\", perceiver.sizes = [\"batch\"]})\n"
        "  -> (tensor<?" +
        type +
        " {perceiver.name = \"y\", perceiver.sizes = [\"batch\"]})\n"
        "  attributes {perceiver.entry} {\n"
        "  %y = perceiver.mean_pool %x : tensor<?x4" +
        type + " -> tensor<?" + type + "\n  return %y : tensor<?" + type +
        "\n}";
    Outcome outcome;
    std::string file = path(output);
    perceiver_compile_options options = {};
    options.size = sizeof(options);
    options.version = PERCEIVER_COMPILER_API_VERSION;
    options.source = text.c_str();
    options.source_size = text.size();
    options.output_file = file.c_str();
    options.user = &outcome;
    options.on_diagnostic = [](void *user, const perceiver_diagnostic *said) {
      if (said->severity == PERCEIVER_SEVERITY_ERROR)
        static_cast<Outcome *>(user)->messages += said->message;
    };
    outcome.status = perceiver_compile(&options);
    if (outcome.status == PERCEIVER_COMPILE_OK)
      outcome.code = readFile(file);
    return outcome;
  }
};

} // namespace

static void onSignal(int) {}

TEST_F(CompilerThreadsTest, CompilationsAtOnceGiveWhatTheyGiveAlone) {
  constexpr int kRounds = 3;
  constexpr int kCrashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL};
  // One of them fails, when it has linked.
  const std::vector<std::string> outputs = {"0.so", "no/1.so", "2.so", "3.so"};
  for (int number : kCrashes)
    std::signal(number, onSignal);
  std::vector<Outcome> alone, atOnce(outputs.size() * kRounds);
  for (size_t i = 0; i < outputs.size(); ++i) {
    alone.push_back(compile(7 + i, outputs[i]));
    EXPECT_EQ(alone[i].status,
              i == 1 ? PERCEIVER_COMPILE_FAILED : PERCEIVER_COMPILE_OK)
        << alone[i].messages;
    EXPECT_EQ(alone[i].messages.empty(), i != 1);
  }
  std::vector<std::string> before = fileNames();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < outputs.size(); ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round < kRounds; ++round)
        atOnce[round * outputs.size() + i] = compile(7 + i, outputs[i]);
    });
  for (std::thread &thread : threads)
    thread.join();
  for (size_t i = 0; i < atOnce.size(); ++i) {
    const Outcome &expected = alone[i % outputs.size()];
    EXPECT_EQ(atOnce[i].status, expected.status) << atOnce[i].messages;
    EXPECT_EQ(atOnce[i].messages, expected.messages);
    EXPECT_TRUE(atOnce[i].code == expected.code) << i;
  }
  EXPECT_EQ(fileNames(), before);
  // The linker's crash recovery has handlers while it links.
  for (int number : kCrashes)
    EXPECT_EQ(std::signal(number, SIG_DFL), onSignal) << number;
}

TEST(CompilerContext, HasAThreadForEachProcessor) {
  mlir::DialectRegistry registry;
  mlir::perceiver::CompilerContext context(registry);
  EXPECT_EQ(context.get().getThreadPool().getMaxConcurrency(),
            static_cast<unsigned>(perceiver_rt_processor_count()));
}
