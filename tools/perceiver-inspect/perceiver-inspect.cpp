//===- perceiver-inspect.cpp - Show what a compiled model contains --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Description.h"
#include "lib/Loader/Metadata.h"
#include "lib/Loader/ParseSizes.h"
#include "lib/Loader/TaskReport.h"
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
  std::vector<std::string> sizes;
  bool asJson = false, check = false, tasks = false;
  app.add_option("model", model, "The compiled model (.so)")
      ->option_text("FILE")
      ->required();
  CLI::Option *json =
      app.add_flag("--json", asJson, "Print the metadata as JSON");
  CLI::Option *tasksFlag =
      app.add_flag("--tasks", tasks,
                   "Print the tasks and FLOPs of each phase, and how many "
                   "threads they can keep busy")
          ->excludes(json);
  app.add_option("--size", sizes,
                 "With --tasks: a size of an entry, as batch=8, which is the "
                 "least that it can be otherwise; may be given several times")
      ->option_text("NAME=N")
      ->allow_extra_args(false)
      ->needs(tasksFlag);
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
  if (tasks) {
    Result<SizeValues> named = parseSizes(sizes);
    if (!named)
      return fail(named.error());
    Result<std::string> report = describeTasks(*metadata, *named);
    if (!report)
      return fail(report.error());
    text = *report;
  }
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
