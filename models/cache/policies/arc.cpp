// Adaptive replacement: two queues by last use, of what was asked for once and what again, and the
// share of each follows which of them would have hit had it been longer.
// Source: Megiddo, Modha 2003, "ARC: a self-tuning, low overhead replacement cache", figure 4.
// Departs from source: entries may be erased and may have sizes, so lengths and the target are
// measured in the unit of the room, a step of the target is as large as the entry, and a victim is
// looked for only while the new entry does not fit.
#include "models/cache/node_list.hpp"
#include "models/cache/policies/ghosts.hpp"
#include "models/cache/policies/policies.hpp"

namespace headroom {

namespace {

class Arc final : public EvictionPolicy {
 public:
  explicit Arc(CacheRoom room) : EvictionPolicy(room), ghosts_(room) {}

 private:
  // As the source calls them: T1, T2 and the ghosts B1, B2.
  static constexpr std::uint32_t once = 0;
  static constexpr std::uint32_t again = 1;

  void on_hit(CacheSlot slot) override {
    if (nodes()[slot].list == again) {
      lists_[again].make_newest(nodes(), slot);
    } else {
      unlink(slot);
      link(slot, again);
    }
  }

  CacheSlot place(std::uint64_t key, std::uint32_t size) override {
    const CacheSlot ghost = ghosts_.find(key);
    std::uint32_t to = again;
    bool was_again = false;
    if (ghost != no_slot) {
      was_again = ghosts_.list_of(ghost) == again;
      adapt(was_again, size);
      ghosts_.remove(ghost);
    } else {
      to = once;
      bound_history(size);
    }
    while (!fits(size))
      replace(was_again);
    const CacheSlot slot = add(key, size);
    link(slot, to);
    return slot;
  }

  void adapt(bool was_again, std::uint32_t size) {
    const auto mine = static_cast<double>(ghosts_.used(was_again ? again : once));
    const auto other = static_cast<double>(ghosts_.used(was_again ? once : again));
    const double step = size * (mine >= other ? 1 : other / mine);
    target_ = was_again ? std::max(target_ - step, 0.0)
                        : std::min(target_ + step, static_cast<double>(capacity()));
  }

  /// Case IV: T1 and B1 fit the room once, all four twice.
  void bound_history(std::uint32_t size) {
    while (used_[once] + ghosts_.used(once) + size > capacity()) {
      if (ghosts_.used(once) > 0) {
        ghosts_.drop_oldest(once);
      } else {
        const CacheSlot victim = lists_[once].oldest();
        unlink(victim);
        evict(victim);
      }
    }
    while (used() + ghosts_.used(once) + ghosts_.used(again) + size > 2 * capacity() &&
           ghosts_.used(again) > 0)
      ghosts_.drop_oldest(again);
  }

  void replace(bool was_again) {
    const auto length = static_cast<double>(used_[once]);
    const bool over = length > target_ || (was_again && length == target_);
    const std::uint32_t from =
        lists_[again].empty() || (!lists_[once].empty() && over) ? once : again;
    const CacheSlot victim = lists_[from].oldest();
    ghosts_.push(key_of(victim), size_of(victim), from);
    unlink(victim);
    evict(victim);
  }

  void link(CacheSlot slot, std::uint32_t list) {
    nodes()[slot].list = list & 1u;
    lists_[list].push(nodes(), slot);
    used_[list] += size_of(slot);
  }
  void unlink(CacheSlot slot) override {
    const std::uint32_t list = nodes()[slot].list;
    lists_[list].remove(nodes(), slot);
    used_[list] -= size_of(slot);
  }
  void forget_all() override {
    for (const std::uint32_t list : {once, again}) {
      lists_[list].clear();
      used_[list] = 0;
    }
    ghosts_.clear();
    target_ = 0;
  }
  std::size_t more_memory_bytes() const override { return ghosts_.memory_bytes(); }

  NodeList lists_[2];
  std::uint64_t used_[2] = {0, 0};
  Ghosts ghosts_;
  double target_ = 0;  ///< Of T1; p in the source.
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_arc(CacheRoom room, sim::Stream) {
  return std::make_unique<Arc>(room);
}

}  // namespace headroom
