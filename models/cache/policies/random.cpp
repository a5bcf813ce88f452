// Random: any entry goes, with equal chances.
// Source: Belady 1966, "A study of replacement algorithms for a virtual-storage computer".
#include "models/cache/policies/policies.hpp"
#include "models/cache/policies/victim_policy.hpp"

namespace headroom {

namespace {

class Random final : public VictimPolicy<Random> {
 public:
  Random(CacheRoom room, sim::Stream random) : VictimPolicy(room), random_(random) {}

 private:
  friend VictimPolicy;

  void on_hit(CacheSlot) override {}

  CacheSlot victim() { return all_[random_.below(all_.size())]; }
  void link(CacheSlot slot) {
    if (all_.size() == all_.capacity()) all_.reserve(nodes().room());
    rank_of(slot, static_cast<std::uint32_t>(all_.size()));
    all_.push_back(slot);
  }

  /// The last one takes its rank.
  void unlink(CacheSlot slot) override {
    const std::uint32_t rank = nodes()[slot].newer;
    all_[rank] = all_.back();
    rank_of(all_[rank], rank);
    all_.pop_back();
  }
  void rank_of(CacheSlot slot, std::uint32_t rank) {
    nodes()[slot].newer = rank & ((1u << slot_bits) - 1);
  }
  void forget_all() override { all_.clear(); }
  std::size_t more_memory_bytes() const override { return all_.capacity() * sizeof(CacheSlot); }

  sim::Stream random_;
  std::vector<CacheSlot> all_;  ///< By rank, which stands in `newer`.
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_random(CacheRoom room, sim::Stream random) {
  return std::make_unique<Random>(room, random);
}

}  // namespace headroom
