//===- WeightsFile.cpp - The file beside a compiled model -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/WeightsFile.h"

#include "lib/Runtime/perceiver_runtime.h"

#include <algorithm>

using namespace perceiver;

std::string perceiver::pathBeside(std::string model,
                                  const std::string &extension) {
  size_t length = model.size();
  if (length > 3 && model.compare(length - 3, 3, ".so") == 0)
    model.resize(length - 3);
  return model + "." + extension;
}

Status perceiver::checkWeights(const Metadata &metadata,
                               const std::string &path) {
  perceiver_artifact artifact = {};
  artifact.model_name = metadata.model.c_str();
  artifact.weights_bytes = metadata.weightsBytes;
  std::copy(metadata.id.begin(), metadata.id.end(), artifact.id);
  if (perceiver_rt_check_weights(path.c_str(), &artifact, nullptr) ==
      PERCEIVER_OK)
    return success();
  return Error{perceiver_rt_last_error()};
}
