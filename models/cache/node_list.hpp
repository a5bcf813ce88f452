#pragma once

#include "models/cache/key_nodes.hpp"

namespace headroom {

/// A queue of slots, newest to oldest, linked through their nodes: a slot is in one list at most.
class NodeList {
 public:
  CacheSlot newest() const { return newest_; }
  CacheSlot oldest() const { return oldest_; }
  bool empty() const { return newest_ == no_slot; }

  void push(KeyNodes& nodes, CacheSlot slot) {
    nodes[slot].newer = no_slot;
    nodes[slot].older = newest_;
    if (newest_ != no_slot) {
      nodes[newest_].newer = slot;
    } else {
      oldest_ = slot;
    }
    newest_ = slot;
  }

  void remove(KeyNodes& nodes, CacheSlot slot) {
    const CacheSlot newer = nodes[slot].newer;
    const CacheSlot older = nodes[slot].older;
    if (newer != no_slot) {
      nodes[newer].older = older;
    } else {
      newest_ = older;
    }
    if (older != no_slot) {
      nodes[older].newer = newer;
    } else {
      oldest_ = newer;
    }
  }

  void make_newest(KeyNodes& nodes, CacheSlot slot) {
    if (slot == newest_) return;
    remove(nodes, slot);
    push(nodes, slot);
  }

  void clear() { newest_ = oldest_ = no_slot; }

 private:
  CacheSlot newest_ = no_slot;
  CacheSlot oldest_ = no_slot;
};

}  // namespace headroom
