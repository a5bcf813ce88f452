#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "models/history.hpp"

/// Pure functions from a recorded history to a verdict: no simulation, no files.
namespace headroom::consistency {

enum class Holds : std::uint8_t { yes, no, unknown };
const char* name_of(Holds holds);

/// The end of an operation of which nobody knows whether and when it took effect.
inline constexpr std::int64_t open_end = INT64_MAX;

/// An operation that may have happened. Those that certainly did not are left out, and so are reads
/// of which the answer is unknown.
struct Operation {
  std::int64_t call = 0;        ///< position in the history, or nanoseconds
  std::int64_t ret = open_end;  ///< never before `call`; equal positions are concurrent
  std::int64_t value =
      no_value;  ///< a number, a text (`History::text`) or, of sets and txn, a list
  std::int64_t expected = no_value;
  std::uint64_t key = 0;
  std::uint32_t process = 0;
  std::uint32_t place = 0;  ///< line of the file or number of the event, from 1
  Function f = Function::read;
  bool refused = false;  ///< a cas that was told that `expected` was not there
  bool unseen = false;   ///< a dequeue that may have taken anything
  bool beside = false;   ///< another value of the read before it

  bool is_open() const { return ret == open_end; }
};

/// What was recorded, ready for the checkers.
struct History {
  std::vector<Operation> operations;
  std::vector<std::string> texts;  ///< values that are not numbers
  std::vector<std::vector<std::int64_t>>
      lists;                           ///< of a set; or of a txn: (0 read | 1 write, key, value)...
  std::vector<std::string> key_names;  ///< empty where keys are numbers
  bool timed = false;                  ///< positions are nanoseconds
  bool ordered = false;  ///< the store counts the writes of a key in the order of their values

  static std::int64_t text_value(std::size_t index) {
    return no_value + 1 + static_cast<std::int64_t>(index);
  }
  /// The text that a value stands for; null for a number.
  const std::string* text(std::int64_t value) const;
  std::string key_name(std::uint64_t key) const;
  /// "on key x, "; nothing where there are no keys.
  std::string at_key(std::uint64_t key) const;
  /// "nil", "4", "\"a\"".
  std::string value_name(std::int64_t value) const;
  /// "write x 1", "read x -> 1", "cas x 1 -> 2".
  std::string says(const Operation& operation) const;
};

/// An event that no client could have recorded.
struct HistoryFault {
  std::size_t event = 0;  ///< which, from 0
  std::string message;
};

/// Joins each invoke with its end. Events without a time (all at 0) are ordered as they stand.
std::variant<std::vector<Operation>, HistoryFault> operations_of(
    std::span<const HistoryEvent> events);
/// The same of what a simulation recorded, which is never at fault.
History history_of(const RecordedHistory& events);

}  // namespace headroom::consistency
