#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/consistency/linearizability.hpp"

namespace headroom::consistency {

/// What a store may promise to the clients of its registers, the strongest first.
enum class Guarantee : std::uint8_t {
  linearizable,
  sequential,          ///< One order of all operations that each session agrees with.
  causal_memory,       ///< CM: each session sees one order of the past of its operations.
  causal_convergence,  ///< CCv: all sessions agree in which order writes to a key count.
  causal,              ///< CC: who sees an effect sees its causes.
  pram,                ///< Each session sees the writes of every other in their order.
  coherent,            ///< Each key by itself is sequential.
  read_your_writes,
  monotonic_reads,
  monotonic_writes,
  writes_follow_reads,
};
inline constexpr std::size_t guarantees = 11;
/// "read_your_writes".
const char* name_of(Guarantee guarantee);

/// What a check of one guarantee found.
struct Said {
  Guarantee guarantee = Guarantee::linearizable;
  Holds holds = Holds::unknown;
  std::string why;  ///< Of no and unknown.
};

/// Whether the history of registers, or of counters, can be of a store that promises it. Beyond
/// linearizability, real time does not count: what orders operations is the order of each process.
/// Values that are written twice to a key leave it unknown.
Finding check(Guarantee guarantee, const History& history, const Question& question,
              Budget budget = {});
/// The same for every guarantee, the strongest first. What is linearizable, by processes of which
/// each does one thing after another, is all the others as well: the order that real time allows is
/// one that each process agrees with.
std::vector<Finding> check_all(const History& history, const Question& question,
                               Budget budget = {});

/// How old the values were that reads brought: a read is stale when a write that had ended before
/// it began had overwritten what it returns, surely: writes that overlap may count in any order.
struct Staleness {
  std::uint64_t reads = 0, stale = 0;
  std::int64_t longest = 0;         ///< ns (or positions) since the value was overwritten.
  std::uint64_t most_versions = 0;  ///< Writes that had ended and overwritten it.
};
Staleness staleness(const History& history);

/// Whether the copies became alike after `healed`: as clients see it, when no read is stale as of
/// the writes before, and while nobody writes a key all see the same.
struct Convergence {
  Holds holds = Holds::unknown;
  std::int64_t after = 0;  ///< ns from healing to the last read that showed a difference.
};
Convergence convergence(const History& history, std::int64_t healed, std::int64_t end);

/// Writes that were acknowledged and of which nothing is left: all that is held of their key had
/// been overwritten by them. `held` is sorted; nothing is lost of keys that are not in it, nor of
/// those of which it has a value that nobody wrote as far as is known.
struct Losses {
  std::uint64_t acknowledged = 0, lost = 0;
};
Losses losses(const History& history, std::span<const HeldValue> held);
/// What the reads of a key brought that began when all its writes had ended: all that clients can
/// tell of what is held. A read that is merely stale makes a write look lost.
std::vector<HeldValue> last_seen(const History& history);

}  // namespace headroom::consistency
