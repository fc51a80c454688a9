//===- DescriptorTypes.cpp - The runtime's structures in LLVM IR ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Artifact/DescriptorTypes.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DerivedTypes.h"

using namespace mlir::perceiver;

DescriptorTypes::DescriptorTypes(llvm::LLVMContext &context) {
  llvm::Type *ptr = llvm::PointerType::get(context, 0);
  llvm::Type *i32 = llvm::Type::getInt32Ty(context);
  llvm::Type *i64 = llvm::Type::getInt64Ty(context);
  llvm::Type *id = llvm::ArrayType::get(llvm::Type::getInt8Ty(context), 32);
  // opcode, value
  sizeInstruction = llvm::StructType::get(i64, i64);
  // size, size_length, first, last, per_worker
  buffer = llvm::StructType::get(ptr, i32, i32, i32, i32);
  // name, minimum, maximum
  symbol = llvm::StructType::get(ptr, i64, i64);
  // text, value, value_length, reserved
  derivedSize = llvm::StructType::get(ptr, ptr, i32, i32);
  // sentence, value, value_length, reserved
  condition = llvm::StructType::get(ptr, ptr, i32, i32);
  // name, dims, rank, dtype, is_output, fill, bounds
  argument = llvm::StructType::get(ptr, ptr, i32, i32, i32, i32, ptr);
  // name, body, arguments, symbols, buffers, argument_count, symbol_count,
  // buffer_count, derived_count, derived, conditions, condition_count, reserved
  entry = llvm::StructType::get(ptr, ptr, ptr, ptr, ptr, i32, i32, i32, i32,
                                ptr, ptr, i32, i32);
  // name, parameter_count, reserved
  kernel = llvm::StructType::get(ptr, i32, i32);
  // threads, shared_bytes
  kernelShape = llvm::StructType::get(i32, i32);
  // arch, kind, data, bytes, shapes
  image = llvm::StructType::get(i32, i32, ptr, i64, ptr);
  // abi_version, size, model_name, compiler_version, entries, weights_bytes,
  // cpu_features, id, entry_count, kind
  llvm::SmallVector<llvm::Type *> fields = {i32, i32, ptr, ptr, ptr,
                                            i64, i64, id,  i32, i32};
  cpuArtifact = llvm::StructType::get(context, fields);
  // kernels, images, kernel_count, image_count
  fields.append({ptr, ptr, i32, i32});
  artifact = llvm::StructType::get(context, fields);
}
