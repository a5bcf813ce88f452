#pragma once

#include "models/cache/node_list.hpp"

namespace headroom {

/// Two queues by last use: what came in (on trial), and what was asked for again (protected). What
/// the protected part has no room for goes back on trial.
/// Source: Karedla, Love, Wherry 1994, "Caching strategies to improve disk system performance".
/// Chosen: 80 % protected, as in Einziger, Friedman, Manes 2017; the source finds 60 to 80 % good.
class Segments {
 public:
  explicit Segments(std::uint64_t room) : protected_room_(room / 10 * 8 + room % 10 * 8 / 10) {}

  std::uint64_t used() const { return used_; }
  /// The next that goes, or no_slot.
  CacheSlot victim() const { return trial_.empty() ? protected_.oldest() : trial_.oldest(); }

  void push(KeyNodes& nodes, CacheSlot slot, std::uint32_t size) {
    nodes[slot].list = on_trial;
    trial_.push(nodes, slot);
    used_ += size;
  }

  void remove(KeyNodes& nodes, CacheSlot slot, std::uint32_t size) {
    used_ -= size;
    if (nodes[slot].list == on_trial) {
      trial_.remove(nodes, slot);
    } else {
      protected_.remove(nodes, slot);
      protected_used_ -= size;
    }
  }

  /// `size_of(slot)` is the size of any entry here.
  template <class SizeOf>
  void touch(KeyNodes& nodes, CacheSlot slot, SizeOf size_of) {
    if (nodes[slot].list == is_protected) {
      protected_.make_newest(nodes, slot);
      return;
    }
    trial_.remove(nodes, slot);
    nodes[slot].list = is_protected;
    protected_.push(nodes, slot);
    protected_used_ += size_of(slot);
    while (protected_used_ > protected_room_) {
      const CacheSlot oldest = protected_.oldest();
      protected_.remove(nodes, oldest);
      protected_used_ -= size_of(oldest);
      nodes[oldest].list = on_trial;
      trial_.push(nodes, oldest);
    }
  }

  void clear() {
    trial_.clear();
    protected_.clear();
    used_ = protected_used_ = 0;
  }

  static constexpr std::uint32_t on_trial = 1;
  static constexpr std::uint32_t is_protected = 2;

 private:
  NodeList trial_;
  NodeList protected_;
  std::uint64_t protected_room_;
  std::uint64_t used_ = 0;
  std::uint64_t protected_used_ = 0;
};

}  // namespace headroom
