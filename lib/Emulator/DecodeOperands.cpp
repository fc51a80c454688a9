//===- DecodeOperands.cpp - Operands of instructions as values ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/AddressSpaces.h"
#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/Half.h"

using namespace perceiver::emulator;

using Kind = Operand::Kind;

static std::string widthError(std::string_view name, unsigned expected,
                              unsigned got) {
  return "expected a register of " + std::to_string(expected) + " bits, but " +
         std::string(name) + " has " + std::to_string(got);
}

unsigned Decoder::registerBits(const Operand &operand) const {
  return operand.kind == Kind::Register ? entry.registers[operand.index].bits
                                        : 0;
}

uint32_t Decoder::newValue(bool wide) {
  isWide.push_back(wide);
  return isWide.size() - 1;
}

uint32_t Decoder::constantValue(uint64_t bits, bool wide) {
  auto [found, isNew] = constantValues.insert({{bits, wide}, 0});
  if (isNew)
    found->second = newValue(wide);
  return found->second;
}

void Decoder::readConstant(uint64_t bits, bool wide) {
  draft.values[draft.count++] = constantValue(bits, wide);
}

bool Decoder::write(const Operand &operand, unsigned bits, bool exact) {
  if (draft.count == kMostSlots)
    return unknown();
  ++draft.written;
  // What is thrown away goes to a value that nobody reads.
  if (operand.kind == Kind::Discarded) {
    draft.values[draft.count++] = newValue(bits == 64);
    return true;
  }
  if (operand.kind != Kind::Register)
    return refuse("expected a register that is written");
  unsigned got = registerBits(operand);
  if (exact ? got != bits : got < bits || got == 1)
    return refuse(widthError(operand.name, bits, got));
  draft.values[draft.count++] = operand.index;
  return true;
}

bool Decoder::read(const Operand &operand, const Type &type, bool exact) {
  if (draft.count == kMostSlots)
    return unknown();
  unsigned bits = type.bits;
  uint64_t value = operand.bits;
  bool isFloat = type.kind == Type::Kind::Float && !type.packed;
  switch (operand.kind) {
  case Kind::Register: {
    unsigned got = registerBits(operand);
    if (operand.negated || (exact ? got != bits : got < bits || got == 1))
      return refuse(widthError(operand.name, bits, got));
    draft.values[draft.count++] = operand.index;
    return true;
  }
  case Kind::Integer:
    if (isFloat)
      return refuse("expected a constant like 0f3F800000, but got an integer");
    if (bits < 64)
      value &= (uint64_t(1) << bits) - 1;
    break;
  case Kind::Float32:
    if (bits != 32 || type.isInteger() || type.packed)
      return refuse("expected a constant of another type, but got a float");
    break;
  case Kind::Float64:
    // A fraction like 1.5 is rounded to the type that is asked for.
    if (isFloat && bits == 32) {
      value = bitCast<uint32_t>(float(bitCast<double>(value)));
      break;
    }
    if (bits != 64 || type.isInteger())
      return refuse("expected a constant of another type, but got a double");
    break;
  case Kind::Name: {
    uint32_t special;
    if (operand.negated)
      return unknown();
    if (specialValue(operand, special)) {
      if (bits != 32)
        return refuse(widthError(operand.name, bits, 32));
      draft.values[draft.count++] = special;
      return true;
    }
    if (!symbolValue(operand, bits, value))
      return false;
    break;
  }
  default:
    return refuse("expected a register or a constant");
  }
  readConstant(value, bits == 64);
  return true;
}

bool Decoder::specialValue(const Operand &operand, uint32_t &value) {
  using Special = SpecialSlot::Kind;
  static const std::unordered_map<std::string_view, Special> specials = {
      {"%tid.x", Special::ThreadX},
      {"%tid.y", Special::ThreadY},
      {"%tid.z", Special::ThreadZ},
      {"%ntid.x", Special::ThreadsX},
      {"%ntid.y", Special::ThreadsY},
      {"%ntid.z", Special::ThreadsZ},
      {"%ctaid.x", Special::BlockX},
      {"%ctaid.y", Special::BlockY},
      {"%ctaid.z", Special::BlockZ},
      {"%nctaid.x", Special::BlocksX},
      {"%nctaid.y", Special::BlocksY},
      {"%nctaid.z", Special::BlocksZ},
      {"%laneid", Special::Lane},
      {"%warpid", Special::Warp},
      {"%nwarpid", Special::Warps},
      {"%dynamic_smem_size", Special::DynamicSharedBytes},
      {"%total_smem_size", Special::TotalSharedBytes},
  };
  auto known = specials.find(operand.name);
  if (known == specials.end())
    return false;
  auto [found, isNew] = specialValues.insert({known->second, 0});
  if (isNew)
    found->second = newValue(false);
  value = found->second;
  return true;
}

bool Decoder::symbolValue(const Operand &operand, unsigned bits,
                          uint64_t &value) {
  if (operand.name == "WARP_SZ") {
    value = kLanes;
    return true;
  }
  auto symbol = symbols.find(operand.name);
  if (symbol == symbols.end())
    return refuse("expected a register, special register or variable, but " +
                  std::string(operand.name) + " is none");
  if (bits < 32 || (bits == 32 && symbol->second.space == Space::Global))
    return refuse("expected 64 bits for the address of " +
                  std::string(operand.name));
  value = symbol->second.address + operand.bits;
  if (bits == 32)
    value &= UINT32_MAX;
  return true;
}

bool Decoder::writePredicate(const Operand &operand, unsigned which) {
  if (operand.kind == Kind::Discarded)
    return true;
  if (operand.negated || registerBits(operand) != 1)
    return refuse("expected a predicate that is written");
  draft.operation.predicates[which] = predicates[operand.index];
  return true;
}

bool Decoder::readPredicate(const Operand &operand, unsigned which) {
  bool flip = operand.negated;
  if (operand.kind == Kind::Integer) {
    flip = operand.bits == 0;
  } else {
    if (registerBits(operand) != 1)
      return refuse("expected a predicate");
    draft.operation.predicates[which] = predicates[operand.index];
  }
  draft.operation.predicateFlips |= flip << which;
  return true;
}

bool Decoder::readImmediate(const Operand &operand, uint64_t &value) {
  if (operand.kind != Kind::Integer)
    return refuse("expected an integer constant");
  value = operand.bits;
  return true;
}

bool Decoder::readAddress(const Operand &operand, Access &access) {
  if (operand.kind != Kind::Address)
    return refuse("expected an address in brackets");
  draft.operation.immediate = operand.bits;
  if (!readBase(operand.elements[0], access))
    return false;
  // Numbers that are given twice cost time, and nothing else.
  uint16_t next = patterns.size();
  draft.operation.patterns[draft.addresses++] =
      patterns.try_emplace(draft.values[draft.count - 1], next).first->second;
  return true;
}

bool Decoder::readBase(const Operand &base, Access &access) {
  access.isWide = true;
  if (base.kind == Kind::Integer) {
    readConstant(base.bits, true);
    return true;
  }
  if (base.kind == Kind::Register) {
    access.isWide = registerBits(base) == 64;
    if (!access.isWide && access.space == Space::Global)
      return refuse(widthError(base.name, 64, registerBits(base)));
    return readBits(base, access.isWide ? 64 : 32);
  }
  auto symbol = symbols.find(base.name);
  if (symbol == symbols.end())
    return refuse("expected a register or variable in brackets, but " +
                  std::string(base.name) + " is none");
  // Device variables have the same address in both spaces.
  Space space = symbol->second.space;
  if (space != access.space &&
      (space != Space::Global || access.space != Space::Generic))
    return refuse("expected a variable of the instruction's space, but " +
                  std::string(base.name) + " is in another");
  readConstant(symbol->second.address, true);
  return true;
}
