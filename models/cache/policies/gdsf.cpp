// Greedy dual size frequency: the entry goes whose requests are fewest for the bytes it takes. Its
// priority is the number of its requests over its size, above the priority of what went last when
// it was asked for, so that what was popular once ages.
// Source: Cherkasova 1998, "Improving WWW proxies performance with greedy-dual-size-frequency
// caching policy", HPL-98-69, with equal costs of all misses.
// Departs from source: what comes in is always taken, where the source leaves it out if it would be
// among those that go; of equal priorities any goes, by a hash of the key; no size counts as one
// byte.
#include <algorithm>
#include <vector>

#include "models/cache/policies/policies.hpp"
#include "models/cache/policies/victim_policy.hpp"

namespace headroom {

namespace {

class Gdsf final : public VictimPolicy<Gdsf> {
 public:
  explicit Gdsf(CacheRoom room) : VictimPolicy(room) {}

 private:
  friend VictimPolicy;
  static constexpr std::uint32_t children = 4;  // Chosen: half as deep as with two.
  static constexpr std::uint32_t most_uses = (1u << slot_bits) - 1;

  void on_hit(CacheSlot slot) override {
    KeyNodes::Node& node = nodes()[slot];
    if (node.older < most_uses) node.older = (node.older + 1) & most_uses;
    set_priority(slot);
    sink(node.newer);
  }

  CacheSlot victim() {
    gone_ = priority_[heap_.front()];
    return heap_.front();
  }
  void link(CacheSlot slot) {
    if (slot >= priority_.size()) {
      priority_.reserve(nodes().room() + 1);
      priority_.resize(nodes().end());
      heap_.reserve(nodes().room() + 1);
    }
    nodes()[slot].older = 1;
    set_priority(slot);
    heap_.push_back(slot);
    rise(static_cast<std::uint32_t>(heap_.size() - 1));
  }
  /// The last one takes its rank.
  void unlink(CacheSlot slot) override {
    const std::uint32_t rank = nodes()[slot].newer;
    const CacheSlot last = heap_.back();
    heap_.pop_back();
    if (last == slot) return;
    put(last, rank);
    rise(rank);
    sink(nodes()[last].newer);
  }
  void forget_all() override {
    heap_.clear();
    gone_ = 0;
  }
  std::size_t more_memory_bytes() const override {
    return heap_.capacity() * sizeof(CacheSlot) + priority_.capacity() * sizeof(double);
  }

  void set_priority(CacheSlot slot) {
    const double uses = nodes()[slot].older;
    priority_[slot] = gone_ + uses / std::max(1u, size_of(slot));
  }
  bool goes_before(CacheSlot a, CacheSlot b) const {
    if (priority_[a] != priority_[b]) return priority_[a] < priority_[b];
    return sim::mix(key_of(a)) < sim::mix(key_of(b));
  }
  void put(CacheSlot slot, std::uint32_t rank) {
    heap_[rank] = slot;
    nodes()[slot].newer = rank & ((1u << slot_bits) - 1);
  }
  void rise(std::uint32_t rank) {
    const CacheSlot slot = heap_[rank];
    while (rank > 0 && goes_before(slot, heap_[(rank - 1) / children])) {
      put(heap_[(rank - 1) / children], rank);
      rank = (rank - 1) / children;
    }
    put(slot, rank);
  }
  void sink(std::uint32_t rank) {
    const CacheSlot slot = heap_[rank];
    for (;;) {
      const std::size_t from = std::size_t{rank} * children + 1;
      const std::size_t to = std::min(from + children, heap_.size());
      std::size_t first = from;
      for (std::size_t i = from + 1; i < to; ++i)
        if (goes_before(heap_[i], heap_[first])) first = i;
      if (from >= to || !goes_before(heap_[first], slot)) break;
      put(heap_[first], rank);
      rank = static_cast<std::uint32_t>(first);
    }
    put(slot, rank);
  }

  // `older` of a node is how often it was asked for, `newer` its rank in the heap.
  std::vector<CacheSlot> heap_;   ///< Who goes next is first.
  std::vector<double> priority_;  ///< By slot.
  double gone_ = 0;               ///< Priority of what went last.
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_gdsf(CacheRoom room, sim::Stream) {
  return std::make_unique<Gdsf>(room);
}

}  // namespace headroom
