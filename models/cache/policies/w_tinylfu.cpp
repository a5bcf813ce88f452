// W-TinyLFU: a small window by last use takes every newcomer; what leaves it gets into the main
// part only if it was asked for more often, as a sketch of recent requests counts, than what would
// have to go for it.
// Source: Einziger, Friedman, Manes 2017, "TinyLFU: a highly efficient cache admission policy":
// window 1 %, main part segmented with 80 % protected, sketch aged every 10 requests per entry.
// Departs from source: no doorkeeper before the sketch; an entry too large for the window
// stands up against the main part at once, and one that displaces several must beat each of them.
// A set that no look-up came before counts as no request.
#include "models/cache/policies/frequency_sketch.hpp"
#include "models/cache/policies/policies.hpp"
#include "models/cache/policies/segments.hpp"

namespace headroom {

namespace {

class WTinyLfu final : public EvictionPolicy {
 public:
  explicit WTinyLfu(CacheRoom room)
      : EvictionPolicy(room),
        window_room_(std::max<std::uint64_t>(1, room.capacity / 100)),
        main_room_(room.capacity - window_room_),
        main_(main_room_) {}

 private:
  static constexpr std::uint32_t in_window = 0;

  void on_miss(std::uint64_t key) override { sketch_.count(key); }
  void on_hit(CacheSlot slot) override {
    sketch_.count(key_of(slot));
    if (nodes()[slot].list == in_window) {
      window_.make_newest(nodes(), slot);
    } else {
      main_.touch(nodes(), slot, [this](CacheSlot of) { return size_of(of); });
    }
  }

  CacheSlot place(std::uint64_t key, std::uint32_t size) override {
    if (size > window_room_) {
      if (!make_way(key, size)) return no_slot;
      const CacheSlot slot = add_here(key, size);
      main_.push(nodes(), slot, size);
      return slot;
    }
    while (window_used_ + size > window_room_) {
      const CacheSlot candidate = window_.oldest();
      const bool better = make_way(key_of(candidate), size_of(candidate));
      unlink(candidate);
      if (better) {
        main_.push(nodes(), candidate, size_of(candidate));
      } else {
        evict(candidate);
      }
    }
    const CacheSlot slot = add_here(key, size);
    window_.push(nodes(), slot);
    window_used_ += size;
    return slot;
  }

  /// Evicts from the main part until the candidate fits it, unless a victim is as good.
  bool make_way(std::uint64_t candidate, std::uint32_t size) {
    if (size > main_room_) return false;
    while (main_.used() + size > main_room_) {
      const CacheSlot victim = main_.victim();
      if (sketch_.estimate(candidate) <= sketch_.estimate(key_of(victim))) return false;
      unlink(victim);
      evict(victim);
    }
    return true;
  }

  CacheSlot add_here(std::uint64_t key, std::uint32_t size) {
    const CacheSlot slot = add(key, size);
    const std::uint64_t slots = nodes().end() - 1;
    if (slots > sketch_room_) {
      sketch_room_ = next_room(sketch_room_, most_slots, static_cast<double>(most_slots));
      sketch_.fit(std::min(sketch_room_, capacity()));
    }
    return slot;
  }

  void unlink(CacheSlot slot) override {
    if (nodes()[slot].list == in_window) {
      window_.remove(nodes(), slot);
      window_used_ -= size_of(slot);
    } else {
      main_.remove(nodes(), slot, size_of(slot));
    }
  }
  void forget_all() override {
    window_.clear();
    main_.clear();
    sketch_.clear();
    window_used_ = 0;
  }
  std::size_t more_memory_bytes() const override { return sketch_.memory_bytes(); }

  std::uint64_t window_room_;
  std::uint64_t main_room_;
  NodeList window_;
  std::uint64_t window_used_ = 0;
  Segments main_;
  FrequencySketch sketch_;
  std::uint64_t sketch_room_ = 0;  ///< Entries.
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_w_tinylfu(CacheRoom room, sim::Stream) {
  return std::make_unique<WTinyLfu>(room);
}

}  // namespace headroom
