//===- RemovedOnSignal.cpp - Files that a signal removes ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/RemovedOnSignal.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <unistd.h>

using namespace perceiver;

/// A name to remove, in a list that only grows: a handler may be reading it.
/// Whoever takes the name out, as null takes its place, has it for himself.
struct RemovedOnSignal::Place {
  std::atomic<char *> path;
  /// Whose file it is: fork() copies the list.
  std::atomic<pid_t> process;
  std::atomic<bool> isTaken;
  Place *next;
};

static std::atomic<RemovedOnSignal::Place *> places = nullptr;
static std::atomic<int> delays = 0;
static std::atomic<int> delayedSignal = 0;

constexpr int kSignals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

void perceiver::removeUnfinishedFiles() {
  pid_t process = ::getpid();
  for (RemovedOnSignal::Place *at = places; at; at = at->next) {
    if (at->process != process)
      continue;
    // The memory is left: this may interrupt its allocation.
    if (char *path = at->path.exchange(nullptr))
      ::unlink(path);
  }
}

static void onSignal(int number) {
  // The order matters: either the delay that ends sees the signal, or this sees
  // that there is no delay.
  delayedSignal = number;
  if (delays != 0)
    return;
  delayedSignal = 0;
  int saved = errno;
  removeUnfinishedFiles();
  // Delivered when this returns; it ends the process.
  std::signal(number, SIG_DFL);
  std::raise(number);
  errno = saved;
}

static bool hasAction(int number, void (*handler)(int)) {
  struct sigaction action;
  return sigaction(number, nullptr, &action) == 0 &&
         !(action.sa_flags & SA_SIGINFO) && action.sa_handler == handler;
}

namespace {

/// The handlers, and how many names need them.
class Handlers {
public:
  void acquire() {
    std::lock_guard<std::mutex> lock(mutex);
    if (names++ != 0)
      return;
    for (int number : kSignals) {
      if (!hasAction(number, SIG_DFL))
        continue;
      struct sigaction action = {};
      action.sa_handler = onSignal;
      action.sa_flags = SA_RESTART;
      sigaction(number, &action, nullptr);
    }
  }

  void release() {
    std::lock_guard<std::mutex> lock(mutex);
    if (--names != 0)
      return;
    for (int number : kSignals)
      if (hasAction(number, onSignal))
        std::signal(number, SIG_DFL);
  }

private:
  std::mutex mutex;
  int names = 0;
};

} // namespace

/// Never destroyed: files may outlive other static objects.
static Handlers &handlers() {
  static Handlers *handlers = new Handlers;
  return *handlers;
}

/// Return a place that nobody uses.
static RemovedOnSignal::Place *takePlace() {
  for (RemovedOnSignal::Place *at = places; at; at = at->next)
    if (!at->isTaken.exchange(true))
      return at;
  auto *place = new RemovedOnSignal::Place{{nullptr}, {0}, {true}, places};
  while (!places.compare_exchange_weak(place->next, place))
    ;
  return place;
}

RemovedOnSignal::RemovedOnSignal(const std::string &path) : place(takePlace()) {
  place->process = ::getpid();
  place->path = ::strdup(path.c_str());
  handlers().acquire();
}

RemovedOnSignal::~RemovedOnSignal() {
  handlers().release();
  std::free(place->path.exchange(nullptr));
  place->isTaken = false;
}

SignalDelay::SignalDelay() { ++delays; }

SignalDelay::~SignalDelay() {
  if (--delays != 0)
    return;
  if (int number = delayedSignal.exchange(0))
    std::raise(number);
}
