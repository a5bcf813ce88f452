#pragma once

#include "models/cache/key_nodes.hpp"

namespace headroom {

/// A queue of slots, newest to oldest, linked through their nodes: a slot is in one list at most.
/// Where `unmarked`, all nodes have marks of 0 and are in list 0, which spares keeping them.
template <bool unmarked>
class NodeListOf {
 public:
  CacheSlot newest() const { return newest_; }
  CacheSlot oldest() const { return oldest_; }
  bool empty() const { return newest_ == no_slot; }

  void push(KeyNodes& nodes, CacheSlot slot) {
    set_newer(nodes[slot], no_slot);
    set_older(nodes[slot], newest_);
    if (newest_ != no_slot) {
      set_newer(nodes[newest_], slot);
    } else {
      oldest_ = slot;
    }
    newest_ = slot;
  }

  void remove(KeyNodes& nodes, CacheSlot slot) {
    const CacheSlot newer = nodes[slot].newer;
    const CacheSlot older = nodes[slot].older;
    if (newer != no_slot) {
      set_older(nodes[newer], older);
    } else {
      newest_ = older;
    }
    if (older != no_slot) {
      set_newer(nodes[older], newer);
    } else {
      oldest_ = newer;
    }
  }

  void make_newest(KeyNodes& nodes, CacheSlot slot) {
    if (slot == newest_) return;
    const CacheSlot newer = nodes[slot].newer;  // There is one.
    const CacheSlot older = nodes[slot].older;
    set_older(nodes[newer], older);
    if (older != no_slot) {
      set_newer(nodes[older], newer);
    } else {
      oldest_ = newer;
    }
    set_newer(nodes[slot], no_slot);
    set_older(nodes[slot], newest_);
    set_newer(nodes[newest_], slot);
    newest_ = slot;
  }

  void clear() { newest_ = oldest_ = no_slot; }

 private:
  static void set_newer(KeyNodes::Node& node, CacheSlot slot) {
    if constexpr (unmarked) node.list = 0;
    node.newer = slot;
  }
  static void set_older(KeyNodes::Node& node, CacheSlot slot) {
    if constexpr (unmarked) node.mark = 0;
    node.older = slot;
  }

  CacheSlot newest_ = no_slot;
  CacheSlot oldest_ = no_slot;
};
using NodeList = NodeListOf<false>;

}  // namespace headroom
