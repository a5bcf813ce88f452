#pragma once

#include "models/consistency/guarantees.hpp"

namespace headroom::consistency {

/// Counters, and sets that only grow: each `add` adds one, a read brings how many there are. Adds
/// are alike, so nobody can tell which ones were counted, and everything is decided by how many
/// can have been, in O(n log n). What only the order between keys would show is unknown.
Finding check_counts(Guarantee guarantee, const History& history, const Question& question);

}  // namespace headroom::consistency
