//===- ExplainFigures.h - Figures and tables of a report --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PERCEIVER_LIB_COMPILER_EXPLAINFIGURES_H
#define PERCEIVER_LIB_COMPILER_EXPLAINFIGURES_H

#include "lib/Analysis/SizeExpr.h"

#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace mlir::perceiver {

/// The unit of all figures of a table: that of the largest one.
class FigureUnit {
public:
  /// `unit` as "FLOP" or "B".
  explicit FigureUnit(const char *unit) : unit(unit) {}

  /// Let the unit suit `figure`, too.
  void add(const SizeExpr &figure);

  /// "MFLOP".
  std::string getName() const;

  /// "batch * 3.93": in this unit, which is not named.
  std::string format(const SizeExpr &figure,
                     ArrayRef<std::string> sizeNames) const;

private:
  const char *unit;
  double largest = 0;
};

/// Rows of cells, printed below each other.
class TextTable {
public:
  /// A cell of a column whose title begins with '>' is aligned at the right.
  explicit TextTable(std::vector<std::string> titles);

  void addRow(std::vector<std::string> cells);
  /// A line of text below the row that was added last.
  void addNote(std::string text);

  void print(raw_ostream &os) const;

private:
  struct Row {
    std::vector<std::string> cells;
    std::vector<std::string> notes;
  };
  std::vector<bool> isRight;
  std::vector<Row> rows;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_EXPLAINFIGURES_H
