#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/kernel/time.hpp"

namespace headroom {

struct Span;

/// How a request ended, as its client sees it.
enum class Outcome : std::uint8_t {
  ok,
  rejected,   ///< refused before any work: a limit, an open breaker, no backend
  failed,     ///< a fault: an error, a reset connection
  timeout,    ///< no answer in time; whether the work was done is not known
  abandoned,  ///< the client's patience ended while it stood in a queue
  unknown,    ///< the answer was lost for good
};
inline constexpr auto outcome_names = std::to_array<std::string_view>(
    {"ok", "rejected", "failed", "timeout", "abandoned", "unknown"});
inline constexpr std::size_t outcomes = outcome_names.size();
static_assert(outcomes == static_cast<std::size_t>(Outcome::unknown) + 1);

/// Why a request left without having been served.
enum class DropCause : std::uint8_t {
  none,
  queue_full,
  deadline,
  patience,
  shed,
  rate_limited,
  breaker_open,
  bulkhead_full,
  killed,
  no_backend,
  cancelled,  ///< Another copy of it was faster.
};
inline constexpr auto drop_cause_names = std::to_array<std::string_view>(
    {"none", "queue_full", "deadline", "patience", "shed", "rate_limited", "breaker_open",
     "bulkhead_full", "killed", "no_backend", "cancelled"});
inline constexpr std::size_t drop_causes = drop_cause_names.size();
static_assert(drop_causes == static_cast<std::size_t>(DropCause::cancelled) + 1);

/// What is done to the item a request is about. The first six are for scenarios, in this order in
/// their choices.
enum class Operation : std::uint8_t {
  get,
  set,
  erase,  ///< "delete"
  read,
  write,
  cas,
  fill,     ///< A set of what was fetched after a miss: nothing new, unlike any other set.
  give_up,  ///< What was to be fetched after a miss will not come.
  send,     ///< Publish, in the partition of its key; without a key, none of these.
  none,
};

/// What became of a look-up in a cache.
enum class Lookup : std::uint8_t {
  none,  ///< It was none.
  hit,
  miss,     ///< The caller fetches the value, and sets it if it likes.
  wait,     ///< Somebody else fetches it already; the caller looks again a little later.
  refresh,  ///< A hit, and the caller fetches a new value while its own request goes on.
};

/// One attempt of one request, on its way through the system. A plain value, kept small: every
/// component on the way holds a copy.
struct Request {
  std::uint64_t draw_key = 0;  ///< Everything random about its work derives from this key.
  std::uint64_t origin = 0;    ///< Whose work it is: the same in all its attempts, calls and steps.
  std::uint64_t key = 0;       ///< Which item of its key space it is about.
  std::uint64_t number = 0;    ///< Within its workload, from 0.
  sim::Time deadline = sim::Time::never();            ///< Of the work; only where it is propagated.
  sim::Duration patience = sim::Duration::forever();  ///< How long it waits in a queue.
  std::int64_t size = 0;                              ///< Bytes of the request on the wire.
  std::int64_t reply_size = 0;                        ///< Bytes of its answer.
  Span* span = nullptr;                               ///< What it is part of; null: not traced.
  std::uint32_t session = 0;                          ///< Which user it belongs to.
  std::int32_t priority = 0;                          ///< Larger is served first.
  std::uint16_t endpoint = 0;      ///< Index among the endpoints of the service it is for.
  std::uint16_t zone = 0;          ///< Where the sender is: a site of the network.
  std::uint16_t attempt = 0;       ///< 0 for the first.
  std::uint16_t workload = 0;      ///< Which population it comes from.
  std::uint32_t version = 0;       ///< Of the value in hand, which a set stores.
  std::uint8_t version_space = 0;  ///< The key space that value is of; 0 without one.
  std::uint8_t key_space = 0;      ///< Number of the space `key` is of; 0: of none.
  Operation operation = Operation::none;
  std::uint8_t sender = 0;  ///< Which instance of those in its zone it comes from, modulo 256.

  /// The item among those of all key spaces, one number each.
  std::uint64_t item() const { return key ^ (std::uint64_t{key_space} << 56); }
  /// One about that item.
  static Request about(std::uint64_t item) {
    Request request;
    request.key_space = static_cast<std::uint8_t>(item >> 56);
    request.key = item ^ (std::uint64_t{request.key_space} << 56);
    return request;
  }
};

/// The answer to a request. Model failures are replies, never exceptions.
struct Reply {
  Outcome outcome = Outcome::ok;
  DropCause cause = DropCause::none;

  std::uint16_t attempts = 1;      ///< How many the caller made of it.
  std::uint32_t version = 0;       ///< Of the value it brings.
  std::uint8_t version_space = 0;  ///< The key space that value is of; 0 where it brings none.
  Lookup lookup = Lookup::none;

  bool is_ok() const { return outcome == Outcome::ok; }
  static Reply ok() { return {}; }
  static Reply failed(DropCause cause = DropCause::none) { return {Outcome::failed, cause}; }
  static Reply rejected(DropCause cause) { return {Outcome::rejected, cause}; }
  static Reply timed_out() { return {Outcome::timeout}; }
  static Reply abandoned() { return {Outcome::abandoned, DropCause::patience}; }
};

}  // namespace headroom
