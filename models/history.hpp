#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/time.hpp"

namespace headroom {

/// What a client asked of a store, in Jepsen's words (`get` and `put` are read and write).
enum class Function : std::uint8_t {
  read,
  write,
  cas,      ///< `value` in place of `expected`
  append,   ///< a text to the end of a text
  add,      ///< an element to a set
  remove,   ///< an element from a set
  enqueue,  ///< to the tail of a queue
  dequeue,  ///< from its head
  acquire,  ///< a mutex
  release,
  txn,  ///< reads and writes of several registers at once
};

/// The value of a key that never had one; also what a dequeue from an empty queue returns.
inline constexpr std::int64_t no_value = INT64_MIN;

/// One line of a recorded history. An operation is an `invoke` and at most one end by the same
/// process: `ok` happened, `fail` did not, `info` may or may not have, at any later time. A process
/// has one operation open at a time; one that timed out goes on under a new number.
struct HistoryEvent {
  enum class Type : std::uint8_t { invoke, ok, fail, info };

  sim::Time time;
  std::int64_t value = no_value;     ///< written, or read: then only in the `ok`
  std::int64_t expected = no_value;  ///< of a cas
  std::uint64_t key = 0;
  std::uint32_t process = 0;
  Type type = Type::invoke;
  Function f = Function::read;
};

/// What a run records, in order of time. Written values are better all different: then who read
/// what from whom is known, and everything is decided fast.
using RecordedHistory = std::vector<HistoryEvent>;

}  // namespace headroom
