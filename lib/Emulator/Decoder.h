//===- Decoder.h - From syntax to a kernel that runs -----------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The decoder knows registers, constants and variables; each family of
/// instructions has a function that asks it for operands and gives the handler.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_DECODER_H
#define PERCEIVER_LIB_EMULATOR_DECODER_H

#include "lib/Emulator/Form.h"
#include "lib/Emulator/Program.h"

#include <map>
#include <unordered_map>

namespace perceiver::emulator {

/// An operation before its values have slots.
struct Draft {
  Operation operation;
  uint32_t values[kMostSlots];
  unsigned written = 0, count = 0;
  /// Of memory, that have been read.
  unsigned addresses = 0;
};

/// Return the first slot of each value, and count the slots. The first values
/// are the registers: those of as many bits that are never needed at once share
/// slots; the other values keep theirs.
std::vector<uint32_t> allocateSlots(const std::vector<Draft> &drafts,
                                    const std::vector<bool> &isWide,
                                    const std::vector<unsigned> &registerBits,
                                    unsigned &slots);

/// Where the variables of a module lie, by name.
struct Symbol {
  Space space;
  /// A device address, or the offset in its space.
  uint64_t address;
};
using SymbolTable = std::unordered_map<std::string_view, Symbol>;

class Decoder {
public:
  Decoder(const Entry &entry, const SymbolTable &symbols, SyntaxError &error)
      : entry(entry), symbols(symbols), error(error) {}

  /// Decode the whole entry. False with an error at the first instruction that
  /// is unknown or wrong.
  bool decode(Kernel &result);

  // What the families use, for the instruction under way. A function that
  // returns bool has given the error when that is false.

  Draft &current() { return draft; }

  /// Refuse the form of the instruction under way.
  bool unknown();
  bool refuse(const std::string &text);
  bool expectOperands(const Form &form, size_t count);

  /// Add a register that is written. `exact` refuses wider ones.
  bool write(const Operand &operand, unsigned bits, bool exact = true);
  /// Add a register or a constant that is read.
  bool read(const Operand &operand, const Type &type, bool exact = true);
  bool readBits(const Operand &operand, unsigned bits) {
    return read(operand, {Type::Kind::Bits, uint8_t(bits)});
  }
  /// Add a constant.
  void readConstant(uint64_t bits, bool isWide);
  bool writePredicate(const Operand &operand, unsigned which);
  /// A register, its opposite, or a constant.
  bool readPredicate(const Operand &operand, unsigned which);
  /// An operand that has to be an integer constant.
  bool readImmediate(const Operand &operand, uint64_t &value);
  /// Add the base of an address; its offset goes into `immediate`. A variable
  /// must be of `space`, unless that is generic. Two at most.
  bool readAddress(const Operand &operand, Access &access);
  /// The bits of a register, or 0.
  unsigned registerBits(const Operand &operand) const;

  /// Finish the instruction: refuses what `form` still has.
  bool emit(const Form &form, OperationClass kind, Handler run);

private:
  bool decodeInstruction(const Instruction &next);
  bool symbolValue(const Operand &operand, unsigned bits, uint64_t &value);
  bool specialValue(const Operand &operand, uint32_t &value);
  uint32_t constantValue(uint64_t bits, bool isWide);
  uint32_t newValue(bool isWide);
  bool readBase(const Operand &base, Access &access);

  const Entry &entry;
  const SymbolTable &symbols;
  SyntaxError &error;
  const Instruction *instruction = nullptr;
  Kernel *kernel = nullptr;
  Draft draft;
  std::vector<Draft> drafts;
  /// A value of 64 bits, by number: registers come first.
  std::vector<bool> isWide;
  std::map<std::pair<uint64_t, bool>, uint32_t> constantValues;
  std::map<SpecialSlot::Kind, uint32_t> specialValues;
  /// Of accesses, by the value with which their addresses begin.
  std::map<uint32_t, uint16_t> patterns;
  /// Predicates by register.
  std::vector<uint16_t> predicates;
};

/// The families. Each decodes one instruction and emits its operation.
bool decodeFloat(Decoder &decoder, Form &form);
bool decodeHalf(Decoder &decoder, Form &form, const Type &type);
bool decodeApproximation(Decoder &decoder, Form &form);
bool decodeInteger(Decoder &decoder, Form &form);
bool decodeBits(Decoder &decoder, Form &form);
bool decodeComparison(Decoder &decoder, Form &form);
bool decodeSelection(Decoder &decoder, Form &form);
bool decodeConversion(Decoder &decoder, Form &form);
bool decodeMove(Decoder &decoder, Form &form);
bool decodeAddressConversion(Decoder &decoder, Form &form);
bool decodeLoad(Decoder &decoder, Form &form);
bool decodeStore(Decoder &decoder, Form &form);
bool decodeAsyncCopy(Decoder &decoder, Form &form);
bool decodeBranch(Decoder &decoder, Form &form);
bool decodeExit(Decoder &decoder, Form &form);
bool decodeBarrier(Decoder &decoder, Form &form);
bool decodeShuffle(Decoder &decoder, Form &form);
bool decodeVote(Decoder &decoder, Form &form);
bool decodeMatrixProduct(Decoder &decoder, Form &form);
bool decodeMatrixLoad(Decoder &decoder, Form &form);

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_DECODER_H
