// Segmented least recently used: what is asked for a second time is protected from what is asked
// for once. Source: Karedla, Love, Wherry 1994, see segments.hpp.
#include "models/cache/policies/policies.hpp"
#include "models/cache/policies/segments.hpp"
#include "models/cache/policies/victim_policy.hpp"

namespace headroom {

namespace {

class Slru final : public VictimPolicy<Slru> {
 public:
  explicit Slru(CacheRoom room) : VictimPolicy(room), segments_(room.capacity) {}

 private:
  friend VictimPolicy;

  void on_hit(CacheSlot slot) override {
    segments_.touch(nodes(), slot, [this](CacheSlot of) { return size_of(of); });
  }

  CacheSlot victim() const { return segments_.victim(); }
  void link(CacheSlot slot) { segments_.push(nodes(), slot, size_of(slot)); }
  void unlink(CacheSlot slot) override { segments_.remove(nodes(), slot, size_of(slot)); }
  void forget_all() override { segments_.clear(); }

  Segments segments_;
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_slru(CacheRoom room, sim::Stream) {
  return std::make_unique<Slru>(room);
}

}  // namespace headroom
