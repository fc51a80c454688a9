//===- perceiver-inspect.cpp - Show what a compiled model contains --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Artifact/Description.h"
#include "lib/Artifact/Metadata.h"
#include "lib/Runtime/perceiver_runtime.h"

#include "CLI/CLI.hpp"

#include <algorithm>
#include <cstdio>

using namespace perceiver;

/// Check the weights file: its own checksums, and that it is the model's.
static Status checkWeights(const Metadata &metadata, const std::string &path) {
  perceiver_artifact artifact = {};
  artifact.model_name = metadata.model.c_str();
  artifact.weights_bytes = metadata.weightsBytes;
  std::copy(metadata.id.begin(), metadata.id.end(), artifact.id);
  if (perceiver_rt_check_weights(path.c_str(), &artifact, nullptr) ==
      PERCEIVER_OK)
    return success();
  return Error{perceiver_rt_last_error()};
}

/// Return the weights that stand beside a model: "m.so" has "m.weights".
static std::string weightsBeside(std::string model) {
  size_t length = model.size();
  if (length > 3 && model.compare(length - 3, 3, ".so") == 0)
    model.resize(length - 3);
  return model + ".weights";
}

int main(int argc, char **argv) {
  CLI::App app("Show what a compiled model contains, without executing it.");
  std::string model, weights;
  bool asJson = false, check = false;
  app.add_option("model", model, "The compiled model (.so)")->required();
  app.add_flag("--json", asJson, "Print the metadata as JSON");
  CLI::Option *checkFlag = app.add_flag(
      "--check", check, "Check the weights file against the model");
  app.add_option("--weights", weights,
                 "The weights file, if it is not beside the model")
      ->needs(checkFlag);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == 0)
      return app.exit(error);
    std::fprintf(stderr, "perceiver-inspect: error: %s\n", error.what());
    return 1;
  }

  auto fail = [](const Error &error) {
    std::fprintf(stderr, "perceiver-inspect: error: %s\n", error.str().c_str());
    return 1;
  };
  Result<Metadata> metadata = readMetadata(model);
  if (!metadata)
    return fail(metadata.error());
  std::string text = asJson ? metadata->text + "\n" : describe(*metadata);
  if (check && metadata->weightsBytes == 0) {
    text += asJson ? "" : "the model has no weights file to check\n";
  } else if (check) {
    if (weights.empty())
      weights = weightsBeside(model);
    if (Status status = checkWeights(*metadata, weights); !status)
      return fail(status.error());
    text += asJson ? "" : weights + ": sound, and made for this model\n";
  }
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
      std::fflush(stdout) != 0)
    return fail(Error{"cannot write to standard output"});
  return 0;
}
