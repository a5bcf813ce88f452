#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/consistency/history.hpp"

namespace headroom::consistency {

/// What the clients believe they share.
enum class Model : std::uint8_t {
  value_register,  ///< reads and writes of one value
  cas_register,    ///< and compare-and-set
  multi_register,  ///< transactions over several registers, one object
  kv,              ///< texts: read, write, append
  set,
  queue,  ///< first in, first out
  mutex,
  counter,  ///< adds of one, and reads of how many there were
};
constexpr bool is_register(Model model) {
  return model == Model::value_register || model == Model::cas_register;
}

/// What a history is checked against.
struct Question {
  Model model = Model::cas_register;
  std::int64_t initial = no_value;
  /// Of single registers, before `initial`.
  std::vector<std::pair<std::uint64_t, std::int64_t>> initials;
};

/// What a key holds before its first write.
std::int64_t initial_value(const Question& question, std::uint64_t key);

/// The states of one sequential object, each a number, and what operations do to them. Texts, sets
/// and queues are kept once each.
class States {
 public:
  States(const History& history, const Question& question);

  std::int64_t initial() const { return initial_; }
  /// The state after the operation; nothing where its answer cannot come from `state`.
  std::optional<std::int64_t> after(std::int64_t state, const Operation& operation);
  /// Whether the operation changes no state whatever, so that it is in nobody's way.
  bool only_looks(const Operation& operation) const;

 private:
  using Bytes = std::string;
  std::int64_t number_of(Bytes state);
  std::int64_t number_of_list(const std::vector<std::int64_t>& list);
  std::vector<std::int64_t> list_of(std::int64_t state) const;
  Bytes text_of(std::int64_t value) const;

  std::optional<std::int64_t> after_register(std::int64_t state, const Operation& operation) const;
  std::optional<std::int64_t> after_count(std::int64_t state, const Operation& operation) const;
  std::optional<std::int64_t> after_text(std::int64_t state, const Operation& operation);
  std::optional<std::int64_t> after_set(std::int64_t state, const Operation& operation);
  std::optional<std::int64_t> after_queue(std::int64_t state, const Operation& operation);
  std::optional<std::int64_t> after_transaction(std::int64_t state, const Operation& operation);

  const History& history_;
  Model model_;
  std::int64_t initial_ = no_value;
  std::vector<std::int64_t> registers_;  ///< keys of a multi-register, sorted
  std::map<Bytes, std::int64_t> numbers_;
  std::vector<const Bytes*> bytes_;
};

}  // namespace headroom::consistency
