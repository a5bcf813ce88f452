#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
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

inline constexpr auto function_names =
    std::to_array<const char*>({"read", "write", "cas", "append", "add", "remove", "enqueue",
                                "dequeue", "acquire", "release", "txn"});
static_assert(function_names.size() == static_cast<std::size_t>(Function::txn) + 1);

constexpr const char* name_of(Function f) {
  return function_names[static_cast<std::size_t>(f)];
}

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

inline constexpr auto event_type_names =
    std::to_array<const char*>({"invoke", "ok", "fail", "info"});
static_assert(event_type_names.size() == static_cast<std::size_t>(HistoryEvent::Type::info) + 1);

constexpr const char* name_of(HistoryEvent::Type type) {
  return event_type_names[static_cast<std::size_t>(type)];
}

/// What a run records, in order of time. Written values are better all different: then who read
/// what from whom is known, and everything is decided fast.
using RecordedHistory = std::vector<HistoryEvent>;

/// A session of somebody who only looks, at the same time as the client of the operation before.
inline constexpr std::uint64_t onlooker = std::uint64_t{1} << 63;

/// One operation on a store as its client saw it, and what only the simulation knows of it.
struct RecordedOperation {
  sim::Time call;
  sim::Time ret;                     ///< When the client got the answer or gave up.
  std::uint64_t key = 0;             ///< `Request::item()`.
  std::int64_t value = no_value;     ///< Written or read: the number of the write it comes from.
  std::int64_t expected = no_value;  ///< Of a cas.
  std::uint64_t session = 0;         ///< Of all workloads together.
  std::uint32_t began = 0;           ///< Events in their order, from 1.
  std::uint32_t ended = 0;           ///< 0: it never did.
  std::uint32_t process = 0;         ///< As Jepsen numbers them.
  std::uint16_t zone = 0;            ///< Of the client.
  HistoryEvent::Type end = HistoryEvent::Type::invoke;  ///< `invoke`: it never ended.
  Function f = Function::read;
};

/// A value of a key that some copy holds; `no_value` where none holds any that was written.
struct HeldValue {
  std::uint64_t key = 0;
  std::int64_t value = no_value;

  auto operator<=>(const HeldValue&) const = default;
};

/// How many operations were answered ok in a part of a run, of those that began in it.
struct AnswerCounts {
  std::uint64_t ok = 0;
  std::uint64_t all = 0;
};

/// What the clients of one store did in one run.
struct StoreHistory {
  std::string service;
  std::vector<RecordedOperation> operations;  ///< In the order in which they began.
  std::uint64_t left_out = 0;                 ///< Operations that were not kept.
  bool ordered = false;  ///< The store counts the writes of a key in the order of their values.
  /// All that copies held of these keys in the end, sorted; of what counts one number for all.
  std::vector<HeldValue> held;
  bool counts = false;  ///< Writes are adds of one; what is read and held is how many there were.
  /// While no partition was in force, then by partition and site of the client.
  std::vector<AnswerCounts> answers;
};

}  // namespace headroom
