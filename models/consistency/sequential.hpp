#pragma once

#include "models/consistency/registers.hpp"

namespace headroom::consistency {

/// Whether there is one order of all operations that has those of each process in their order, in
/// which each read returns the last value written before it. By a search over how far each process
/// has come: what can be read is read at once, and nothing is overwritten that someone still has to
/// read. What the store says of its order is tried first, where it says something; the order of
/// the answers otherwise.
/// Source: Gibbons and Korach 1997, "Testing shared memories", sec. 3; Lamport 1979.
Finding sequential(const Registers& registers, Budget budget);

}  // namespace headroom::consistency
