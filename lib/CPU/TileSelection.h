//===- TileSelection.h - The cost model of the CPU back end -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pure functions from sizes and a target to tile sizes. They know nothing of
// IR, so that they can be tested and read alone; the passes that write their
// answers into the IR are in lib/Tiling.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_TILESELECTION_H
#define PERCEIVER_LIB_CPU_TILESELECTION_H

#include "lib/CPU/VectorTarget.h"

#include <cstdint>
#include <optional>
#include <string>

namespace mlir::perceiver {

/// What the choice of tiles depends on.
struct TileTarget : VectorTarget {
  /// Tasks that one batch entry should be cut into, so that the largest
  /// machine we tune for is busy; a number of the target, not of a run.
  int64_t tasks = 64;
  /// Parts of the keys of an attention that has few heads. The last bits of its
  /// result depend on them, unlike on `tasks`.
  int64_t keyParts = 16;
  /// The second-level cache of a core, in bytes.
  int64_t l2Bytes = 1 << 20;
};

/// A task is worth its start, and the wait for others, if it takes 5 us or so.
inline constexpr int64_t kLeastFlopsOfTask = 1 << 19;

/// Panels of a weight matrix: columns of the result and lanes to a panel.
struct PanelSize {
  int64_t columns;
  int64_t lanes;
};

/// The panel width with the least time per column, counting padding of the
/// vectors and loads per FMA. `columns` are those of the result. `divisor`:
/// panels must divide it (the width of a head). `gated` panels hold value and
/// gate columns.
PanelSize selectPanels(int64_t columns, std::optional<int64_t> divisor,
                       bool gated, const TileTarget &target);

/// Rows of one task of a phase over the rows of an array, whose number may be
/// dynamic. The task may have matrix products with large weights.
int64_t selectRowBlock(std::optional<int64_t> rows, const TileTarget &target);

/// The same for a phase that moves memory only: rows of so many bytes are read
/// once, so that more tasks cost nothing.
int64_t selectLightRowBlock(std::optional<int64_t> rows, int64_t bytes,
                            const TileTarget &target);

/// The rows of a task, and why, in words.
std::string explainRowBlock(std::optional<int64_t> rows, int64_t block);

/// Why an attention is split over its keys, or not.
enum class KeySplitReason {
  /// There are enough heads to keep the machine busy.
  EnoughHeads,
  /// There are few heads, but too few keys to share, too.
  FewKeys,
  /// There are few heads, but so many queries that the states of all parts
  /// would take more room than all projected keys and values.
  ManyQueries,
  /// There are few heads, and any number of queries.
  UnknownQueries,
  /// Few heads, and enough keys for as many parts as there should be tasks.
  FewHeads,
  /// Few heads and few queries: a part needs little besides its keys.
  FewQueries,
};

/// Queries of a block inside a task: whole register tiles, of which each reads
/// what was packed for all.
int64_t selectQueryBlock(const TileTarget &target);

/// How an attention is cut.
struct AttentionTiles {
  /// Heads and queries in a task, 0 for all; keys of a part, 0 for no split. Of
  /// a dynamic number of keys, what the keys of a part are a multiple of.
  int64_t headsPerTask = 0;
  /// With all heads: what follows the attention is in the task, too. With one
  /// head: selectQueriesOfHead.
  int64_t queriesPerTask = 0;
  int64_t keySplit = 0;
  /// Queries of a task that merges the parts.
  int64_t mergedQueries = 0;
  /// Inner blocks, 0 for all.
  int64_t queryBlock = 0;
  int64_t keyBlock = 0;
  KeySplitReason reason = KeySplitReason::EnoughHeads;
};

/// How an attention is cut, whose queries and keys may be dynamic (nullopt).
///
/// Heads enough are tasks. With fewer heads there are two ways to have tasks
/// enough, which differ in what has to be in memory as a whole:
///
/// * parts of the keys: the state of each part, parts x queries x d_v, but
///   never all projected keys and values;
/// * rows of the queries: projected keys and values, keys x (d_qk + d_v). What
///   comes before and after the attention goes from row to row inside the task,
///   so nothing grows with the number of queries.
///
/// Tasks are parts unless that needs more room: where queries are more than fit
/// into a few tasks, and parts x queries is above 2 x keys. A number of queries
/// that is not known may be any; one of keys counts as 2^14. So memory never
/// grows with queries times keys, and neither with dynamic queries times parts.
AttentionTiles selectAttention(int64_t heads, std::optional<int64_t> queries,
                               std::optional<int64_t> keys,
                               const TileTarget &target);

/// Queries of a task of one head, where queries, keys and values are in memory:
/// whole query blocks, so few that there are the tasks wanted, and so many that
/// one is worth its start; 0: all. With `keys` keys a query takes 2 keys
/// `width` FLOPs.
int64_t selectQueriesOfHead(int64_t heads, std::optional<int64_t> queries,
                            std::optional<int64_t> keys, int64_t width,
                            const TileTarget &target);

/// The reason of `tiles`, which selectAttention gave for these sizes, in words:
/// "1 head < 8 tasks: 50176 keys split into 16 parts of 3136".
std::string explainAttention(const AttentionTiles &tiles, int64_t heads,
                             std::optional<int64_t> keys,
                             const TileTarget &target);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_TILESELECTION_H
