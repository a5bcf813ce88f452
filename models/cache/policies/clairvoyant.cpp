// Clairvoyant: the entry goes that is asked for last. Source and limits: models/cache/trace.hpp.
#include <utility>

#include "models/cache/trace.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

class Clairvoyant final : public EvictionPolicy {
 public:
  Clairvoyant(CacheRoom room, std::vector<std::uint64_t> next)
      : EvictionPolicy(room), next_(std::move(next)) {}

 private:
  void on_hit(CacheSlot slot) override {
    due_[slot] = next_of_this();
    ++requests_;
    rise(nodes()[slot].newer);
  }
  void on_miss(std::uint64_t) override { ++requests_; }

  CacheSlot place(std::uint64_t key, std::uint32_t size) override {
    HEADROOM_CHECK(requests_ > 0);
    const std::uint64_t due = next_[requests_ - 1];
    while (!fits(size)) {
      const CacheSlot last = heap_[0];
      if (due_[last] <= due) return no_slot;
      unlink(last);
      evict(last);
    }
    const CacheSlot slot = add(key, size);
    if (slot >= due_.size()) due_.resize(nodes().end());
    due_[slot] = due;
    heap_.push_back(slot);
    put(heap_.size() - 1, slot);
    rise(heap_.size() - 1);
    return slot;
  }

  std::uint64_t next_of_this() const {
    HEADROOM_CHECK(requests_ < next_.size());
    return next_[requests_];
  }

  void put(std::size_t rank, CacheSlot slot) {
    heap_[rank] = slot;
    nodes()[slot].newer = rank & ((1u << slot_bits) - 1);
  }
  void rise(std::size_t rank) {
    const CacheSlot slot = heap_[rank];
    for (; rank > 0 && due_[heap_[(rank - 1) / 2]] < due_[slot]; rank = (rank - 1) / 2)
      put(rank, heap_[(rank - 1) / 2]);
    put(rank, slot);
  }
  void sink(std::size_t rank) {
    const CacheSlot slot = heap_[rank];
    for (std::size_t below = 2 * rank + 1; below < heap_.size(); below = 2 * rank + 1) {
      if (below + 1 < heap_.size() && due_[heap_[below + 1]] > due_[heap_[below]]) ++below;
      if (due_[heap_[below]] <= due_[slot]) break;
      put(rank, heap_[below]);
      rank = below;
    }
    put(rank, slot);
  }

  void unlink(CacheSlot slot) override {
    const std::size_t rank = nodes()[slot].newer;
    const CacheSlot moved = heap_.back();
    heap_.pop_back();
    if (moved == slot) return;
    put(rank, moved);
    rise(rank);
    sink(nodes()[moved].newer);
  }
  /// The trace starts over.
  void forget_all() override {
    heap_.clear();
    requests_ = 0;
  }
  std::size_t more_memory_bytes() const override {
    return heap_.capacity() * sizeof(CacheSlot) + due_.capacity() * sizeof(std::uint64_t) +
           next_.capacity() * sizeof(std::uint64_t);
  }

  std::vector<std::uint64_t> next_;
  std::uint64_t requests_ = 0;      ///< Looked up so far.
  std::vector<CacheSlot> heap_;     ///< The latest due first; ranks stand in `newer`.
  std::vector<std::uint64_t> due_;  ///< By slot.
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_clairvoyant(CacheRoom room, std::vector<std::uint64_t> next) {
  return std::make_unique<Clairvoyant>(room, std::move(next));
}

}  // namespace headroom
