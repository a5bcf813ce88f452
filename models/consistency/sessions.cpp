#include "models/consistency/sessions.hpp"

#include <algorithm>

#include "models/consistency/precedence.hpp"

namespace headroom::consistency {

namespace {

using Op = Registers::Op;

/// Nodes are the writes, by op, and after them the initial value of each key; then, by op, what a
/// process had written or read of a key up to there.
class Orders {
 public:
  Orders(const Registers& registers, Guarantee guarantee)
      : registers_(registers),
        guarantee_(guarantee),
        order_(2 * registers.ops().size() + registers.keys()),
        last_(registers.keys()) {}

  /// Operations that contradict each other; empty where there are none.
  std::vector<std::uint32_t> conflict() {
    if (registers_.history().ordered) add_known_order();
    for (std::uint32_t process = 0; process < registers_.processes(); ++process) {
      const std::uint32_t end = registers_.first(process + 1);
      for (std::uint32_t op = registers_.first(process); op < end; ++op)
        last_[registers_.ops()[op].key] = Last();
      for (std::uint32_t op = registers_.first(process); op < end; ++op) {
        take(op);
        if (!own_future_.empty()) return own_future_;
      }
    }
    return order_.cycle();
  }

 private:
  /// What a process did last with a key.
  struct Last {
    std::uint32_t write = none, read = none, any = none;
    std::vector<std::uint32_t> writes;  ///< All of its own so far.
  };

  std::uint32_t node(std::uint32_t write, std::uint32_t key) const {
    if (write != Registers::initial) return write;
    return static_cast<std::uint32_t>(registers_.ops().size()) + key;
  }

  void add(std::uint32_t from, std::uint32_t to, std::uint32_t key, std::uint32_t because,
           std::uint32_t and_because) {
    if (from == to) return;
    order_.add(node(from, key), node(to, key), because, and_because);
    // Everything is after the initial value.
    if (to == Registers::initial) order_.add(node(to, key), node(from, key), from, from);
  }

  void take(std::uint32_t op) {
    const Op& each = registers_.ops()[op];
    Last& last = last_[each.key];
    if (each.from != none) {
      const bool is_own_future = each.from != Registers::initial && each.from >= op &&
                                 registers_.ops()[each.from].process == each.process;
      if (is_own_future && guarantee_ == Guarantee::coherent) own_future_ = {each.from, op};
      if (guarantee_ == Guarantee::read_your_writes) read_after_writes(op, last);
      if (guarantee_ == Guarantee::monotonic_reads && last.read != none)
        add(registers_.ops()[last.read].from, each.from, each.key, last.read, op);
      if (guarantee_ == Guarantee::coherent && last.any != none)
        add(value_after(last.any), each.from, each.key, last.any, op);
      if (guarantee_ == Guarantee::writes_follow_reads) {
        if (!is_own_future) order_.add(node(each.from, each.key), up_to(op), op, op);
        if (last.read != none) order_.add(up_to(last.read), up_to(op), op, op);
      }
      last.read = op;
    }
    if (each.writes) {
      if (guarantee_ == Guarantee::monotonic_writes && last.write != none)
        add(last.write, op, each.key, last.write, op);
      if (guarantee_ == Guarantee::writes_follow_reads && last.read != none)
        order_.add(up_to(last.read), op, last.read, op);
      if (guarantee_ == Guarantee::read_your_writes) {
        order_.add(op, up_to(op), op, op);
        if (last.write != none) order_.add(up_to(last.write), up_to(op), op, op);
        last.writes.push_back(op);
      }
      if (guarantee_ == Guarantee::coherent && last.any != none)
        add(value_after(last.any), op, each.key, last.any, op);
      if (guarantee_ == Guarantee::coherent && each.from != none)
        add(each.from, op, each.key, op, op);
      last.write = op;
    }
    last.any = op;
  }

  /// What the process had written to the key before it read comes before what it read.
  void read_after_writes(std::uint32_t read, const Last& last) {
    const Op& each = registers_.ops()[read];
    const auto own = std::lower_bound(last.writes.begin(), last.writes.end(), each.from);
    const bool is_own = own != last.writes.end() && *own == each.from;
    const std::uint32_t known = !is_own                      ? last.write
                                : own == last.writes.begin() ? none
                                                             : *(own - 1);
    if (known != none) {
      order_.add(up_to(known), node(each.from, each.key), read, read);
      if (each.from == Registers::initial)
        order_.add(node(each.from, each.key), known, known, known);
    }
    for (auto later = own; is_own && ++later != last.writes.end();)
      add(*later, each.from, each.key, *later, read);
  }

  std::uint32_t up_to(std::uint32_t op) const {
    return static_cast<std::uint32_t>(registers_.ops().size()) + registers_.keys() + op;
  }
  std::uint32_t value_after(std::uint32_t op) const {
    return registers_.ops()[op].writes ? op : registers_.ops()[op].from;
  }

  void add_known_order() {
    std::vector<std::uint32_t> writes;
    for (std::uint32_t op = 0; op < registers_.ops().size(); ++op)
      if (registers_.ops()[op].writes) writes.push_back(op);
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
      const std::uint32_t x = registers_.ops()[a].key, y = registers_.ops()[b].key;
      return x != y ? x < y : registers_.source(a).value < registers_.source(b).value;
    };
    std::sort(writes.begin(), writes.end(), before);
    for (std::size_t i = 1; i < writes.size(); ++i) {
      const std::uint32_t key = registers_.ops()[writes[i]].key;
      if (registers_.ops()[writes[i - 1]].key == key)
        add(writes[i - 1], writes[i], key, writes[i - 1], writes[i]);
    }
  }

  const Registers& registers_;
  Guarantee guarantee_;
  Precedence order_;
  std::vector<Last> last_;
  std::vector<std::uint32_t> own_future_;
};

const char* sentence(Guarantee guarantee) {
  switch (guarantee) {
    case Guarantee::read_your_writes:
      return "a process did not see what it had written itself";
    case Guarantee::monotonic_reads:
      return "a process saw an older value after a newer one";
    case Guarantee::monotonic_writes:
      return "the writes of a process count in another order than it made them";
    case Guarantee::writes_follow_reads:
      return "a write counts before the value that its process had read";
    default:
      return "processes do not agree on one order of what happened to this key";
  }
}

}  // namespace

Finding session_guarantee(const Registers& registers, Guarantee guarantee) {
  auto conflict = Orders(registers, guarantee).conflict();
  if (conflict.empty()) return {Holds::yes, {}, {}};
  const std::string at_key = registers.history().at_key(registers.source(conflict.front()).key);
  return registers.refuted(registers.with_sources(std::move(conflict)),
                           at_key + sentence(guarantee));
}

}  // namespace headroom::consistency
