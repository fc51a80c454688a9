//===- Result.h - A value or a diagnostic -----------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Functions that read or write files return a Result: a value, or an Error
/// that says which file, which tensor and which byte. Nothing here throws.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_SUPPORT_RESULT_H
#define PERCEIVER_LIB_SUPPORT_RESULT_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace perceiver {

/// What went wrong, and where. Empty fields are left out of the text.
struct Error {
  std::string message;
  std::string file = {};
  std::string tensor = {};
  /// The byte of the file that the message is about.
  std::optional<uint64_t> offset = std::nullopt;
  /// The file is sound, but this library does not read what it holds.
  bool isUnsupported = false;

  /// Return "file: tensor 'name': message (at byte N)", on one line.
  std::string str() const;
};

/// Return `name` in single quotes, with control characters escaped and long
/// names shortened, so that a diagnostic stays on one line.
std::string quote(std::string_view name);

template <typename T>
class [[nodiscard]] Result {
public:
  Result(T value) : content(std::move(value)) {}
  Result(Error error) : content(std::move(error)) {}

  explicit operator bool() const { return std::holds_alternative<T>(content); }

  T &operator*() { return *std::get_if<T>(&content); }
  const T &operator*() const { return *std::get_if<T>(&content); }
  T *operator->() { return std::get_if<T>(&content); }
  const T *operator->() const { return std::get_if<T>(&content); }

  /// The error; only where the result converts to false.
  const Error &error() const { return *std::get_if<Error>(&content); }

private:
  std::variant<T, Error> content;
};

struct Success {};

/// The result of a function that returns nothing but may fail.
using Status = Result<Success>;

inline Status success() { return Success{}; }

} // namespace perceiver

#endif // PERCEIVER_LIB_SUPPORT_RESULT_H
