//===- Decoder.cpp - From syntax to a kernel that runs --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"

#include "lib/Emulator/AddressSpaces.h"
#include "lib/Emulator/Half.h"

#include <algorithm>

using namespace perceiver::emulator;

/// Return the function for add, sub and so on, which PTX has for all kinds of
/// numbers.
static bool decodeArithmetic(Decoder &decoder, Form &form) {
  Type type;
  Form copy = form;
  while (copy.takeType(type))
    if (type.isHalf())
      return decodeHalf(decoder, form, type);
    else if (type.kind == Type::Kind::Float)
      return decodeFloat(decoder, form);
  return decodeInteger(decoder, form);
}

bool Decoder::decodeInstruction(const Instruction &next) {
  using Family = bool (*)(Decoder &, Form &);
  static const std::unordered_map<std::string_view, Family> families = {
      {"abs", decodeArithmetic},
      {"activemask", decodeVote},
      {"add", decodeArithmetic},
      {"and", decodeBits},
      {"bar", decodeBarrier},
      {"barrier", decodeBarrier},
      {"bfe", decodeBits},
      {"bfi", decodeBits},
      {"bra", decodeBranch},
      {"brev", decodeBits},
      {"clz", decodeBits},
      {"copysign", decodeFloat},
      {"cos", decodeApproximation},
      {"cp", decodeAsyncCopy},
      {"cvt", decodeConversion},
      {"cvta", decodeAddressConversion},
      {"div", decodeArithmetic},
      {"ex2", decodeApproximation},
      {"exit", decodeExit},
      {"fma", decodeArithmetic},
      {"ld", decodeLoad},
      {"ldmatrix", decodeMatrixLoad},
      {"lg2", decodeApproximation},
      {"lop3", decodeBits},
      {"mad", decodeArithmetic},
      {"max", decodeArithmetic},
      {"min", decodeArithmetic},
      {"mma", decodeMatrixProduct},
      {"mov", decodeMove},
      {"mul", decodeArithmetic},
      {"neg", decodeArithmetic},
      {"not", decodeBits},
      {"or", decodeBits},
      {"popc", decodeBits},
      {"prmt", decodeBits},
      {"rcp", decodeFloat},
      {"rem", decodeArithmetic},
      {"ret", decodeExit},
      {"rsqrt", decodeApproximation},
      {"selp", decodeSelection},
      {"setp", decodeComparison},
      {"shf", decodeBits},
      {"shfl", decodeShuffle},
      {"shl", decodeBits},
      {"shr", decodeBits},
      {"sin", decodeApproximation},
      {"sqrt", decodeFloat},
      {"st", decodeStore},
      {"sub", decodeArithmetic},
      {"tanh", decodeApproximation},
      {"vote", decodeVote},
      {"xor", decodeBits},
  };
  instruction = &next;
  draft = Draft();
  draft.operation.line = next.line;
  if (next.guard >= 0) {
    draft.operation.guard = predicates[next.guard];
    draft.operation.guardFlip = next.guardNegated ? ~0u : 0;
  }
  auto family = families.find(next.opcode);
  if (family == families.end())
    return unknown();
  Form form(next);
  return family->second(*this, form);
}

bool Decoder::decode(Kernel &result) {
  kernel = &result;
  predicates.resize(entry.registers.size());
  for (size_t number = 0; number < entry.registers.size(); ++number) {
    isWide.push_back(entry.registers[number].bits == 64);
    if (entry.registers[number].bits != 1)
      continue;
    if (kernel->predicates > UINT16_MAX) {
      error = {entry.line, "expected at most 65535 predicates"};
      return false;
    }
    predicates[number] = kernel->predicates++;
  }
  for (const Instruction &next : entry.instructions)
    if (!decodeInstruction(next))
      return false;
  // What falls off the end returns.
  instruction = nullptr;
  draft = Draft();
  draft.operation.flow = Flow::Exit;
  draft.operation.line =
      drafts.empty() ? entry.line : drafts.back().operation.line;
  drafts.push_back(draft);

  std::vector<unsigned> registerBits;
  for (const auto &declared : entry.registers)
    registerBits.push_back(declared.bits);
  std::vector<uint32_t> slots =
      allocateSlots(drafts, isWide, registerBits, kernel->slots);
  if (kernel->slots > UINT16_MAX) {
    error = {entry.line,
             "expected registers for at most 65535 slots, but got " +
                 std::to_string(kernel->slots)};
    return false;
  }
  kernel->patterns = std::min<size_t>(patterns.size(), 1 + UINT16_MAX);
  for (auto [key, value] : constantValues)
    kernel->constants.push_back(
        {key.first, uint16_t(slots[value]), key.second});
  for (auto [kind, value] : specialValues)
    kernel->specials.push_back({kind, uint16_t(slots[value])});
  for (Draft &each : drafts) {
    for (unsigned i = 0; i < each.count; ++i)
      each.operation.slots[i] = slots[each.values[i]];
    kernel->operations.push_back(each.operation);
  }
  return true;
}

bool Decoder::unknown() {
  return refuse("unknown instruction or form '" +
                std::string(instruction->spelling) + "'");
}

bool Decoder::refuse(const std::string &text) {
  if (error.text.empty())
    error = {instruction->line, text};
  return false;
}

bool Decoder::expectOperands(const Form &form, size_t count) {
  size_t got = form.instruction.operands.size();
  return got == count ||
         refuse("expected " + std::to_string(count) + " operands of '" +
                std::string(instruction->spelling) + "', but got " +
                std::to_string(got));
}

bool Decoder::emit(const Form &form, OperationClass kind, Handler run) {
  if (!form.finished())
    return unknown();
  draft.operation.kind = kind;
  draft.operation.run = run;
  drafts.push_back(draft);
  return true;
}
