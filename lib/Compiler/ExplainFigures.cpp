//===- ExplainFigures.cpp - Figures and tables of a report ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/ExplainFigures.h"

#include "lib/Loader/SizeExpression.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Figures
//===----------------------------------------------------------------------===//

static constexpr const char *kPrefixes[] = {"", "k", "M", "G", "T"};

/// The number of the prefix that leaves less than 1000 of `value`.
static size_t findPrefix(double value) {
  size_t step = 0;
  while (value >= 1000 && step + 1 < std::size(kPrefixes)) {
    value /= 1000;
    ++step;
  }
  return step;
}

/// Three digits, none behind the point where nothing is cut off.
static std::string formatNumber(double value) {
  if (value == 0)
    return "0";
  if (value < 0.001)
    return "< 0.001";
  const char *format = value >= 100  ? "{0:F0}"
                       : value >= 10 ? "{0:F1}"
                       : value >= 1  ? "{0:F2}"
                                     : "{0:F3}";
  return llvm::formatv(format, value);
}

static std::string
formatTerms(const SizePolynomial &figure, ArrayRef<std::string> names,
            function_ref<std::string(int64_t)> formatFactor) {
  if (!figure.isKnown())
    return "?";
  std::string text;
  for (const auto &[sizes, factor] : figure.getTerms()) {
    text += text.empty() ? "" : " + ";
    bool isLong = false;
    for (unsigned size : sizes) {
      text += (isLong ? " * " : "") + names[size];
      isLong = true;
    }
    std::string number = formatFactor(factor);
    if (isLong && number == "1")
      continue;
    text += (isLong ? " * " : "") + number;
  }
  return text.empty() ? "0" : text;
}

void FigureUnit::add(const SizePolynomial &figure) {
  if (!figure.isKnown())
    return;
  for (const auto &[sizes, factor] : figure.getTerms())
    largest = std::max(largest, static_cast<double>(factor));
}

std::string FigureUnit::getName() const {
  return std::string(kPrefixes[findPrefix(largest)]) + unit;
}

std::string FigureUnit::format(const SizePolynomial &figure,
                               ArrayRef<std::string> sizeNames) const {
  return formatTerms(figure, sizeNames, [&](int64_t factor) {
    double value = static_cast<double>(factor);
    for (size_t step = findPrefix(largest); step > 0; --step)
      value /= 1000;
    return formatNumber(value);
  });
}

std::string mlir::perceiver::formatCount(const SizePolynomial &figure,
                                         ArrayRef<std::string> sizeNames) {
  return formatTerms(figure, sizeNames,
                     [](int64_t factor) { return std::to_string(factor); });
}

SizePolynomial mlir::perceiver::toPolynomial(const SizeProgram &program) {
  SmallVector<SizePolynomial> stack;
  for (const perceiver_size_instruction &step : program) {
    if (step.opcode == PERCEIVER_SIZE_CONSTANT) {
      stack.push_back(SizePolynomial(step.value));
      continue;
    }
    if (step.opcode == PERCEIVER_SIZE_SYMBOL) {
      stack.push_back(SizePolynomial::size(step.value));
      continue;
    }
    if (stack.size() < 2)
      return SizePolynomial::unknown();
    SizePolynomial rhs = stack.pop_back_val();
    if (step.opcode == PERCEIVER_SIZE_ADD)
      stack.back() += rhs;
    else if (step.opcode == PERCEIVER_SIZE_MUL)
      stack.back() *= rhs;
    else
      return SizePolynomial::unknown();
  }
  return stack.size() == 1 ? stack.front() : SizePolynomial::unknown();
}

std::string
mlir::perceiver::formatProgram(const SizeProgram &program,
                               const std::vector<std::string> &sizeNames) {
  using ::perceiver::SizeExpression;
  SizeExpression expression;
  for (const perceiver_size_instruction &step : program)
    expression.push(static_cast<perceiver_size_opcode>(step.opcode),
                    step.value);
  return expression.isValid(sizeNames.size()) ? expression.str(sizeNames) : "?";
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

TextTable::TextTable(std::vector<std::string> titles) {
  for (std::string &title : titles) {
    isRight.push_back(!title.empty() && title.front() == '>');
    if (isRight.back())
      title.erase(0, 1);
  }
  rows.push_back({std::move(titles), {}});
}

void TextTable::addRow(std::vector<std::string> cells) {
  rows.push_back({std::move(cells), {}});
}

void TextTable::addNote(std::string text) {
  rows.back().notes.push_back(std::move(text));
}

void TextTable::print(raw_ostream &os) const {
  std::vector<size_t> widths(isRight.size(), 0);
  for (const Row &row : rows)
    for (auto [width, cell] : llvm::zip(widths, row.cells))
      width = std::max(width, cell.size());
  for (const Row &row : rows) {
    std::string line;
    for (auto [i, cell] : llvm::enumerate(row.cells)) {
      std::string space(widths[i] - cell.size(), ' ');
      line += "  " + (isRight[i] ? space + cell : cell + space);
    }
    os << StringRef(line).rtrim() << "\n";
    for (const std::string &note : row.notes)
      os << "      " << note << "\n";
  }
}
