// Least frequently used: the entry goes that was asked for least often since it came in; of
// several, the one not asked for the longest. Counts are forgotten with the entry. Source: Shah,
// Mitra, Matani 2010, "An O(1) algorithm for implementing the LFU cache eviction scheme". Departs
// from source: which of equals goes is not decided there.
#include "models/cache/node_list.hpp"
#include "models/cache/policies/policies.hpp"
#include "models/cache/policies/victim_policy.hpp"

namespace headroom {

namespace {

class Lfu final : public VictimPolicy<Lfu> {
 public:
  explicit Lfu(CacheRoom room) : VictimPolicy(room), groups_(1) {}

 private:
  friend VictimPolicy;

  using GroupIndex = std::uint32_t;
  /// The entries asked for `uses` times; groups are chained by it. Group 0 is both ends.
  struct Group {
    std::uint64_t uses = 0;
    GroupIndex fewer = 0;
    GroupIndex more = 0;
    NodeList entries;
  };

  void on_hit(CacheSlot slot) override {
    const GroupIndex from = group_of_[slot];
    const std::uint64_t uses = groups_[from].uses + 1;
    GroupIndex to = groups_[from].more;
    const bool exists = to != 0 && groups_[to].uses == uses;
    const CacheSlot oldest = groups_[from].entries.oldest();
    if (!exists && oldest == slot && groups_[from].entries.newest() == slot) {
      groups_[from].uses = uses;
      return;
    }
    if (!exists) to = new_group(from, uses);
    unlink(slot);
    put_in(slot, to);
  }

  CacheSlot victim() const { return groups_[groups_[0].more].entries.oldest(); }
  void link(CacheSlot slot) {
    const GroupIndex least = groups_[0].more;
    const bool exists = least != 0 && groups_[least].uses == 1;
    if (slot >= group_of_.size()) {
      group_of_.reserve(nodes().room() + 1);
      group_of_.resize(nodes().end());
    }
    put_in(slot, exists ? least : new_group(0, 1));
  }

  void put_in(CacheSlot slot, GroupIndex group) {
    groups_[group].entries.push(nodes(), slot);
    group_of_[slot] = group;
  }
  void unlink(CacheSlot slot) override {
    const GroupIndex index = group_of_[slot];
    Group& group = groups_[index];
    group.entries.remove(nodes(), slot);
    if (!group.entries.empty()) return;
    groups_[group.fewer].more = group.more;
    groups_[group.more].fewer = group.fewer;
    group.more = free_;
    free_ = index;
  }

  /// Empty, the next above `fewer`.
  GroupIndex new_group(GroupIndex fewer, std::uint64_t uses) {
    GroupIndex index = free_;
    if (index != 0) {
      free_ = groups_[index].more;
    } else {
      index = static_cast<GroupIndex>(groups_.size());
      groups_.emplace_back();
    }
    const GroupIndex more = groups_[fewer].more;
    groups_[index] = {uses, fewer, more, {}};
    groups_[fewer].more = index;
    groups_[more].fewer = index;
    return index;
  }

  void forget_all() override {
    groups_.assign(1, Group());
    free_ = 0;
  }
  std::size_t more_memory_bytes() const override {
    return groups_.capacity() * sizeof(Group) + group_of_.capacity() * sizeof(GroupIndex);
  }

  std::vector<Group> groups_;
  std::vector<GroupIndex> group_of_;  ///< By slot.
  GroupIndex free_ = 0;               ///< Chained by `more`.
};

}  // namespace

std::unique_ptr<EvictionPolicy> make_lfu(CacheRoom room, sim::Stream) {
  return std::make_unique<Lfu>(room);
}

}  // namespace headroom
