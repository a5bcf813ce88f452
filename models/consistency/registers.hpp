#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/consistency/guarantees.hpp"

namespace headroom::consistency {

/// No operation, or no place of one.
inline constexpr std::uint32_t none = UINT32_MAX;

/// A history of registers, made ready: who read what from whom, and what each process did in which
/// order. Writes that nobody knows of, as they never ended and were never read, are left out.
class Registers {
 public:
  static constexpr std::uint32_t initial = UINT32_MAX - 1;

  struct Op {
    std::uint32_t source = 0;   ///< Index into the history.
    std::uint32_t process = 0;  ///< From 0.
    std::uint32_t key = 0;      ///< From 0.
    std::uint32_t from = none;  ///< The write it read, `initial`, or none where it does not read.
    bool writes = false;
  };

  Registers(const History& history, const Question& question);

  const History& history() const { return history_; }
  const std::vector<Op>& ops() const { return ops_; }
  const Operation& source(std::uint32_t op) const { return history_.operations[ops_[op].source]; }
  /// Ops of process p are `first(p)` to `first(p + 1)`, in their order.
  std::uint32_t first(std::uint32_t process) const { return first_[process]; }
  std::uint32_t processes() const { return static_cast<std::uint32_t>(first_.size()) - 1; }
  std::uint32_t keys() const { return keys_; }
  /// A value read that nobody wrote, which violates everything; or why nothing can be said.
  const std::optional<Finding>& fault() const { return fault_; }
  /// Some cas succeeded: orders found without regard to that decide nothing.
  bool has_cas() const { return has_cas_; }

  std::string says(std::uint32_t op) const { return history_.says(source(op)); }
  /// These, and the writes whose values they read.
  std::vector<std::uint32_t> with_sources(std::vector<std::uint32_t> ops) const;
  Finding refuted(std::vector<std::uint32_t> ops, std::string text) const;

 private:
  void find_sources(const Question& question);

  const History& history_;
  std::vector<Op> ops_;
  std::vector<std::uint32_t> first_;
  std::uint32_t keys_ = 0;
  std::optional<Finding> fault_;
  bool has_cas_ = false;
};

}  // namespace headroom::consistency
