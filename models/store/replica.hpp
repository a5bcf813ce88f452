#pragma once

#include <cstdint>
#include <optional>

#include "models/request.hpp"
#include "sim/kernel/task.hpp"

namespace headroom {

/// "Ask another one": nothing was done. `hint`: which copy of the shard, from 0, if it is known.
inline Reply redirected(std::optional<std::uint32_t> hint) {
  Reply reply = Reply::rejected(DropCause::none);
  reply.version = hint ? *hint + 1 : 0;
  return reply;
}
inline bool is_redirected(const Reply& reply) {
  return reply.outcome == Outcome::rejected && reply.cause == DropCause::none &&
         reply.lookup == Lookup::none;
}
/// The same, or nobody could be asked: a partition refused.
inline bool is_untaken(const Reply& reply) {
  return is_redirected(reply) || reply.cause == DropCause::no_backend;
}
inline std::optional<std::uint32_t> hint_of(const Reply& reply) {
  if (reply.version == 0) return std::nullopt;
  return reply.version - 1;
}

/// A cas that found another value than it expected: nothing was written.
inline Reply refused_cas() {
  Reply reply = Reply::failed();
  reply.lookup = Lookup::miss;
  return reply;
}

/// What a protocol does at one node with the operations of clients that come to it.
class Replica {
 public:
  virtual ~Replica() = default;
  /// What the caller is told at once, where the operation is not for this node.
  virtual std::optional<Reply> decline(const Request& request) = 0;
  /// The rest of the operation once the node has done its work; the slot is free by then.
  virtual sim::Task<Reply> finish(Request request) = 0;
  /// The node loses what it did not make durable.
  virtual void on_kill() = 0;
  /// The node is up again.
  virtual void on_up() = 0;
  /// A pause has ended.
  virtual void on_resume() = 0;
};

}  // namespace headroom
