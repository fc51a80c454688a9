//===- TargetObjectEmitterTest.cpp - Targets and machine code -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetTestSupport.h"

#include "lib/Runtime/perceiver_runtime.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::test;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

namespace {

/// out[i] = 2 * in[i] for i < n: a loop that the vectorizer knows.
constexpr llvm::StringLiteral kScale = R"(
llvm.func @scale(%in: !llvm.ptr {llvm.noalias}, %out: !llvm.ptr {llvm.noalias}, %n: i64) {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %two = llvm.mlir.constant(2.0 : f32) : f32
  llvm.br ^header(%zero : i64)
^header(%i: i64):
  %more = llvm.icmp "slt" %i, %n : i64
  llvm.cond_br %more, ^body, ^exit
^body:
  %source = llvm.getelementptr %in[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %value = llvm.load %source : !llvm.ptr -> f32
  %product = llvm.fmul %value, %two : f32
  %target = llvm.getelementptr %out[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  llvm.store %product, %target : f32, !llvm.ptr
  %next = llvm.add %i, %one : i64
  llvm.br ^header(%next : i64)
^exit:
  llvm.return
}
)";

/// The bytes for `mlir`, or none after a test failure.
Bytes compile(llvm::StringRef mlir, const TargetOptions &options,
              CodeFormat format) {
  llvm::Expected<ObjectEmitter> emitter = ObjectEmitter::create(options);
  if (!emitter) {
    ADD_FAILURE() << text(emitter.takeError());
    return {};
  }
  OwnedModule owned = translate(mlir);
  if (!owned.module)
    return {};
  EXPECT_EQ(text(emitter->optimize(*owned.module)), "");
  llvm::Expected<Bytes> bytes = emitter->emit(*owned.module, format);
  if (!bytes) {
    ADD_FAILURE() << text(bytes.takeError());
    return {};
  }
  return std::move(*bytes);
}

std::string compileToText(llvm::StringRef mlir, llvm::StringRef cpu,
                          CodeFormat format, llvm::StringRef triple = "") {
  TargetOptions options;
  options.triple = triple.str();
  options.cpu = cpu.str();
  Bytes bytes = compile(mlir, options, format);
  return std::string(bytes.begin(), bytes.end());
}

constexpr llvm::StringLiteral kX86 = "x86_64-linux-gnu";
constexpr llvm::StringLiteral kArm = "aarch64-linux-gnu";

TEST(TargetSelection, LevelsNameTheirInstructionSets) {
  TargetOptions options;
  options.triple = kX86;
  options.cpu = "x86-64-v3";
  TargetDescription v3 = llvm::cantFail(selectTarget(options));
  EXPECT_THAT(v3.requiredFeatureNames, Contains("avx2"));
  EXPECT_THAT(v3.requiredFeatureNames, Contains("fma"));
  EXPECT_THAT(v3.requiredFeatureNames, Not(Contains("avx512f")));
  EXPECT_EQ(v3.preferredVectorBits, 0u);

  options.cpu = "x86-64-v4";
  TargetDescription v4 = llvm::cantFail(selectTarget(options));
  EXPECT_THAT(v4.requiredFeatureNames, Contains("avx512vl"));
  EXPECT_EQ(v4.requiredFeatures & v3.requiredFeatures, v3.requiredFeatures);
  EXPECT_EQ(v4.preferredVectorBits, 512u);
  uint64_t bits = 0;
  for (const std::string &name : v4.requiredFeatureNames)
    bits |= perceiver_rt_cpu_feature(name.c_str());
  EXPECT_EQ(bits, v4.requiredFeatures);

  options.cpu = "generic";
  EXPECT_EQ(llvm::cantFail(selectTarget(options)).cpu, "x86-64");
}

TEST(TargetSelection, FeaturesAddToTheProcessor) {
  TargetOptions options;
  options.triple = kX86;
  options.cpu = "x86-64-v3";
  options.features = "+avx512f, -movbe";
  TargetDescription target = llvm::cantFail(selectTarget(options));
  EXPECT_EQ(target.features, "+avx512f,-movbe");
  EXPECT_EQ(target.preferredVectorBits, 512u);
}

TEST(TargetSelection, CodeUsesNothingThatIsNotChecked) {
  auto select = [](llvm::StringRef triple, llvm::StringRef cpu) {
    TargetOptions options;
    options.triple = triple.str();
    options.cpu = cpu.str();
    return llvm::cantFail(selectTarget(options));
  };
  // Levels consist of checked features only.
  EXPECT_EQ(select(kX86, "x86-64-v3").features, "");
  EXPECT_EQ(select(kX86, "x86-64-v4").features, "");
  TargetDescription bulldozer = select(kX86, "bdver2");
  for (const char *name : {"fma4", "xop", "tbm", "sse4a"})
    EXPECT_THAT(bulldozer.requiredFeatureNames, Contains(name));
  EXPECT_THAT(bulldozer.features, HasSubstr("-lwp"));
  TargetDescription neoverse = select(kArm, "neoverse-v1");
  EXPECT_THAT(neoverse.features, HasSubstr("-sve"));
  EXPECT_THAT(neoverse.features, Not(HasSubstr("-neon")));
  EXPECT_EQ(neoverse.requiredFeatures, 0u);
  EXPECT_EQ(select(kArm, "generic").features, "");
}

TEST(TargetSelection, CheckedFeaturesCanBeAdded) {
  for (const char *name : {"avx512vnni", "amx-fp16", "xop", "avxvnniint16"}) {
    TargetOptions options;
    options.triple = kX86;
    options.cpu = "x86-64";
    options.features = std::string("+") + name;
    TargetDescription target = llvm::cantFail(selectTarget(options));
    EXPECT_EQ(target.features, options.features);
    EXPECT_THAT(target.requiredFeatureNames, Contains(name));
  }
}

TEST(TargetSelection, NativeIsALevelThatThisMachineHas) {
  TargetDescription target = llvm::cantFail(selectTarget(TargetOptions()));
  EXPECT_NE(target.cpu, "native");
  EXPECT_EQ(target.requiredFeatures & ~perceiver_rt_host_cpu_features(), 0u);
}

TEST(TargetSelection, RefusesWhatDoesNotExist) {
  auto message = [](llvm::StringRef triple, llvm::StringRef cpu,
                    llvm::StringRef features = "") {
    TargetOptions options;
    options.triple = triple.str();
    options.cpu = cpu.str();
    options.features = features.str();
    return text(selectTarget(options));
  };
  EXPECT_EQ(message(kX86, "x86-64-v5"),
            "unknown cpu 'x86-64-v5' for x86_64; did you mean 'x86-64-v2'?");
  EXPECT_EQ(message(kArm, "neoverse-n11"),
            "unknown cpu 'neoverse-n11' for aarch64; did you mean "
            "'neoverse-n1'?");
  EXPECT_EQ(message(kX86, "x86-64", "+avx513f"),
            "unknown target feature 'avx513f' for x86_64; did you mean "
            "'avx512f'?");
  EXPECT_EQ(message(kX86, "x86-64", "avx"),
            "expected '+' or '-' before target feature 'avx'");
  EXPECT_EQ(message(kArm, "generic", "+sve"),
            "cannot add target feature 'sve', which the loader of models has "
            "no way to check");
  for (llvm::StringRef triple :
       {"riscv64-linux-gnu", "x86_64-apple-darwin", "x86_64-pc-windows-msvc",
        "aarch64_be-linux-gnu", "i386-linux-gnu", "x86_64-linux-gnux32", "?"})
    EXPECT_THAT(message(triple, "generic"),
                HasSubstr("expected a triple like x86_64-linux-gnu or "
                          "aarch64-linux-gnu"))
        << triple.str();
  // These would end the process inside LLVM's code generator.
  EXPECT_EQ(message(kX86, "pentium4"),
            "cpu 'pentium4' lacks what every model needs: +64bit,+sse2");
  EXPECT_EQ(message(kX86, "x86-64", "-sse2"),
            "cpu 'x86-64' with '-sse2' lacks what every model needs: "
            "+64bit,+sse2");
  llvm::StringRef foreign =
      perceiver_rt_cpu_feature("avx2") && perceiver_rt_host_cpu_features()
          ? llvm::StringRef(kArm)
          : llvm::StringRef(kX86);
  EXPECT_THAT(message(foreign, "native"), HasSubstr("name a cpu"));
  TargetOptions options;
  options.optLevel = 4;
  EXPECT_EQ(text(selectTarget(options)),
            "expected an optimization level from 0 to 3, but got 4");
}

TEST(ObjectEmitter, VectorizesForEachLevel) {
  EXPECT_THAT(compileToText(kScale, "x86-64", CodeFormat::Assembly, kX86),
              HasSubstr("%xmm"));
  EXPECT_THAT(compileToText(kScale, "x86-64-v3", CodeFormat::Assembly, kX86),
              HasSubstr("%ymm"));
  EXPECT_THAT(compileToText(kScale, "x86-64-v4", CodeFormat::Assembly, kX86),
              HasSubstr("%zmm"));
  EXPECT_THAT(compileToText(kScale, "generic", CodeFormat::Assembly, kArm),
              HasSubstr(".4s"));
}

TEST(ObjectEmitter, WritesOptimizedIR) {
  std::string ir = compileToText(kScale, "x86-64-v4", CodeFormat::LLVMIR, kX86);
  EXPECT_THAT(ir, HasSubstr("<16 x float>"));
  EXPECT_THAT(ir, HasSubstr("\"prefer-vector-width\"=\"512\""));
  EXPECT_THAT(ir, HasSubstr("\"target-cpu\"=\"x86-64-v4\""));
}

TEST(ObjectEmitter, KeepsTheProcessorOfAFunction) {
  std::string ir = compileToText(
      R"(llvm.func @f() attributes {target_cpu = "x86-64-v4"} { llvm.return })",
      "x86-64", CodeFormat::LLVMIR, kX86);
  EXPECT_THAT(ir, HasSubstr("\"target-cpu\"=\"x86-64-v4\""));
  EXPECT_THAT(ir, Not(HasSubstr("\"target-cpu\"=\"x86-64\"")));
}

TEST(ObjectEmitter, GivesTheSameBytesTwice) {
  for (llvm::StringRef triple : {kX86, kArm}) {
    TargetOptions options;
    options.triple = triple.str();
    options.cpu = "generic";
    Bytes first = compile(kScale, options, CodeFormat::Object);
    Bytes second = compile(kScale, options, CodeFormat::Object);
    EXPECT_FALSE(first.empty());
    EXPECT_TRUE(first == second);
  }
}

TEST(ObjectEmitter, EmitsObjectsForOtherArchitectures) {
  for (auto [triple, arch] : {std::pair(kX86, llvm::Triple::x86_64),
                              std::pair(kArm, llvm::Triple::aarch64)}) {
    TargetOptions options;
    options.triple = triple.str();
    options.cpu = "generic";
    Bytes bytes = compile(kScale, options, CodeFormat::Object);
    auto object = llvm::object::ObjectFile::createELFObjectFile(
        asBuffer(bytes, "scale.o"));
    ASSERT_TRUE(bool(object)) << text(object.takeError());
    EXPECT_EQ((*object)->getArch(), arch);
    EXPECT_TRUE((*object)->isRelocatableObject());
  }
}

/// Loops with the shape of library functions: only memset may come of them.
TEST(ObjectEmitter, CallsNoLibraryFunctionButForMemory) {
  std::string ir = compileToText(R"(
llvm.func @clear(%p: !llvm.ptr, %n: i64) {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %value = llvm.mlir.constant(0 : i8) : i8
  llvm.br ^header(%zero : i64)
^header(%i: i64):
  %more = llvm.icmp "slt" %i, %n : i64
  llvm.cond_br %more, ^body, ^exit
^body:
  %target = llvm.getelementptr %p[%i] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  llvm.store %value, %target : i8, !llvm.ptr
  %next = llvm.add %i, %one : i64
  llvm.br ^header(%next : i64)
^exit:
  llvm.return
}
llvm.func @length(%p: !llvm.ptr) -> i64 {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %end = llvm.mlir.constant(0 : i8) : i8
  llvm.br ^header(%zero : i64)
^header(%i: i64):
  %source = llvm.getelementptr %p[%i] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %value = llvm.load %source : !llvm.ptr -> i8
  %next = llvm.add %i, %one : i64
  %more = llvm.icmp "ne" %value, %end : i8
  llvm.cond_br %more, ^header(%next : i64), ^exit
^exit:
  llvm.return %i : i64
}
)",
                                 "x86-64-v3", CodeFormat::LLVMIR, kX86);
  EXPECT_THAT(ir, HasSubstr("llvm.memset"));
  EXPECT_THAT(ir, Not(HasSubstr("strlen")));
}

TEST(ObjectEmitter, ReportsMalformedIR) {
  ObjectEmitter emitter =
      llvm::cantFail(ObjectEmitter::create(portableTarget()));
  OwnedModule owned = translate("llvm.func @f() { llvm.return }");
  ASSERT_TRUE(owned.module);
  owned.module->getFunction("f")
      ->getEntryBlock()
      .getTerminator()
      ->eraseFromParent();
  EXPECT_THAT(text(emitter.optimize(*owned.module)),
              HasSubstr("malformed LLVM IR"));
}

TEST(ObjectEmitter, ReportsInlineAssemblyThatDoesNotExist) {
  OwnedModule owned = translate(R"(llvm.func @f() {
    llvm.inline_asm has_side_effects "no_such_instruction", "" : () -> ()
    llvm.return
  })");
  ASSERT_TRUE(owned.module);
  ObjectEmitter emitter =
      llvm::cantFail(ObjectEmitter::create(portableTarget()));
  EXPECT_EQ(text(emitter.optimize(*owned.module)), "");
  EXPECT_THAT(text(emitter.emit(*owned.module, CodeFormat::Object)),
              HasSubstr("cannot generate machine code"));
}

TEST(LLVMIRTranslation, NamesWhatIsLeft) {
  MLIRContext context;
  context.loadDialect<LLVM::LLVMDialect, func::FuncDialect>();
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>("func.func @f() { return }", &context);
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    message = diagnostic.str();
    return success();
  });
  llvm::LLVMContext llvmContext;
  EXPECT_TRUE(failed(translateToLLVMIR(*module, llvmContext)));
  EXPECT_EQ(message, "'func.return' op cannot become machine code: expected "
                     "only operations of the llvm dialect");
}

} // namespace
