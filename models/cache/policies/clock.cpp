// Clock, or second chance: first in first out, but what was asked for since the hand last passed
// stays for another round.
// Source: Corbato 1968, "A paging experiment with the Multics system". The circle is a queue here:
// what the hand spares goes to its end. Departs from source: the request that brings a key in does
// not set its mark (its page fault does), so a key asked for once gets one round, not two.
#include "models/cache/node_list.hpp"
#include "models/cache/policies/policies.hpp"
#include "models/cache/policies/victim_policy.hpp"

namespace headroom {

namespace {

class Clock final : public VictimPolicy<Clock> {
 public:
  explicit Clock(CacheRoom room) : VictimPolicy(room) {}

 private:
  friend VictimPolicy;

  void on_hit(CacheSlot slot) override { nodes()[slot].mark = 1; }

  CacheSlot victim() {
    CacheSlot oldest = list_.oldest();
    for (; nodes()[oldest].mark != 0; oldest = list_.oldest()) {
      nodes()[oldest].mark = 0;
      list_.make_newest(nodes(), oldest);
    }
    return oldest;
  }
  void link(CacheSlot slot) { list_.push(nodes(), slot); }
  void unlink(CacheSlot slot) override { list_.remove(nodes(), slot); }
  void forget_all() override { list_.clear(); }

  NodeList list_;
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_clock(CacheRoom room, sim::Stream) {
  return std::make_unique<Clock>(room);
}

}  // namespace headroom
