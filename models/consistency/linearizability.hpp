#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/consistency/history.hpp"
#include "models/consistency/states.hpp"

namespace headroom::consistency {

/// What a check found out. Never a guess: what could not be decided is unknown and `text` says why.
struct Finding {
  Holds holds = Holds::unknown;
  /// For `no`: operations (indices into the history) that already have the violation.
  std::vector<std::uint32_t> operations;
  std::string text;  ///< for `no` and `unknown`, a sentence without its full stop
};

/// How much may be spent on one history. Chosen: a few seconds and less than 200 MB.
struct Budget {
  std::uint64_t steps = 20'000'000;
  std::uint64_t words = 20'000'000;
};

/// Whether the operations can be put in one order that real time and the model allow. Key by key
/// (Herlihy and Wing 1990: that is enough); by zones where values are distinct, else by search,
/// with the budget shared fairly among the keys.
Finding linearizable(const History& history, const Question& question, Budget budget = {});
/// The same without zones, to check them.
Finding linearizable_by_search(const History& history, const Question& question,
                               Budget budget = {});

}  // namespace headroom::consistency
