//===- ParseCommandLine.cpp - Options, and what is wrong with them --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/CommandLine/ParseCommandLine.h"

#include "lib/Support/Result.h"
#include "lib/TensorFile/NearestName.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <sstream>

using namespace perceiver;

/// Lines of help end here.
constexpr size_t kWidth = 80;

namespace {
/// Help with lines that fit a terminal.
class HelpFormatter : public CLI::Formatter {
public:
  /// A value that may be missing follows without a blank.
  std::string make_option_opts(const CLI::Option *option) const override {
    std::string text = CLI::Formatter::make_option_opts(option);
    return text.rfind(" [=", 0) == 0 ? text.substr(1) : text;
  }

  std::string make_option_desc(const CLI::Option *option) const override {
    size_t room = kWidth - get_column_width();
    std::istringstream words(option->get_description());
    std::string text, line, word;
    while (words >> word) {
      if (!line.empty() && line.size() + 1 + word.size() > room) {
        text += line + "\n";
        line.clear();
      }
      line += (line.empty() ? "" : " ") + word;
    }
    return text + line;
  }

  std::string make_help(const CLI::App *app, std::string name,
                        CLI::AppFormatMode mode) const override {
    return CLI::detail::find_and_replace(
        CLI::Formatter::make_help(app, std::move(name), mode), "\n\n\n",
        "\n\n");
  }
};
} // namespace

/// The option with one value that is given several times, or null.
static const CLI::Option *findRepeated(const CLI::App &app) {
  for (const CLI::Option *option : app.get_options())
    if (option->get_multi_option_policy() == CLI::MultiOptionPolicy::Throw &&
        option->get_items_expected_max() <= 1 && option->count() > 1)
      return option;
  return nullptr;
}

/// What is wrong with a word that no option takes.
static std::string describeUnknown(const CLI::App &app,
                                   const std::string &word) {
  if (word.size() < 2 || word[0] != '-')
    return "unexpected argument " + quote(word);
  std::vector<std::string> names;
  for (const CLI::Option *option : app.get_options())
    for (const std::string &name : option->get_lnames())
      names.push_back("--" + name);
  std::string name = word.substr(0, word.find('='));
  return "unknown option " + quote(name) + didYouMean(name, names);
}

static std::string describe(const CLI::App &app, const CLI::ParseError &error) {
  if (const CLI::Option *option = findRepeated(app))
    return "expected " + option->get_name() + " once, but got it " +
           std::to_string(option->count()) + " times";
  std::vector<std::string> unknown = app.remaining();
  if (!unknown.empty())
    return describeUnknown(app, unknown.front());
  std::string text = error.what();
  if (error.get_name() == "ArgumentMismatch")
    return "expected a value of " + text.substr(0, text.find(':'));
  return text;
}

void perceiver::setMissingValue(std::vector<std::string> &words,
                                const std::string &name,
                                const std::string &value) {
  for (std::string &word : words)
    if (word == name)
      word += "=" + value;
}

std::vector<std::string> perceiver::wordsOf(int argc, const char *const *argv) {
  return std::vector<std::string>(argv + std::min(argc, 1), argv + argc);
}

std::optional<int> perceiver::parseCommandLine(CLI::App &app,
                                               std::vector<std::string> words) {
  app.formatter(std::make_shared<HelpFormatter>());
  // The parser takes them from the end.
  std::reverse(words.begin(), words.end());
  try {
    app.parse(std::move(words));
    return std::nullopt;
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == 0)
      return app.exit(error);
    std::fprintf(stderr, "%s: error: %s\n", app.get_name().c_str(),
                 describe(app, error).c_str());
    return 1;
  }
}
