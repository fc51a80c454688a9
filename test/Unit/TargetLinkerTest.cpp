//===- TargetLinkerTest.cpp - Shared objects ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetTestSupport.h"

#include "lib/Target/RuntimeArchive.h"
#include "lib/Target/SharedObjectLinker.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::test;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

Bytes compile(llvm::StringRef mlir, llvm::StringRef triple = "") {
  TargetOptions options = portableTarget();
  options.triple = triple.str();
  ObjectEmitter emitter = llvm::cantFail(ObjectEmitter::create(options));
  OwnedModule owned = translate(mlir);
  if (!owned.module)
    return {};
  EXPECT_EQ(text(emitter.optimize(*owned.module)), "");
  return llvm::cantFail(emitter.emit(*owned.module, CodeFormat::Object));
}

LinkOptions linkOptions(llvm::StringRef triple = "") {
  TargetOptions target = portableTarget();
  target.triple = triple.str();
  LinkOptions options;
  options.triple = llvm::cantFail(selectTarget(target)).triple;
  options.soname = "test.so";
  options.withRuntime = false;
  return options;
}

constexpr llvm::StringLiteral kTwoFunctions = R"(
llvm.func @visible() -> i32 {
  %0 = llvm.call @internal() : () -> i32
  llvm.return %0 : i32
}
llvm.func @internal() -> i32 attributes {passthrough = ["noinline"]} {
  %0 = llvm.mlir.constant(7 : i32) : i32
  llvm.return %0 : i32
}
)";

TEST(SharedObjectLinker, ShowsExportsAndNothingElse) {
  Bytes object = compile(kTwoFunctions);
  LinkOptions options = linkOptions();
  options.exports = {"visible"};
  Bytes linked =
      llvm::cantFail(linkSharedObject(asBuffer(object, "two.o"), options));
  SharedObjectFacts facts = inspect(linked);
  EXPECT_THAT(facts.defined, ElementsAre("visible"));
  EXPECT_THAT(facts.undefined, IsEmpty());
  EXPECT_THAT(facts.needed, IsEmpty());
  EXPECT_EQ(facts.soname, "test.so");
  EXPECT_FALSE(facts.executableStack);
}

TEST(SharedObjectLinker, NamesLibrariesThatAreUsed) {
  Bytes object = compile(R"(
llvm.func @getpid() -> i32
llvm.func @f() -> i32 {
  %0 = llvm.call @getpid() : () -> i32
  llvm.return %0 : i32
}
llvm.func @sinf(f32) -> f32
llvm.func @g(%x: f32) -> f32 {
  %0 = llvm.call @sinf(%x) : (f32) -> f32
  llvm.return %0 : f32
}
)");
  LinkOptions options = linkOptions();
  options.exports = {"f", "g"};
  SharedObjectFacts both = inspect(
      llvm::cantFail(linkSharedObject(asBuffer(object, "f.o"), options)));
  EXPECT_THAT(both.needed, ElementsAre("libc.so.6", "libm.so.6"));
  EXPECT_TRUE(both.hasRelro);
  // The unused function is gone, and its library with it.
  options.exports = {"f"};
  SharedObjectFacts one = inspect(
      llvm::cantFail(linkSharedObject(asBuffer(object, "f.o"), options)));
  EXPECT_THAT(one.undefined, ElementsAre("getpid"));
  EXPECT_THAT(one.needed, Contains("libc.so.6"));
}

TEST(SharedObjectLinker, ReportsUndefinedSymbols) {
  Bytes object = compile(R"(
llvm.func @missing_function()
llvm.func @f() {
  llvm.call @missing_function() : () -> ()
  llvm.return
}
)");
  LinkOptions options = linkOptions();
  options.exports = {"f"};
  std::string message =
      text(linkSharedObject(asBuffer(object, "model.o"), options));
  EXPECT_THAT(message, HasSubstr("cannot link test.so"));
  EXPECT_THAT(message, HasSubstr("undefined symbol: missing_function"));
  EXPECT_THAT(message, HasSubstr("model.o"));
  EXPECT_THAT(message, Not(HasSubstr("/tmp/")));
}

TEST(SharedObjectLinker, ReportsExportsThatDoNotExist) {
  Bytes object = compile(kTwoFunctions);
  LinkOptions options = linkOptions();
  options.exports = {"visible", "forgotten"};
  EXPECT_THAT(text(linkSharedObject(asBuffer(object, "two.o"), options)),
              HasSubstr("'forgotten'"));
}

TEST(SharedObjectLinker, ReportsWhatIsNoObject) {
  Bytes garbage;
  garbage.append({'n', 'o', '!'});
  EXPECT_THAT(text(linkSharedObject(asBuffer(garbage, "bad.o"), linkOptions())),
              HasSubstr("bad.o"));
  // The linker works after errors.
  Bytes object = compile(kTwoFunctions);
  EXPECT_EQ(text(linkSharedObject(asBuffer(object, "two.o"), linkOptions())),
            "");
}

/// LLD ends its process for such files, unless it is kept from doing so. It is
/// not fit for use afterwards, therefore each case has a process of its own.
TEST(SharedObjectLinkerDeathTest, SurvivesDamagedObjects) {
  Bytes object = compile(kTwoFunctions);
  auto linkDamaged = [&](size_t size) {
    Bytes damaged(object.begin(), object.begin() + size);
    std::string first =
        text(linkSharedObject(asBuffer(damaged, "damaged.o"), linkOptions()));
    std::string second =
        text(linkSharedObject(asBuffer(object, "two.o"), linkOptions()));
    std::fprintf(stderr, "%s\n%s\n", first.c_str(), second.c_str());
    // Not std::exit, for what LLD had allocated is lost: no leak of ours.
    std::_Exit(0);
  };
  for (size_t size : {16, 64, 100, 500})
    EXPECT_EXIT(linkDamaged(size), testing::ExitedWithCode(0),
                "cannot link test.so: .*damaged.o")
        << size;
  EXPECT_EXIT(linkDamaged(100), testing::ExitedWithCode(0),
              "earlier crash of the linker");
}

/// A place for temporary files, as long as this object lives.
struct TemporaryFilesIn {
  explicit TemporaryFilesIn(const std::string &path) {
    if (const char *value = std::getenv("TMPDIR"))
      previous = value;
    ::setenv("TMPDIR", path.c_str(), /*overwrite=*/1);
  }
  ~TemporaryFilesIn() {
    if (previous)
      ::setenv("TMPDIR", previous->c_str(), /*overwrite=*/1);
    else
      ::unsetenv("TMPDIR");
  }
  std::optional<std::string> previous;
};

TEST(SharedObjectLinker, LeavesNoFiles) {
  TemporaryDirectory directory;
  TemporaryFilesIn here(directory.path());
  Bytes object = compile(kTwoFunctions);
  LinkOptions options = linkOptions();
  EXPECT_EQ(text(linkSharedObject(asBuffer(object, "two.o"), options)), "");
  EXPECT_THAT(directory.names(), IsEmpty());
  options.exports = {"missing"};
  EXPECT_NE(text(linkSharedObject(asBuffer(object, "two.o"), options)), "");
  EXPECT_THAT(directory.names(), IsEmpty());
}

TEST(SharedObjectLinker, ReportsThatThereIsNoPlaceForFiles) {
  TemporaryFilesIn nowhere("/no/such/directory");
  EXPECT_EQ(text(linkSharedObject(asBuffer(compile(kTwoFunctions), "two.o"),
                                  linkOptions())),
            "cannot make a temporary file in /no/such/directory: No such file "
            "or directory");
}

TEST(SharedObjectLinker, GivesTheSameBytesTwice) {
  Bytes object = compile(kTwoFunctions);
  LinkOptions options = linkOptions();
  options.exports = {"visible"};
  Bytes first =
      llvm::cantFail(linkSharedObject(asBuffer(object, "two.o"), options));
  Bytes second =
      llvm::cantFail(linkSharedObject(asBuffer(object, "two.o"), options));
  EXPECT_TRUE(first == second);
}

TEST(SharedObjectLinker, LinksFromSeveralThreads) {
  Bytes object = compile(kTwoFunctions);
  LinkOptions options = linkOptions();
  options.exports = {"visible"};
  std::vector<std::string> messages(4);
  std::vector<std::thread> threads;
  for (std::string &message : messages)
    threads.emplace_back([&] {
      message = text(linkSharedObject(asBuffer(object, "two.o"), options));
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_THAT(messages, testing::Each(""));
}

constexpr llvm::StringLiteral kForeign =
#if defined(__x86_64__)
    "aarch64-linux-gnu";
#else
    "x86_64-linux-gnu";
#endif

TEST(SharedObjectLinker, LinksForOtherArchitectures) {
  Bytes object = compile(kTwoFunctions, kForeign);
  LinkOptions options = linkOptions(kForeign);
  options.exports = {"visible"};
  options.allowMissingLibc = true;
  Bytes linked =
      llvm::cantFail(linkSharedObject(asBuffer(object, "two.o"), options));
  EXPECT_THAT(inspect(linked).defined, ElementsAre("visible"));
}

TEST(RuntimeArchive, IsThereForThisArchitectureOnly) {
  llvm::Triple here = linkOptions().triple,
               there = linkOptions(kForeign).triple;
  EXPECT_EQ(text(runtimeArchive(here)), "");
  EXPECT_THAT(text(runtimeArchive(there)),
              HasSubstr("emit an object and link it on the target"));
  EXPECT_THAT(abiHeaderText().str(),
              HasSubstr("#define PERCEIVER_ABI_VERSION"));
}

} // namespace
