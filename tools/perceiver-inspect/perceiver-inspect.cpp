//===- perceiver-inspect.cpp - Show what a compiled model contains --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Description.h"
#include "lib/Loader/Metadata.h"
#include "lib/Loader/WeightsFile.h"
#include "lib/Support/StandardFiles.h"
#include "tools/CommandLine/ParseCommandLine.h"

#include "CLI/CLI.hpp"

#include <cstdio>

using namespace perceiver;

int main(int argc, char **argv) {
  StandardFiles standardFiles;
  CLI::App app("Show what a compiled model contains, without executing it.",
               "perceiver-inspect");
  std::string model, weights;
  bool asJson = false, check = false;
  app.add_option("model", model, "The compiled model (.so)")
      ->option_text("FILE")
      ->required();
  app.add_flag("--json", asJson, "Print the metadata as JSON");
  CLI::Option *checkFlag = app.add_flag(
      "--check", check, "Check the weights file against the model");
  app.add_option(
         "--weights", weights,
         "With --check: the weights file, if it is not beside the model")
      ->option_text("FILE")
      ->needs(checkFlag);
  app.set_help_flag("-h,--help", "Print this help");
  if (std::optional<int> code = parseCommandLine(app, wordsOf(argc, argv)))
    return *code;

  auto fail = [](const Error &error) {
    std::fprintf(stderr, "perceiver-inspect: error: %s\n", error.str().c_str());
    return 1;
  };
  Result<Metadata> metadata = readMetadata(model);
  if (!metadata)
    return fail(metadata.error());
  std::string text =
      asJson ? describeAsJSON(*metadata) + "\n" : describe(*metadata);
  if (check && metadata->weightsBytes == 0) {
    text += asJson ? "" : "the model has no weights file to check\n";
  } else if (check) {
    if (weights.empty())
      weights = pathBeside(model, "weights");
    if (Status status = checkWeights(*metadata, weights); !status)
      return fail(status.error());
    text += asJson ? "" : weights + ": sound, and made for this model\n";
  }
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
      std::fflush(stdout) != 0)
    return fail(Error{"cannot write to standard output"});
  return 0;
}
