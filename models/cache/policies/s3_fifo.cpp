// S3-FIFO: three queues by arrival. New keys pass through a small one; those asked for more than
// once in it, or again soon after it, get into the main one, where use earns further rounds.
// Source: Yang, Zhang, Qiu, Yue, Rashmi 2023, "FIFO queues are all you need for cache eviction",
// algorithm 1: 10 % small, 90 % main, ghosts for as much as main.
// Departs from source: a key found among the ghosts leaves them.
#include "models/cache/node_list.hpp"
#include "models/cache/policies/ghosts.hpp"
#include "models/cache/policies/policies.hpp"

namespace headroom {

namespace {

class S3Fifo final : public EvictionPolicy {
 public:
  explicit S3Fifo(CacheRoom room)
      : EvictionPolicy(room),
        small_room_(std::max<std::uint64_t>(1, room.capacity / 10)),
        main_room_(room.capacity - small_room_),
        ghosts_({main_room_, room.in_bytes}) {}

 private:
  static constexpr std::uint32_t in_small = 1;
  static constexpr std::uint32_t in_main = 2;
  static constexpr std::uint32_t most_uses = 3;

  void on_hit(CacheSlot slot) override {
    KeyNodes::Node& node = nodes()[slot];
    if (node.mark < most_uses) node.mark = (node.mark + 1) & most_uses;
  }

  CacheSlot place(std::uint64_t key, std::uint32_t size) override {
    while (!fits(size)) {
      if (main_.empty() || (small_used_ >= small_room_ && !small_.empty())) {
        evict_from_small();
      } else {
        evict_from_main();
      }
    }
    const bool known = ghosts_.take(key);
    const CacheSlot slot = add(key, size);
    if (known) {
      nodes()[slot].list = in_main;
      main_.push(nodes(), slot);
    } else {
      nodes()[slot].list = in_small;
      small_.push(nodes(), slot);
      small_used_ += size;
    }
    return slot;
  }

  /// Goes on until one is gone from the small queue, or all of it has moved.
  void evict_from_small() {
    while (!small_.empty()) {
      const CacheSlot oldest = small_.oldest();
      const std::uint32_t size = size_of(oldest);
      if (nodes()[oldest].mark <= 1) {
        ghosts_.push(key_of(oldest), size);
        unlink(oldest);
        evict(oldest);
        return;
      }
      if (used() - small_used_ + size > main_room_) evict_from_main();
      unlink(oldest);
      nodes()[oldest].list = in_main;
      nodes()[oldest].mark = 0;
      main_.push(nodes(), oldest);
    }
  }

  void evict_from_main() {
    while (!main_.empty()) {
      const CacheSlot oldest = main_.oldest();
      if (nodes()[oldest].mark == 0) {
        unlink(oldest);
        evict(oldest);
        return;
      }
      nodes()[oldest].mark = (nodes()[oldest].mark - 1) & most_uses;
      main_.make_newest(nodes(), oldest);
    }
  }

  void unlink(CacheSlot slot) override {
    if (nodes()[slot].list == in_main) {
      main_.remove(nodes(), slot);
    } else {
      small_.remove(nodes(), slot);
      small_used_ -= size_of(slot);
    }
  }
  void forget_all() override {
    small_.clear();
    main_.clear();
    ghosts_.clear();
    small_used_ = 0;
  }
  std::size_t more_memory_bytes() const override { return ghosts_.memory_bytes(); }

  std::uint64_t small_room_;
  std::uint64_t main_room_;
  std::uint64_t small_used_ = 0;
  NodeList small_;
  NodeList main_;
  Ghosts ghosts_;
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_s3_fifo(CacheRoom room, sim::Stream) {
  return std::make_unique<S3Fifo>(room);
}

}  // namespace headroom
