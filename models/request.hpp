#pragma once

#include <cstdint>

#include "sim/kernel/time.hpp"

namespace headroom {

/// How a request ended, as its client sees it.
enum class Outcome : std::uint8_t {
  ok,
  rejected,   ///< refused before any work: a limit, an open breaker, no backend
  failed,     ///< a fault: an error, a reset connection
  timeout,    ///< no answer in time; whether the work was done is not known
  abandoned,  ///< the client's patience ended while it stood in a queue
  unknown,    ///< the answer was lost for good
};
inline constexpr std::size_t outcomes = 6;

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
};
inline constexpr std::size_t drop_causes = 10;

/// One attempt of one request, on its way through the system. A plain value, kept small: every
/// component on the way holds a copy.
struct Request {
  std::uint64_t draw_key = 0;  ///< Everything random about its work derives from this key.
  std::uint64_t key = 0;       ///< Which item it is about.
  std::uint64_t number = 0;    ///< Within its workload, from 0.
  sim::Time deadline = sim::Time::never();            ///< Of the work; only where it is propagated.
  sim::Duration patience = sim::Duration::forever();  ///< How long it waits in a queue.
  std::int64_t size = 0;                              ///< Bytes of the request on the wire.
  std::int64_t reply_size = 0;                        ///< Bytes of its answer.
  std::uint32_t session = 0;                          ///< Which user it belongs to.
  std::int32_t priority = 0;                          ///< Larger is served first.
  std::uint16_t endpoint = 0;  ///< Index among the endpoints of the service it is for.
  std::uint16_t zone = 0;      ///< Where the sender is: a site of the network.
  std::uint16_t attempt = 0;   ///< 0 for the first.
  std::uint16_t workload = 0;  ///< Which population it comes from.
};

/// The answer to a request. Model failures are replies, never exceptions.
struct Reply {
  Outcome outcome = Outcome::ok;
  DropCause cause = DropCause::none;

  std::uint16_t attempts = 1;  ///< How many the caller made of it.

  bool is_ok() const { return outcome == Outcome::ok; }
  static Reply ok() { return {}; }
  static Reply failed(DropCause cause = DropCause::none) { return {Outcome::failed, cause, 1}; }
  static Reply rejected(DropCause cause) { return {Outcome::rejected, cause, 1}; }
  static Reply timed_out() { return {Outcome::timeout, DropCause::none, 1}; }
  static Reply abandoned() { return {Outcome::abandoned, DropCause::patience, 1}; }
};

}  // namespace headroom
