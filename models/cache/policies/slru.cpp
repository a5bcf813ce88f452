// Segmented least recently used: what is asked for a second time is protected from what is asked
// for once. Source: Karedla, Love, Wherry 1994, see segments.hpp.
#include "models/cache/policies/policies.hpp"
#include "models/cache/policies/segments.hpp"

namespace headroom {

namespace {

class Slru final : public EvictionPolicy {
 public:
  explicit Slru(CacheRoom room) : EvictionPolicy(room), segments_(room.capacity) {}

 private:
  void on_hit(CacheSlot slot) override {
    segments_.touch(nodes(), slot, [this](CacheSlot of) { return size_of(of); });
  }

  CacheSlot place(std::uint64_t key, std::uint32_t size) override {
    while (!fits(size)) {
      const CacheSlot victim = segments_.victim();
      unlink(victim);
      evict(victim);
    }
    const CacheSlot slot = add(key, size);
    segments_.push(nodes(), slot, size);
    return slot;
  }

  void unlink(CacheSlot slot) override { segments_.remove(nodes(), slot, size_of(slot)); }
  void forget_all() override { segments_.clear(); }

  Segments segments_;
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_slru(CacheRoom room, sim::Stream) {
  return std::make_unique<Slru>(room);
}

}  // namespace headroom
