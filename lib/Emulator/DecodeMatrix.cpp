//===- DecodeMatrix.cpp - mma and ldmatrix --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With g = lane / 4 and t = lane % 4, a register of a 16-bit fragment holds
// columns 2t and 2t + 1 of row g: as slots lie in memory, it is an 8 x 8 tile
// row by row. B's tile is transposed: its rows are columns of B.
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/MatrixProduct.h"
#include "lib/Emulator/SharedAccess.h"

using namespace perceiver::emulator;

namespace {
enum class Format : uint8_t { Half, Bfloat, Tf32 };
constexpr uint8_t kTransposed = 0x80;
} // namespace

/// Read 64 numbers of 16 bits, or 32 of 32 bits, from a slot.
template <Format format>
static EMULATOR_INLINE void readTile(const uint32_t *slot, float *numbers) {
  if (format == Format::Tf32) {
    // The product does not see the low 13 bits.
    for (unsigned i = 0; i < kLanes; ++i)
      numbers[i] = bitCast<float>(slot[i] & 0xffffe000);
    return;
  }
  uint16_t halves[2 * kLanes];
  memcpy(halves, slot, sizeof halves);
  for (unsigned i = 0; i < 2 * kLanes; ++i)
    numbers[i] = format == Format::Half ? halfToFloat(halves[i])
                                        : bfloatToFloat(halves[i]);
}

namespace {
/// slots: 4 of the result, then A, B, and 4 of C.
template <Format format, unsigned depth>
struct MatrixProduct {
  /// Columns of A in one register of each half of the rows.
  static constexpr unsigned tile = format == Format::Tf32 ? 4 : 8;
  static constexpr unsigned tiles = depth / tile;
  static constexpr unsigned aSlots = 2 * tiles, bSlots = tiles;

  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    const uint16_t *slots = operation.slots + 4;
    float a[kMatrixRows][depth], b[depth][kMatrixColumns];
    float numbers[2 * kLanes];
    for (unsigned i = 0; i < aSlots; ++i) {
      readTile<format>(warp.slot<uint32_t>(slots[i]), numbers);
      for (unsigned row = 0; row < 8; ++row)
        for (unsigned k = 0; k < tile; ++k)
          a[row + 8 * (i % 2)][k + tile * (i / 2)] = numbers[row * tile + k];
    }
    // Even columns first, then the odd ones: as registers of C hold them.
    for (unsigned i = 0; i < bSlots; ++i) {
      readTile<format>(warp.slot<uint32_t>(slots[aSlots + i]), numbers);
      for (unsigned k = 0; k < tile; ++k)
        for (unsigned column = 0; column < kMatrixColumns; ++column)
          b[k + tile * i][column / 2 + 4 * (column % 2)] =
              numbers[column * tile + k];
    }
    float sums[kMatrixRows][kMatrixColumns];
    const uint16_t *c = slots + aSlots + bSlots;
    for (unsigned i = 0; i < 4; ++i)
      for (unsigned row = 0; row < 8; ++row)
        memcpy(&sums[row + 8 * (i / 2)][4 * (i % 2)],
               warp.slot<float>(c[i]) + 4 * row, 4 * sizeof(float));
    multiplyMatrices<depth, tile>(warp.block->matrixModel(), a, b, sums);
    for (unsigned i = 0; i < 4; ++i) {
      float result[kLanes];
      for (unsigned row = 0; row < 8; ++row)
        memcpy(result + 4 * row, &sums[row + 8 * (i / 2)][4 * (i % 2)],
               4 * sizeof(float));
      writeSlot(warp, operation.slots[i], result);
    }
    ++warp.matrixProducts;
  }
};

/// Matrices of 8 rows of 16 bytes; `detail` says how many, and whether they are
/// transposed.
struct MatrixLoad {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    unsigned count = operation.detail & ~kTransposed;
    LaneAddresses addresses;
    computeAddresses(warp, operation, operation.slots[count], addresses);
    LaneWords words;
    memset(words, 0xff, sizeof words);
    uint32_t lanes = UINT32_MAX >> (32 - 8 * count) & warp.exec;
    if (lanes)
      loadLanes<SharedMemory>({warp, operation, addresses, lanes, 16}, words);
    for (unsigned i = 0; i < count; ++i) {
      uint32_t result[kLanes];
      for (unsigned lane = 0; lane < kLanes; ++lane) {
        unsigned g = lane / 4, t = lane % 4;
        if (operation.detail & kTransposed) {
          unsigned row = 8 * i + 2 * t, shift = 16 * (g % 2);
          uint32_t low = words[g / 2][row] >> shift & 0xffff;
          uint32_t high = words[g / 2][row + 1] >> shift & 0xffff;
          result[lane] = high << 16 | low;
        } else {
          result[lane] = words[t][8 * i + g];
        }
      }
      writeSlot(warp, operation.slots[i], result);
    }
  }
};
} // namespace

/// Add the registers of a fragment.
template <typename F>
static bool addFragment(Decoder &decoder, const Operand &operand, size_t count,
                        F add) {
  std::vector<Operand> registers = {operand};
  if (operand.kind == Operand::Kind::Vector)
    registers = operand.elements;
  if (registers.size() != count)
    return decoder.refuse("expected " + std::to_string(count) +
                          " registers of a fragment, but got " +
                          std::to_string(registers.size()));
  for (const Operand &each : registers)
    if (!add(each))
      return false;
  return true;
}

bool perceiver::emulator::decodeMatrixProduct(Decoder &decoder, Form &form) {
  // The order of types matters: result, A, B, C.
  static const struct {
    std::string_view shape, type;
    unsigned aSlots;
    Handler run;
  } variants[] = {
      {"m16n8k16", "f16", 4, handler<MatrixProduct<Format::Half, 16>>()},
      {"m16n8k8", "f16", 2, handler<MatrixProduct<Format::Half, 8>>()},
      {"m16n8k16", "bf16", 4, handler<MatrixProduct<Format::Bfloat, 16>>()},
      {"m16n8k8", "bf16", 2, handler<MatrixProduct<Format::Bfloat, 8>>()},
      {"m16n8k8", "tf32", 4, handler<MatrixProduct<Format::Tf32, 8>>()},
      {"m16n8k4", "tf32", 2, handler<MatrixProduct<Format::Tf32, 4>>()},
  };
  const auto &operands = form.instruction.operands;
  const auto &modifiers = form.instruction.modifiers;
  Operation &operation = decoder.current().operation;
  for (const auto &variant : variants) {
    const std::vector<std::string_view> wanted = {
        "sync", "aligned",    variant.shape, "row", "col",
        "f32",  variant.type, variant.type,  "f32"};
    if (modifiers != wanted)
      continue;
    auto read = [&](const Operand &operand) {
      return decoder.readBits(operand, 32);
    };
    // Constants are written as "0." there, too.
    auto readFloat = [&](const Operand &operand) {
      return decoder.read(operand, {Type::Kind::Float, 32});
    };
    if (!decoder.expectOperands(form, 4) ||
        !addFragment(decoder, operands[0], 4,
                     [&](const Operand &operand) {
                       return decoder.write(operand, 32);
                     }) ||
        !addFragment(decoder, operands[1], variant.aSlots, read) ||
        !addFragment(decoder, operands[2], variant.aSlots / 2, read) ||
        !addFragment(decoder, operands[3], 4, readFloat))
      return false;
    operation.flow = Flow::Collective;
    for (std::string_view modifier : wanted)
      form.take(modifier);
    return decoder.emit(form, OperationClass::Matrix, variant.run);
  }
  return decoder.unknown();
}

bool perceiver::emulator::decodeMatrixLoad(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  Operation &operation = decoder.current().operation;
  unsigned count = form.take("x4") ? 4 : form.take("x2") ? 2 : 1;
  if (count == 1 && !form.take("x1"))
    return decoder.unknown();
  operation.detail = count | (form.take("trans") ? kTransposed : 0);
  if (!form.take("sync") || !form.take("aligned") || !form.take("m8n8") ||
      !form.take("b16") || !(form.take("shared") || form.take("shared::cta")))
    return decoder.unknown();
  Access &access = operation.access;
  access.space = Space::Shared;
  if (!decoder.expectOperands(form, 2) ||
      !addFragment(
          decoder, operands[0], count,
          [&](const Operand &operand) { return decoder.write(operand, 32); }) ||
      !decoder.readAddress(operands[1], access))
    return false;
  operation.flow = Flow::Collective;
  return decoder.emit(form, OperationClass::Shared, handler<MatrixLoad>());
}
