//===- TilingAttrInterface.cpp - Who takes a tiling -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/TilingAttrInterface.h"

#include "dialect/Model/TilingAttrInterface.cpp.inc"
