// First in, first out: the entry goes that has been there the longest, however often asked for.
// Source: Belady 1966, "A study of replacement algorithms for a virtual-storage computer".
#include "models/cache/node_list.hpp"
#include "models/cache/policies/policies.hpp"

namespace headroom {

namespace {

class Fifo final : public EvictionPolicy {
 public:
  explicit Fifo(CacheRoom room) : EvictionPolicy(room) {}

 private:
  void on_hit(CacheSlot) override {}

  CacheSlot place(std::uint64_t key, std::uint32_t size) override {
    while (!fits(size)) {
      const CacheSlot oldest = list_.oldest();
      list_.remove(nodes(), oldest);
      evict(oldest);
    }
    const CacheSlot slot = add(key, size);
    list_.push(nodes(), slot);
    return slot;
  }

  void unlink(CacheSlot slot) override { list_.remove(nodes(), slot); }
  void forget_all() override { list_.clear(); }

  NodeList list_;
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_fifo(CacheRoom room, sim::Stream) {
  return std::make_unique<Fifo>(room);
}

}  // namespace headroom
