#pragma once

#include "models/consistency/registers.hpp"

namespace headroom::consistency {

/// Causal consistency (CC) and causal convergence (CCv) by their bad patterns. With n operations of
/// p processes that did more than one thing: n p steps and words.
/// Source: Bouajjani, Enea, Guerraoui, Hamza 2017, "On verifying causal consistency", POPL,
/// table 2.
Finding causally_consistent(const Registers& registers, bool with_convergence, Budget budget);

/// Causal memory (CM), and with `only_process_order` PRAM: whether each process by itself can have
/// seen one order of its operations and of the writes of all. What happened before is saturated
/// with what that order must have until nothing is new. Sources: the same, sec. 4; Ahamad et al.
/// 1995, "Causal memory"; Lipton and Sandberg 1988, "PRAM".
Finding each_process_sees_one_order(const Registers& registers, bool only_process_order,
                                    Budget budget);

}  // namespace headroom::consistency
