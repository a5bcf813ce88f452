#pragma once

#include <cstdint>
#include <vector>

#include "models/consistency/registers.hpp"

namespace headroom::consistency {

/// What happened before what: the order of each process, and each write before those who read it.
/// Of each operation, how many operations of each process happened before it, itself included.
/// Processes that did one thing only have no clock: a write of theirs happened before what one of
/// its readers happened before, and nothing happened before it.
/// Source: Fidge 1988; Mattern 1989.
class Clocks {
 public:
  /// Words of memory that it takes.
  static std::size_t words(const Registers& registers);

  explicit Clocks(const Registers& registers);
  /// Operations that happened before themselves; then nothing else may be asked.
  bool is_cyclic() const { return is_cyclic_; }

  const std::vector<std::uint32_t>& processes() const { return processes_; }
  /// How many ops of `processes()[which]` happened before `op` or are it.
  std::uint32_t known(std::uint32_t op, std::size_t which) const {
    const std::uint32_t row = row_[op];
    return row == none ? 0 : clocks_[row * processes_.size() + which];
  }
  bool has_clock(std::uint32_t op) const { return row_[op] != none; }
  /// Whether write `a` happened before `b`.
  bool before(std::uint32_t a, std::uint32_t b) const;

 private:
  bool fill();

  const Registers& registers_;
  std::vector<std::uint32_t> processes_, which_;  ///< With a clock; number of each process.
  std::vector<std::uint32_t> row_;                ///< By op.
  std::vector<std::uint32_t> clocks_;
  /// Readers of writes without a clock: the first of each process, one list after the other.
  std::vector<std::vector<std::uint32_t>> readers_;
  std::vector<std::uint32_t> readers_of_;
  bool is_cyclic_ = false;
};

}  // namespace headroom::consistency
