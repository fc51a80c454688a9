//===- ArtifactTestModel.cpp - A small artefact
//-----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArtifactTestModel.h"

#include "CudaTestKernels.h"

#include "lib/Artifact/ArtifactNames.h"
#include "lib/Artifact/DescriptorBuilder.h"
#include "lib/Runtime/checksum.h"
#include "lib/Target/SharedObjectLinker.h"

#include "gtest/gtest.h"

#include <cstring>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::test;

ArtifactDescription test::toyDescription(llvm::StringRef prefix) {
  ArtifactDescription artifact;
  artifact.model = "Toy model";
  artifact.prefix = prefix.str();
  artifact.compilerVersion = "0.1.0";
  for (size_t i = 0; i < artifact.id.size(); ++i)
    artifact.id[i] = i * 7;
  artifact.target = llvm::cantFail(selectTarget(portableTarget()));
  artifact.weightsBytes = 64;
  artifact.weights = {{"w", PERCEIVER_F32, {4}, "row-major", 0, 16}};

  EntryDescription run;
  run.name = "run";
  run.sizes = {{"batch", 1, 64}};
  run.arguments = {{"image", PERCEIVER_F32, {symbolicDimension(0), 4}, false},
                   {"scaled", PERCEIVER_F32, {symbolicDimension(0), 4}, true}};
  SizeProgram rows = {{PERCEIVER_SIZE_SYMBOL, 0},
                      {PERCEIVER_SIZE_CONSTANT, 16},
                      {PERCEIVER_SIZE_MUL, 0}};
  run.buffers = {{"copy", rows, 0, 1, false},
                 {"tile", constantSize(16), 1, 1, true}};
  run.phases = {{"copy", {{PERCEIVER_SIZE_SYMBOL, 0}}},
                {"scale", {{PERCEIVER_SIZE_SYMBOL, 0}}}};
  run.flop = {{PERCEIVER_SIZE_SYMBOL, 0},
              {PERCEIVER_SIZE_CONSTANT, 8},
              {PERCEIVER_SIZE_MUL, 0}};

  EntryDescription masked;
  masked.name = "masked";
  masked.arguments = {{"attention mask", PERCEIVER_BOOL, {3}, false},
                      {"ids", PERCEIVER_I64, {3}, false},
                      {"class", PERCEIVER_F32, {3}, true}};
  artifact.entries = {run, masked};
  artifact.fusionLog = {"scale: fused with copy because \"both\" are small"};
  return artifact;
}

ArtifactDescription test::toyDeviceDescription() {
  ArtifactDescription artifact = toyDescription();
  artifact.kind = PERCEIVER_KIND_CUDA;
  EntryDescription &run = artifact.entries.front();
  SizeProgram rows = run.buffers.front().size;
  run.buffers = {{"twice", rows, 0, 1, false}, {"copied", rows, 1, 2, false}};
  run.phases.clear();
  artifact.entries.resize(1);
  artifact.kernels = {{"doubled", 3, 1}, {"scaled", 4, 0}};
  artifact.images = {{80,
                      PERCEIVER_IMAGE_PTX,
                      ::perceiver::test::kCudaTestKernels,
                      {{4, 0}, {4, 256}}},
                     {80,
                      PERCEIVER_IMAGE_CUBIN,
                      "\x7f"
                      "ELF",
                      {{4, 0, 10, 0}, {4, 256, 40, 8}}}};
  return artifact;
}

std::string test::toyDeviceCode() {
  return R"(
!frame = !llvm.struct<(i64, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr)>
!launcher = !llvm.struct<(ptr, ptr)>

// Put `value` on the stack, and its address into parameters[i].
llvm.func @set(%parameters: !llvm.ptr, %i: i64, %place: !llvm.ptr, %value: !llvm.ptr) {
  llvm.store %value, %place : !llvm.ptr, !llvm.ptr
  %at = llvm.getelementptr %parameters[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  llvm.store %place, %at : !llvm.ptr, !llvm.ptr
  llvm.return
}

llvm.func @toy__body_run(%frame: !llvm.ptr) {
  %c0 = llvm.mlir.constant(0 : i32) : i32
  %c1 = llvm.mlir.constant(1 : i32) : i32
  %c2 = llvm.mlir.constant(2 : i32) : i32
  %n0 = llvm.mlir.constant(0 : i64) : i64
  %n1 = llvm.mlir.constant(1 : i64) : i64
  %n2 = llvm.mlir.constant(2 : i64) : i64
  %n3 = llvm.mlir.constant(3 : i64) : i64
  %n16 = llvm.mlir.constant(16 : i64) : i64
  %none = llvm.mlir.zero : !llvm.ptr
  %f = llvm.load %frame : !llvm.ptr -> !frame
  %weights = llvm.extractvalue %f[2] : !frame
  %workspace = llvm.extractvalue %f[3] : !frame
  %buffers = llvm.extractvalue %f[4] : !frame
  %arguments = llvm.extractvalue %f[5] : !frame
  %sizes = llvm.extractvalue %f[6] : !frame
  %launcher = llvm.extractvalue %f[8] : !frame
  %functions = llvm.load %launcher : !llvm.ptr -> !launcher
  %launch = llvm.extractvalue %functions[0] : !launcher
  %copy = llvm.extractvalue %functions[1] : !launcher
  %rows = llvm.load %sizes : !llvm.ptr -> i64
  %bytes = llvm.mul %rows, %n16 : i64
  %x = llvm.load %arguments : !llvm.ptr -> !llvm.ptr
  %y_at = llvm.getelementptr %arguments[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %y = llvm.load %y_at : !llvm.ptr -> !llvm.ptr
  %twice_offset = llvm.load %buffers : !llvm.ptr -> i64
  %twice = llvm.getelementptr %workspace[%twice_offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %copied_offset_at = llvm.getelementptr %buffers[2] : (!llvm.ptr) -> !llvm.ptr, i64
  %copied_offset = llvm.load %copied_offset_at : !llvm.ptr -> i64
  %copied = llvm.getelementptr %workspace[%copied_offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %parameters = llvm.alloca %c1 x !llvm.array<4 x ptr> : (i32) -> !llvm.ptr
  %p0 = llvm.alloca %c1 x i64 : (i32) -> !llvm.ptr
  %p1 = llvm.alloca %c1 x !llvm.ptr : (i32) -> !llvm.ptr
  %p2 = llvm.alloca %c1 x !llvm.ptr : (i32) -> !llvm.ptr
  %p3 = llvm.alloca %c1 x !llvm.ptr : (i32) -> !llvm.ptr
  llvm.call @set(%parameters, %n0, %p0, %none) : (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr) -> ()
  llvm.call @set(%parameters, %n1, %p1, %x) : (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr) -> ()
  llvm.call @set(%parameters, %n2, %p2, %twice) : (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr) -> ()
  llvm.call %launch(%frame, %c0, %c0, %rows, %parameters) : !llvm.ptr, (!llvm.ptr, i32, i32, i64, !llvm.ptr) -> ()
  llvm.call %copy(%frame, %c1, %copied, %twice, %bytes) : !llvm.ptr, (!llvm.ptr, i32, !llvm.ptr, !llvm.ptr, i64) -> ()
  llvm.call @set(%parameters, %n1, %p1, %copied) : (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr) -> ()
  llvm.call @set(%parameters, %n2, %p2, %weights) : (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr) -> ()
  llvm.call @set(%parameters, %n3, %p3, %y) : (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr) -> ()
  llvm.call %launch(%frame, %c1, %c2, %rows, %parameters) : !llvm.ptr, (!llvm.ptr, i32, i32, i64, !llvm.ptr) -> ()
  llvm.return
}
)";
}

std::string test::toyCode(llvm::StringRef prefix) {
  std::string code = R"(
!frame = !llvm.struct<(i64, ptr, ptr, ptr, ptr, ptr, ptr, ptr)>
!pool = !llvm.struct<(i32, i32, ptr, ptr)>

// pool->run_tasks(pool->state, sizes[0], task, frame)
llvm.func @run_phase(%frame: !llvm.ptr, %task: !llvm.ptr) {
  %f = llvm.load %frame : !llvm.ptr -> !frame
  %pool = llvm.extractvalue %f[1] : !frame
  %sizes = llvm.extractvalue %f[6] : !frame
  %batch = llvm.load %sizes : !llvm.ptr -> i64
  %p = llvm.load %pool : !llvm.ptr -> !pool
  %state = llvm.extractvalue %p[2] : !pool
  %run_tasks = llvm.extractvalue %p[3] : !pool
  llvm.call %run_tasks(%state, %batch, %task, %frame) : !llvm.ptr, (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr) -> ()
  llvm.return
}

// copy[i] = image[i]
llvm.func @copy_task(%frame: !llvm.ptr, %i: i64, %worker: i32) {
  %f = llvm.load %frame : !llvm.ptr -> !frame
  %workspace = llvm.extractvalue %f[3] : !frame
  %buffers = llvm.extractvalue %f[4] : !frame
  %arguments = llvm.extractvalue %f[5] : !frame
  %offset = llvm.load %buffers : !llvm.ptr -> i64
  %copy = llvm.getelementptr %workspace[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %image = llvm.load %arguments : !llvm.ptr -> !llvm.ptr
  %from = llvm.getelementptr %image[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.array<4 x f32>
  %to = llvm.getelementptr %copy[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.array<4 x f32>
  %row = llvm.load %from {alignment = 4 : i64} : !llvm.ptr -> vector<4xf32>
  llvm.store %row, %to {alignment = 4 : i64} : vector<4xf32>, !llvm.ptr
  llvm.return
}

// tile[worker] = image[i] * w; scaled[i] = tile[worker] + copy[i]
llvm.func @scale_task(%frame: !llvm.ptr, %i: i64, %worker: i32) {
  %f = llvm.load %frame : !llvm.ptr -> !frame
  %weights = llvm.extractvalue %f[2] : !frame
  %workspace = llvm.extractvalue %f[3] : !frame
  %buffers = llvm.extractvalue %f[4] : !frame
  %arguments = llvm.extractvalue %f[5] : !frame
  %copy_offset = llvm.load %buffers : !llvm.ptr -> i64
  %copy = llvm.getelementptr %workspace[%copy_offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %copy_row = llvm.getelementptr %copy[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.array<4 x f32>
  %tile_offset_at = llvm.getelementptr %buffers[2] : (!llvm.ptr) -> !llvm.ptr, i64
  %tile_offset = llvm.load %tile_offset_at : !llvm.ptr -> i64
  %tile_stride_at = llvm.getelementptr %buffers[3] : (!llvm.ptr) -> !llvm.ptr, i64
  %tile_stride = llvm.load %tile_stride_at : !llvm.ptr -> i64
  %number = llvm.sext %worker : i32 to i64
  %part = llvm.mul %number, %tile_stride : i64
  %tile_at = llvm.add %tile_offset, %part : i64
  %tile = llvm.getelementptr %workspace[%tile_at] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %image = llvm.load %arguments : !llvm.ptr -> !llvm.ptr
  %from = llvm.getelementptr %image[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.array<4 x f32>
  %row = llvm.load %from {alignment = 4 : i64} : !llvm.ptr -> vector<4xf32>
  %w = llvm.load %weights {alignment = 4 : i64} : !llvm.ptr -> vector<4xf32>
  %product = llvm.fmul %row, %w : vector<4xf32>
  llvm.store volatile %product, %tile : vector<4xf32>, !llvm.ptr
  %again = llvm.load volatile %tile : !llvm.ptr -> vector<4xf32>
  %old = llvm.load %copy_row {alignment = 4 : i64} : !llvm.ptr -> vector<4xf32>
  %sum = llvm.fadd %again, %old : vector<4xf32>
  %scaled_at = llvm.getelementptr %arguments[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %scaled = llvm.load %scaled_at : !llvm.ptr -> !llvm.ptr
  %to = llvm.getelementptr %scaled[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.array<4 x f32>
  llvm.store %sum, %to {alignment = 4 : i64} : vector<4xf32>, !llvm.ptr
  llvm.return
}

llvm.func @PREFIX__body_run(%frame: !llvm.ptr) {
  %copy = llvm.mlir.addressof @copy_task : !llvm.ptr
  llvm.call @run_phase(%frame, %copy) : (!llvm.ptr, !llvm.ptr) -> ()
  %scale = llvm.mlir.addressof @scale_task : !llvm.ptr
  llvm.call @run_phase(%frame, %scale) : (!llvm.ptr, !llvm.ptr) -> ()
  llvm.return
}

llvm.func @PREFIX__body_masked(%frame: !llvm.ptr) {
  %f = llvm.load %frame : !llvm.ptr -> !frame
  %arguments = llvm.extractvalue %f[5] : !frame
  %mask = llvm.load %arguments : !llvm.ptr -> !llvm.ptr
  %ids_at = llvm.getelementptr %arguments[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %ids = llvm.load %ids_at : !llvm.ptr -> !llvm.ptr
  %class_at = llvm.getelementptr %arguments[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %class = llvm.load %class_at : !llvm.ptr -> !llvm.ptr
  %bits = llvm.load %mask {alignment = 1 : i64} : !llvm.ptr -> vector<3xi8>
  %zero = llvm.mlir.constant(dense<0> : vector<3xi8>) : vector<3xi8>
  %chosen = llvm.icmp "ne" %bits, %zero : vector<3xi8>
  %integers = llvm.load %ids {alignment = 8 : i64} : !llvm.ptr -> vector<3xi64>
  %numbers = llvm.sitofp %integers : vector<3xi64> to vector<3xf32>
  %none = llvm.mlir.constant(dense<0.0> : vector<3xf32>) : vector<3xf32>
  %result = llvm.select %chosen, %numbers, %none : vector<3xi1>, vector<3xf32>
  llvm.store %result, %class {alignment = 4 : i64} : vector<3xf32>, !llvm.ptr
  llvm.return
}
)";
  llvm::StringRef word = "PREFIX";
  for (size_t at = code.find(word); at != std::string::npos;
       at = code.find(word))
    code.replace(at, word.size(), prefix.str());
  return code;
}

std::string test::toyWeights(const ArtifactDescription &artifact) {
  std::string directory = "[]", data(artifact.weightsBytes, '\0');
  const float values[4] = {1, 2, 3, 4};
  std::memcpy(&data[0], values, sizeof values);

  perceiver_weights_header header = {};
  std::memcpy(header.magic, PERCEIVER_WEIGHTS_MAGIC, sizeof header.magic);
  header.format_version = PERCEIVER_WEIGHTS_VERSION;
  header.header_bytes = sizeof header;
  std::memcpy(header.id, artifact.id.data(), sizeof header.id);
  header.directory_offset = sizeof header;
  header.directory_bytes = directory.size();
  header.data_offset = PERCEIVER_WEIGHTS_DATA_ALIGNMENT;
  header.data_bytes = data.size();
  header.file_bytes = header.data_offset + data.size();
  header.directory_checksum =
      perceiver_checksum(directory.data(), directory.size());
  header.data_checksum = perceiver_checksum(data.data(), data.size());
  header.header_checksum = perceiver_rt_header_checksum(&header);

  std::string file(reinterpret_cast<const char *>(&header), sizeof header);
  file += directory;
  file.resize(header.data_offset);
  return file + data;
}

Bytes test::linkArtifact(const ArtifactDescription &artifact,
                         llvm::StringRef code) {
  ObjectEmitter emitter =
      llvm::cantFail(ObjectEmitter::create(portableTarget()));
  OwnedModule owned = translate(code);
  if (!owned.module)
    return {};
  EXPECT_EQ(text(addArtifact(*owned.module, artifact)), "");
  EXPECT_EQ(text(emitter.optimize(*owned.module)), "");
  Bytes object =
      llvm::cantFail(emitter.emit(*owned.module, CodeFormat::Object));
  LinkOptions options;
  options.triple = artifact.target.triple;
  options.soname = artifact.prefix + ".so";
  options.exports = exportedSymbols(artifact);
  llvm::Expected<Bytes> linked =
      linkSharedObject(asBuffer(object, "model.o"), options);
  if (!linked) {
    ADD_FAILURE() << text(linked.takeError());
    return {};
  }
  return std::move(*linked);
}
