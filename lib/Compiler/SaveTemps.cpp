//===- SaveTemps.cpp - Intermediate forms as files ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/SaveTemps.h"

#include "lib/Target/Publish.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::perceiver;

llvm::Error SaveTemps::write(StringRef what,
                             function_ref<void(raw_ostream &)> print) const {
  if (std::error_code code = llvm::sys::fs::create_directories(directory))
    return llvm::createStringError(code, directory + ": " + code.message());
  SmallString<128> path(directory);
  llvm::sys::path::append(path, stem + "." + what);
  for (const std::string &input : inputs)
    if (llvm::sys::fs::equivalent(path, input))
      return llvm::createStringError("expected temporary files apart from the "
                                     "inputs, but %s is %s",
                                     path.c_str(), input.c_str());
  // They are for the people who look at them now.
  Publication output({/*durable=*/false});
  llvm::Expected<llvm::raw_pwrite_stream *> stream = output.add(path);
  if (!stream)
    return stream.takeError();
  print(**stream);
  return output.commit();
}

llvm::Error SaveTemps::writeStage(unsigned number, StringRef stage,
                                  ModuleOp module) const {
  return write((Twine(number) + "-" + stage + ".mlir").str(),
               [&](raw_ostream &stream) { module->print(stream); });
}
