//===- Settings.cpp - What the words of a configuration say ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Settings.h"

#include "lib/Emulator/AddressSpaces.h"

using namespace perceiver::emulator;

constexpr int kUnknownError = 999;

/// Parse decimal digits; false if there is anything else, or too much.
static bool parseNumber(std::string_view text, uint64_t most, uint64_t &value) {
  value = 0;
  for (char c : text) {
    if (c < '0' || c > '9' || value > (UINT64_MAX - 9) / 10)
      return false;
    value = value * 10 + (c - '0');
  }
  return !text.empty() && value <= most;
}

static bool parseSwitch(std::string_view text, bool &value) {
  value = text == "on";
  return value || text == "off";
}

/// Parse FUNCTION:N[:CURESULT].
static bool parseFault(std::string_view text, Settings &settings) {
  size_t colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos)
    return false;
  std::string function(text.substr(0, colon));
  std::string_view rest = text.substr(colon + 1);
  uint64_t call, result = kUnknownError;
  colon = rest.find(':');
  if (!parseNumber(rest.substr(0, colon), UINT64_MAX, call) || !call)
    return false;
  if (colon != std::string_view::npos &&
      (!parseNumber(rest.substr(colon + 1), 9999, result) || !result))
    return false;
  settings.faults.push_back({function, call, int(result)});
  return true;
}

static bool applyModel(std::string_view value, Settings &settings) {
  if (value == "chain")
    settings.matrixModel = MatrixModel::Chain;
  else if (value == "block")
    settings.matrixModel = MatrixModel::Block;
  else if (value == "double")
    settings.matrixModel = MatrixModel::Double;
  else
    return false;
  return true;
}

/// Apply a word about the device; false if the value is wrong.
static bool applyDeviceWord(std::string_view name, std::string_view value,
                            Settings &settings, bool &known) {
  uint64_t number;
  known = true;
  if (name == "device") {
    if (value.substr(0, 3) != "sm_" ||
        !parseNumber(value.substr(3), 999, number) || number < 50)
      return false;
    settings.architecture = number;
    return true;
  }
  if (name == "sms") {
    bool right = parseNumber(value, 1 << 16, number) && number;
    settings.processors = number;
    return right;
  }
  if (name == "memory")
    return parseNumber(value, kMostDeviceBytes, settings.memoryBytes);
  if (name == "shared")
    return parseNumber(value, 1 << 20, settings.sharedBytes);
  if (name == "driver") {
    bool right = parseNumber(value, 1000000, number);
    settings.driverVersion = number;
    return right;
  }
  known = false;
  return false;
}

static bool applyWord(std::string_view name, std::string_view value,
                      Settings &settings) {
  uint64_t number;
  if (name == "seed")
    return parseNumber(value, UINT64_MAX, settings.seed);
  if (name == "threads") {
    bool right = parseNumber(value, 256, number) && number;
    settings.threads = number;
    return right;
  }
  if (name == "checks")
    return parseSwitch(value, settings.checks);
  if (name == "mma")
    return applyModel(value, settings);
  if (name == "ulp") {
    bool right = parseNumber(value, 2, number);
    settings.ulp = number;
    return right;
  }
  if (name == "steps")
    return parseNumber(value, UINT64_MAX, settings.steps) && settings.steps;
  if (name == "capture")
    return parseSwitch(value, settings.capture);
  return name == "fail" && parseFault(value, settings);
}

bool perceiver::emulator::applyWords(std::string_view words,
                                     bool deviceIsSettled, Settings &settings,
                                     std::string &error) {
  Settings result = settings;
  bool any = false;
  size_t position = 0;
  while (true) {
    position = words.find_first_not_of(" \t\n", position);
    if (position == std::string_view::npos)
      break;
    size_t end = std::min(words.find_first_of(" \t\n", position), words.size());
    std::string_view word = words.substr(position, end - position);
    position = end;
    any = true;
    size_t equals = word.find('=');
    std::string_view name = word.substr(0, equals);
    std::string_view value =
        equals == std::string_view::npos ? "" : word.substr(equals + 1);
    bool isDevice;
    bool right = applyDeviceWord(name, value, result, isDevice);
    if (isDevice && deviceIsSettled) {
      error = "expected words about the device before cuInit, but got '" +
              std::string(word) + "'";
      return false;
    }
    if (!right && (isDevice || !applyWord(name, value, result))) {
      error = "expected a word that is known and a value that fits, but got '" +
              std::string(word) + "'";
      return false;
    }
  }
  if (!any) {
    result = Settings();
    if (deviceIsSettled) {
      result.architecture = settings.architecture;
      result.processors = settings.processors;
      result.memoryBytes = settings.memoryBytes;
      result.sharedBytes = settings.sharedBytes;
      result.driverVersion = settings.driverVersion;
    }
  }
  settings = result;
  return true;
}
