// Clock, or second chance: first in first out, but what was asked for since the hand last passed
// stays for another round.
// Source: Corbato 1968, "A paging experiment with the Multics system". The circle is a queue here:
// what the hand spares goes to its end. Departs from source: the request that brings a key in does
// not set its mark (its page fault does), so a key asked for once gets one round, not two.
#include "models/cache/node_list.hpp"
#include "models/cache/policies/policies.hpp"

namespace headroom {

namespace {

class Clock final : public EvictionPolicy {
 public:
  explicit Clock(CacheRoom room) : EvictionPolicy(room) {}

 private:
  void on_hit(CacheSlot slot) override { nodes()[slot].mark = 1; }

  CacheSlot place(std::uint64_t key, std::uint32_t size) override {
    while (!fits(size)) {
      const CacheSlot oldest = list_.oldest();
      if (nodes()[oldest].mark != 0) {
        nodes()[oldest].mark = 0;
        list_.make_newest(nodes(), oldest);
      } else {
        list_.remove(nodes(), oldest);
        evict(oldest);
      }
    }
    const CacheSlot slot = add(key, size);
    list_.push(nodes(), slot);
    return slot;
  }

  void unlink(CacheSlot slot) override { list_.remove(nodes(), slot); }
  void forget_all() override { list_.clear(); }

  NodeList list_;
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_clock(CacheRoom room, sim::Stream) {
  return std::make_unique<Clock>(room);
}

}  // namespace headroom
