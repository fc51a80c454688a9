//===- MetadataReader.h - From JSON to Metadata -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_METADATAREADER_H
#define PERCEIVER_LIB_LOADER_METADATAREADER_H

#include "lib/Loader/Metadata.h"

#include "nlohmann/json.hpp"

namespace perceiver {

/// Return "bf16" for BF16: metadata spells types as MLIR does.
std::string lowerName(DType dtype);

/// Walks over the JSON. After a mistake everything reads as empty, and `error`
/// says what the first one is.
class MetadataReader {
public:
  using json = nlohmann::json;

  std::string error;

  void read(const json &root, Metadata &result);

private:
  void fail(const std::string &message);

  /// Return the member of `object`, or `nothing` if it is not of this type.
  const json &member(const json &object, const char *key, json::value_t type,
                     const char *typeName);
  const json &array(const json &object, const char *key);
  std::string text(const json &object, const char *key);
  bool truth(const json &object, const char *key);
  int64_t integer(const json &object, const char *key, int64_t min,
                  int64_t max);
  /// Nothing if it is null.
  std::optional<int64_t> optionalInteger(const json &object, const char *key);
  std::vector<std::string> texts(const json &object, const char *key);
  SizeExpression expression(const json &object, const char *key,
                            const Entry &entry);

  void readId(const json &root, Metadata &result);
  void readTarget(const json &target, Metadata &result);
  void readWeights(const json &weights, Metadata &result);
  void readSizes(const json &object, Entry &entry);
  Dimension readDimension(const json &item, const Entry &entry,
                          const std::string &argument);
  /// What is said of how callers pass an argument.
  void readCalling(const json &object, Argument &argument);
  void readArgument(const json &object, Entry &entry);
  void readConditions(const json &object, Entry &entry);
  void readPlan(const json &object, Entry &entry);
  void readEntry(const json &object, Metadata &result);
  void readDeviceCode(const json &root, Metadata &result);

  /// What a missing member reads as.
  const json nothing = json::array();
};

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_METADATAREADER_H
