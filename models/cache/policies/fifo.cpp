// First in, first out: the entry goes that has been there the longest, however often asked for.
// Source: Belady 1966, "A study of replacement algorithms for a virtual-storage computer".
#include "models/cache/node_list.hpp"
#include "models/cache/policies/policies.hpp"
#include "models/cache/policies/victim_policy.hpp"

namespace headroom {

namespace {

class Fifo final : public VictimPolicy<Fifo> {
 public:
  explicit Fifo(CacheRoom room) : VictimPolicy(room) {}

 private:
  friend VictimPolicy;

  void on_hit(CacheSlot) override {}

  CacheSlot victim() const { return list_.oldest(); }
  void link(CacheSlot slot) { list_.push(nodes(), slot); }
  void unlink(CacheSlot slot) override { list_.remove(nodes(), slot); }
  void forget_all() override { list_.clear(); }

  NodeListOf<true> list_;
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_fifo(CacheRoom room, sim::Stream) {
  return std::make_unique<Fifo>(room);
}

}  // namespace headroom
