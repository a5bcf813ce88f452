// Least recently used: the entry goes that has not been asked for the longest.
// Source: Mattson, Gecsei, Slutz, Traiger 1970, "Evaluation techniques for storage hierarchies".
#include "models/cache/node_list.hpp"
#include "models/cache/policies/policies.hpp"
#include "models/cache/policies/victim_policy.hpp"

namespace headroom {

namespace {

class Lru final : public VictimPolicy<Lru> {
 public:
  explicit Lru(CacheRoom room) : VictimPolicy(room) {}

 private:
  friend VictimPolicy;

  void on_hit(CacheSlot slot) override { list_.make_newest(nodes(), slot); }

  CacheSlot victim() const { return list_.oldest(); }
  void link(CacheSlot slot) { list_.push(nodes(), slot); }
  void unlink(CacheSlot slot) override { list_.remove(nodes(), slot); }
  void forget_all() override { list_.clear(); }

  NodeListOf<true> list_;
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_lru(CacheRoom room, sim::Stream) {
  return std::make_unique<Lru>(room);
}

}  // namespace headroom
