// Least recently used: the entry goes that has not been asked for the longest.
// Source: Mattson, Gecsei, Slutz, Traiger 1970, "Evaluation techniques for storage hierarchies".
#include "models/cache/node_list.hpp"
#include "models/cache/policies/policies.hpp"

namespace headroom {

namespace {

class Lru final : public EvictionPolicy {
 public:
  explicit Lru(CacheRoom room) : EvictionPolicy(room) {}

 private:
  void on_hit(CacheSlot slot) override { list_.make_newest(nodes(), slot); }

  CacheSlot place(std::uint64_t key, std::uint32_t size) override {
    while (!fits(size)) {
      const CacheSlot oldest = list_.oldest();
      list_.remove(nodes(), oldest);
      evict(oldest);
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

std::unique_ptr<EvictionPolicy> make_lru(CacheRoom room, sim::Stream) {
  return std::make_unique<Lru>(room);
}

}  // namespace headroom
