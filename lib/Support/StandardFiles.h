//===- StandardFiles.h - Descriptors 0, 1 and 2 -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_SUPPORT_STANDARDFILES_H
#define PERCEIVER_LIB_SUPPORT_STANDARDFILES_H

namespace perceiver {

/// While this object lives, the process has a standard input, output and error:
/// those that are missing, as where a daemon has closed them, are /dev/null.
/// Else the next file that is opened becomes one of them: messages would go
/// into it, and LLVM, which takes it for a standard file, never closes it.
class StandardFiles {
public:
  StandardFiles();
  StandardFiles(const StandardFiles &) = delete;
  StandardFiles &operator=(const StandardFiles &) = delete;
  ~StandardFiles();

private:
  bool isOurs[3] = {};
};

} // namespace perceiver

#endif // PERCEIVER_LIB_SUPPORT_STANDARDFILES_H
