//===- RemovedOnSignal.h - Files that a signal removes ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_SUPPORT_REMOVEDONSIGNAL_H
#define PERCEIVER_LIB_SUPPORT_REMOVEDONSIGNAL_H

#include <string>

namespace perceiver {

/// While this object lives, a file that has the name is removed when SIGHUP,
/// SIGINT, SIGQUIT or SIGTERM ends the process, on whatever thread it arrives.
/// There need not be a file yet: who makes one registers its name before.
///
/// Signals that the program ignores or handles itself stay as they are. When
/// the last of these objects is gone, so are the handlers.
class RemovedOnSignal {
public:
  explicit RemovedOnSignal(const std::string &path);
  RemovedOnSignal(const RemovedOnSignal &) = delete;
  RemovedOnSignal &operator=(const RemovedOnSignal &) = delete;
  ~RemovedOnSignal();

  struct Place;

private:
  Place *place;
};

/// While this object lives, the signals of RemovedOnSignal wait: for a moment
/// in which files must not vanish.
class SignalDelay {
public:
  SignalDelay();
  SignalDelay(const SignalDelay &) = delete;
  SignalDelay &operator=(const SignalDelay &) = delete;
  ~SignalDelay();
};

/// Remove the files now, because the process ends in another way than by one of
/// these signals. Allowed in handlers of signals.
void removeUnfinishedFiles();

} // namespace perceiver

#endif // PERCEIVER_LIB_SUPPORT_REMOVEDONSIGNAL_H
