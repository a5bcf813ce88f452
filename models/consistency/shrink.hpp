#pragma once

#include "models/consistency/guarantees.hpp"

namespace headroom::consistency {

/// The same violation in as few operations as can be found: one by one, operations are left out as
/// long as what remains violates the guarantee by itself. None of what is left can go.
/// Source: Zeller and Hildebrandt 2002, "Simplifying and isolating failure-inducing input" (ddmin).
Finding smallest(Guarantee guarantee, const History& history, const Question& question,
                 const Finding& found);

/// Whether the order of their values explains everything, in real time: the writes of each key take
/// effect in that order, each read between its write and the next.
bool explained_by_order(const History& history);

}  // namespace headroom::consistency
