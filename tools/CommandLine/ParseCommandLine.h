//===- ParseCommandLine.h - Options, and what is wrong with them *- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TOOLS_COMMANDLINE_PARSECOMMANDLINE_H
#define PERCEIVER_TOOLS_COMMANDLINE_PARSECOMMANDLINE_H

#include "CLI/CLI.hpp"

#include <optional>
#include <string>
#include <vector>

namespace perceiver {

/// Parse the words after the program's name into what the options of `app`
/// refer to. Returns the exit code where that ends the program: it has printed
/// its help, or, on standard error, one line that says what is wrong. An option
/// with one value may be given once.
std::optional<int> parseCommandLine(CLI::App &app,
                                    std::vector<std::string> words);

/// Give the option `name` its `value` where the words have none: it takes one
/// after an equals sign only, so that it may stand before a file.
void setMissingValue(std::vector<std::string> &words, const std::string &name,
                     const std::string &value);

/// The words after the program's name.
std::vector<std::string> wordsOf(int argc, const char *const *argv);

} // namespace perceiver

#endif // PERCEIVER_TOOLS_COMMANDLINE_PARSECOMMANDLINE_H
