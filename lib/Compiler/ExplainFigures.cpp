//===- ExplainFigures.cpp - Figures and tables of a report ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/ExplainFigures.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

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

void FigureUnit::add(const SizeExpr &figure) {
  for (const auto &[sizes, factor] : figure.getTerms())
    largest = std::max(largest, std::abs(static_cast<double>(factor)));
}

std::string FigureUnit::getName() const {
  return std::string(kPrefixes[findPrefix(largest)]) + unit;
}

std::string FigureUnit::format(const SizeExpr &figure,
                               ArrayRef<std::string> sizeNames) const {
  return figure.str(sizeNames, [&](uint64_t factor) {
    double value = static_cast<double>(factor);
    for (size_t step = findPrefix(largest); step > 0; --step)
      value /= 1000;
    return formatNumber(value);
  });
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
