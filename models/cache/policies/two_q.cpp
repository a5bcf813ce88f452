// 2Q, the full version: keys asked for once pass through a short queue; only what is asked for
// again after it left that queue gets into the large one, which goes by last use.
// Source: Johnson, Shasha 1994, "2Q: a low overhead high performance buffer management replacement
// algorithm", full version, with its Kin = 25 % of the room and Kout = 50 %.
// Departs from source: entries may be erased and may have sizes, so all lengths are measured in
// the unit of the room, and where the large queue is empty the short one gives way.
#include "models/cache/node_list.hpp"
#include "models/cache/policies/ghosts.hpp"
#include "models/cache/policies/policies.hpp"

namespace headroom {

namespace {

class TwoQ final : public EvictionPolicy {
 public:
  explicit TwoQ(CacheRoom room)
      : EvictionPolicy(room),
        in_room_(room.capacity / 4),
        out_({room.capacity / 2, room.in_bytes}) {}

 private:
  static constexpr std::uint32_t once = 1;
  static constexpr std::uint32_t again = 2;

  void on_hit(CacheSlot slot) override {
    if (nodes()[slot].list == again) main_.make_newest(nodes(), slot);
  }

  CacheSlot place(std::uint64_t key, std::uint32_t size) override {
    const bool known = out_.take(key);
    while (!fits(size))
      reclaim();
    const CacheSlot slot = add(key, size);
    nodes()[slot].list = known ? again : once;
    if (known) {
      main_.push(nodes(), slot);
    } else {
      in_.push(nodes(), slot);
      in_used_ += size;
    }
    return slot;
  }

  void reclaim() {
    const bool from_in = in_used_ > in_room_ || main_.empty();
    const CacheSlot victim = from_in ? in_.oldest() : main_.oldest();
    if (from_in) out_.push(key_of(victim), size_of(victim));
    unlink(victim);
    evict(victim);
  }

  void unlink(CacheSlot slot) override {
    if (nodes()[slot].list == again) {
      main_.remove(nodes(), slot);
    } else {
      in_.remove(nodes(), slot);
      in_used_ -= size_of(slot);
    }
  }
  void forget_all() override {
    in_.clear();
    main_.clear();
    out_.clear();
    in_used_ = 0;
  }
  std::size_t more_memory_bytes() const override { return out_.memory_bytes(); }

  std::uint64_t in_room_;
  std::uint64_t in_used_ = 0;
  NodeList in_;    ///< A1in.
  NodeList main_;  ///< Am.
  Ghosts out_;     ///< A1out.
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_two_q(CacheRoom room, sim::Stream) {
  return std::make_unique<TwoQ>(room);
}

}  // namespace headroom
