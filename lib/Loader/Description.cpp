//===- Description.cpp - Metadata as text for people ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/Description.h"

#include <cstdio>

using namespace perceiver;

/// Return a number with three significant digits.
static std::string shortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3g", value);
  return text;
}

/// Return "0.123 GFLOP at batch = 1", for the smallest sizes.
static std::string describeWork(const Entry &entry) {
  std::vector<int64_t> sizes;
  std::string at;
  for (const NamedSize &size : entry.sizes) {
    sizes.push_back(size.min);
    at += (at.empty() ? " at " : ", ") + size.name + " = " +
          std::to_string(size.min);
  }
  std::optional<double> flop = entry.flop.evaluate(sizes);
  return flop ? shortNumber(*flop / 1e9) + " GFLOP" + at : "unknown";
}

static std::string describePlan(const Entry &entry) {
  std::vector<std::string> names;
  names.reserve(entry.sizes.size());
  for (const NamedSize &size : entry.sizes)
    names.push_back(size.name);
  std::string text;
  if (!entry.buffers.empty())
    text += "  memory plan (" + std::to_string(entry.buffers.size()) + ")\n";
  for (const Buffer &buffer : entry.buffers)
    text += "    " + buffer.name + ": " +
            (buffer.bytes.isEmpty() ? "?" : buffer.bytes.str(names)) +
            " bytes" + (buffer.perWorker ? " for each thread" : "") + "\n";
  if (!entry.phases.empty())
    text += "  phases (" + std::to_string(entry.phases.size()) + ")\n";
  for (const Phase &phase : entry.phases)
    text += "    " + phase.name + ": " +
            (phase.tasks.isEmpty() ? "?" : phase.tasks.str(names)) + " tasks\n";
  return text;
}

/// Return "ids (or input_ids): i64 [batch, rows], 0 to 261".
static std::string describeArgument(const Entry &entry,
                                    const Argument &argument) {
  std::string aliases;
  for (const std::string &alias : argument.aliases)
    aliases += (aliases.empty() ? " (or " : ", ") + alias;
  std::string text = argument.name + aliases +
                     (aliases.empty() ? ": " : "): ") + entry.typeOf(argument);
  if (argument.bounds)
    text += ", " + std::to_string((*argument.bounds)[0]) + " to " +
            std::to_string((*argument.bounds)[1] - 1);
  if (argument.defaultValue)
    text += std::string(", all ") +
            (*argument.defaultValue ? "true" : "false") + " if it is left out";
  return text;
}

static std::string describeEntry(const Entry &entry) {
  std::string text = "entry " + entry.name + " (" + entry.symbol + ")\n";
  for (const Argument &argument : entry.arguments)
    text += std::string(argument.isOutput ? "  output " : "  input  ") +
            describeArgument(entry, argument) + "\n";
  for (const NamedSize &size : entry.sizes)
    text += "  size   " + size.name + ": " + std::to_string(size.min) +
            (size.max == INT64_MAX ? " or more"
                                   : " to " + std::to_string(size.max)) +
            "\n";
  for (size_t i = 0; i < entry.conditions.size(); ++i)
    // One sentence may stand for several.
    if (i == 0 ||
        entry.conditions[i].sentence != entry.conditions[i - 1].sentence)
      text += "  needs  " + entry.conditions[i].sentence + "\n";
  if (!entry.flop.isEmpty())
    text += "  work   " + describeWork(entry) + "\n";
  return text + describePlan(entry);
}

/// Return "sm_80 ptx".
static std::string nameImage(int64_t arch, const std::string &kind) {
  return "sm_" + std::to_string(arch) + " " + kind;
}

static std::string describeKernel(const Kernel &kernel) {
  std::string text = "    " + kernel.name;
  if (kernel.launches)
    text += *kernel.launches == 1
                ? std::string(": launched once")
                : ": launched " + std::to_string(*kernel.launches) + " times";
  text += "\n";
  for (const KernelFigures &figures : kernel.images) {
    if (!figures.registers)
      continue;
    text += "      " + nameImage(figures.arch, figures.kind) + ": " +
            std::to_string(*figures.registers) + " registers, " +
            std::to_string(figures.spillBytes.value_or(0)) +
            " bytes spilled, " + std::to_string(figures.sharedBytes) +
            " bytes of shared memory\n";
  }
  return text;
}

static std::string describeDeviceCode(const Metadata &metadata) {
  std::string text;
  if (!metadata.images.empty())
    text += "images (" + std::to_string(metadata.images.size()) + ")\n";
  for (const Image &image : metadata.images)
    text += "    " + nameImage(image.arch, image.kind) + ": " +
            std::to_string(image.bytes) + " bytes\n";
  if (!metadata.kernels.empty())
    text += "kernels (" + std::to_string(metadata.kernels.size()) + ")\n";
  for (const Kernel &kernel : metadata.kernels)
    text += describeKernel(kernel);
  return text;
}

std::string perceiver::describe(const Metadata &metadata) {
  std::string text = "model " + metadata.model + ", made by compiler " +
                     metadata.compiler + "\n";
  static const char digits[] = "0123456789abcdef";
  text += "  id       ";
  for (uint8_t byte : metadata.id)
    text += {digits[byte >> 4], digits[byte & 15]};
  text += "\n  target   " + metadata.kind + ", " + metadata.triple;
  for (const std::string *part : {&metadata.cpu, &metadata.features})
    text += part->empty() ? "" : ", " + *part;
  text += "\n";
  if (!metadata.requiredFeatures.empty())
    text += "  needs   ";
  for (const std::string &feature : metadata.requiredFeatures)
    text += " " + feature;
  text += metadata.requiredFeatures.empty() ? "" : "\n";
  if (!metadata.glibc.empty())
    text += "  library  glibc " + metadata.glibc + " or newer\n";
  text += "  weights  " +
          (metadata.weightsBytes == 0
               ? std::string("none")
               : std::to_string(metadata.weightsBytes) + " bytes, " +
                     std::to_string(metadata.weightCount) + " tensors") +
          "\n";
  for (const Entry &entry : metadata.entries)
    text += describeEntry(entry);
  text += describeDeviceCode(metadata);
  if (!metadata.fusionLog.empty())
    text += "fusion log (" + std::to_string(metadata.fusionLog.size()) + ")\n";
  for (const std::string &line : metadata.fusionLog)
    text += "    " + line + "\n";
  return text;
}

std::string perceiver::describeAsJSON(const Metadata &metadata) {
  std::string text = metadata.text;
  if (!metadata.glibc.empty())
    text.insert(text.rfind('}'), ",\"glibc\":\"" + metadata.glibc + "\"");
  return text;
}
