#include "models/consistency/sequential.hpp"

#include <algorithm>
#include <set>

#include "models/consistency/precedence.hpp"

namespace headroom::consistency {

namespace {

using Op = Registers::Op;

/// Whether everything fits when the writes of each key count in a given order, that of their values
/// or that in which they ended.
bool fits(const Registers& registers, bool by_value) {
  const auto& ops = registers.ops();
  std::vector<std::uint32_t> writes;
  for (std::uint32_t op = 0; op < ops.size(); ++op)
    if (ops[op].writes) writes.push_back(op);
  std::sort(writes.begin(), writes.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (ops[a].key != ops[b].key) return ops[a].key < ops[b].key;
    const Operation& x = registers.source(a);
    const Operation& y = registers.source(b);
    if (by_value) return x.value < y.value;
    return x.ret != y.ret ? x.ret < y.ret : x.call < y.call;
  });
  std::vector<std::uint32_t> follower(ops.size(), none), first(registers.keys(), none);
  Precedence order(ops.size());
  for (std::size_t i = 0; i < writes.size(); ++i) {
    const std::uint32_t key = ops[writes[i]].key;
    if (first[key] == none) {
      first[key] = writes[i];
    } else {
      follower[writes[i - 1]] = writes[i];
      order.add(writes[i - 1], writes[i], writes[i - 1], writes[i]);
    }
  }
  for (std::uint32_t op = 0; op < ops.size(); ++op) {
    const Op& each = ops[op];
    if (op != registers.first(each.process)) order.add(op - 1, op, op - 1, op);
    if (each.from == none) continue;
    const bool is_first = each.from == Registers::initial;
    if (!is_first) order.add(each.from, op, each.from, op);
    const std::uint32_t next = is_first ? first[each.key] : follower[each.from];
    if (next != none && next != op) order.add(op, next, op, next);
  }
  return order.cycle().empty();
}

class Interleavings {
 public:
  explicit Interleavings(const Registers& registers)
      : registers_(registers),
        at_(registers.processes()),
        current_(registers.keys(), Registers::initial),
        unread_(registers.ops().size() + registers.keys()) {
    for (std::uint32_t p = 0; p < registers.processes(); ++p)
      at_[p] = registers.first(p);
    for (const Op& op : registers.ops())
      if (op.from != none) ++unread_[slot(op.from, op.key)];
  }

  Holds run(std::uint64_t steps) {
    steps_ = steps;
    const bool found = go_on();
    if (found) return Holds::yes;
    return steps_ == 0 ? Holds::unknown : Holds::no;
  }

 private:
  std::uint32_t slot(std::uint32_t write, std::uint32_t key) const {
    if (write != Registers::initial) return write;
    return static_cast<std::uint32_t>(registers_.ops().size()) + key;
  }
  bool has_ended(std::uint32_t process) const {
    return at_[process] == registers_.first(process + 1);
  }
  /// Whether the next operation of the process may come now.
  bool may(std::uint32_t process) const {
    const Op& op = registers_.ops()[at_[process]];
    const std::uint32_t now = current_[op.key];
    if (op.from != none && op.from != now) return false;
    // Who overwrites a value is the last to read it, if it reads it.
    return !op.writes || unread_[slot(now, op.key)] == (op.from != none ? 1U : 0U);
  }
  void step(std::uint32_t process) {
    const Op& op = registers_.ops()[at_[process]];
    if (op.from != none) --unread_[slot(op.from, op.key)];
    if (op.writes) current_[op.key] = at_[process];
    ++at_[process];
  }

  bool go_on() {
    const auto at = at_, current = current_, unread = unread_;
    for (bool moved = true; moved;) {
      moved = false;
      for (std::uint32_t p = 0; p < registers_.processes(); ++p) {
        while (!has_ended(p) && !registers_.ops()[at_[p]].writes && may(p)) {
          step(p);
          moved = true;
        }
      }
    }
    bool is_over = true;
    for (std::uint32_t p = 0; p < registers_.processes(); ++p)
      is_over = is_over && has_ended(p);
    if (is_over) return true;
    auto state = at_;
    state.insert(state.end(), current_.begin(), current_.end());
    if (steps_ > 0 && seen_.insert(std::move(state)).second) {
      --steps_;
      for (std::uint32_t p = 0; p < registers_.processes() && steps_ > 0; ++p) {
        if (has_ended(p) || !may(p)) continue;
        const auto here = at_, value = current_, left = unread_;
        step(p);
        if (go_on()) return true;
        at_ = here, current_ = value, unread_ = left;
      }
    }
    at_ = at, current_ = current, unread_ = unread;
    return false;
  }

  const Registers& registers_;
  std::vector<std::uint32_t> at_, current_, unread_;
  std::set<std::vector<std::uint32_t>> seen_;
  std::uint64_t steps_ = 0;
};

}  // namespace

Finding sequential(const Registers& registers, Budget budget) {
  if (!registers.has_cas() && (fits(registers, true) || fits(registers, false)))
    return {Holds::yes, {}, {}};
  // Chosen: each step copies the state, and depth is on the stack.
  constexpr std::size_t most = 400;
  const std::size_t size = registers.ops().size();
  const std::string undecided =
      "no order was found for " + std::to_string(size) + " operations, and not all were tried";
  if (size > most) return {Holds::unknown, {}, undecided};
  const std::uint64_t steps = std::min<std::uint64_t>(budget.steps, budget.words / (4 * size + 1));
  const Holds holds = Interleavings(registers).run(steps);
  if (holds != Holds::no) return {holds, {}, holds == Holds::yes ? std::string() : undecided};
  std::vector<std::uint32_t> all(size);
  for (std::uint32_t op = 0; op < size; ++op)
    all[op] = op;
  return registers.refuted(std::move(all), "no order of all operations suits all processes");
}

}  // namespace headroom::consistency
