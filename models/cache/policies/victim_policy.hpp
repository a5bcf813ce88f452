#pragma once

#include "models/cache/policy.hpp"

namespace headroom {

/// A policy whose whole choice is who goes next, whatever comes in. `P`, a final class, has
/// `victim()`, the entry that goes, and `link(slot)`, which takes up a new one; what `victim` names
/// is unlinked by the policy's own `unlink`.
template <class P>
class VictimPolicy : public EvictionPolicy {
 protected:
  using EvictionPolicy::EvictionPolicy;

 private:
  CacheSlot place(std::uint64_t key, std::uint32_t size) final {
    P& self = static_cast<P&>(*this);
    while (!fits(size)) {
      const CacheSlot victim = self.victim();
      self.unlink(victim);
      evict(victim);
    }
    const CacheSlot slot = add(key, size);
    self.link(slot);
    return slot;
  }
};

}  // namespace headroom
