// Sieve: a queue by arrival and a hand that moves from old to new: what was asked for since it last
// passed stays where it is, the first that was not goes.
// Source: Zhang, Yang, Yue, Vigfusson, Rashmi 2024, "SIEVE is simpler than LRU", algorithm 1.
#include "models/cache/node_list.hpp"
#include "models/cache/policies/policies.hpp"
#include "models/cache/policies/victim_policy.hpp"

namespace headroom {

namespace {

class Sieve final : public VictimPolicy<Sieve> {
 public:
  explicit Sieve(CacheRoom room) : VictimPolicy(room) {}

 private:
  friend VictimPolicy;

  void on_hit(CacheSlot slot) override { nodes()[slot].mark = 1; }

  CacheSlot victim() {
    CacheSlot at = hand_ != no_slot ? hand_ : list_.oldest();
    while (nodes()[at].mark != 0) {
      nodes()[at].mark = 0;
      at = nodes()[at].newer;
      if (at == no_slot) at = list_.oldest();
    }
    hand_ = at;
    return at;
  }
  void link(CacheSlot slot) { list_.push(nodes(), slot); }

  void unlink(CacheSlot slot) override {
    if (slot == hand_) hand_ = nodes()[slot].newer;
    list_.remove(nodes(), slot);
  }
  void forget_all() override {
    list_.clear();
    hand_ = no_slot;
  }

  NodeList list_;
  CacheSlot hand_ = no_slot;  ///< no_slot: at the oldest.
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_sieve(CacheRoom room, sim::Stream) {
  return std::make_unique<Sieve>(room);
}

}  // namespace headroom
