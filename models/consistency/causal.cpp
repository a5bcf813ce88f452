#include "models/consistency/causal.hpp"

#include <algorithm>
#include <map>

#include "models/consistency/clocks.hpp"
#include "models/consistency/precedence.hpp"

namespace headroom::consistency {

namespace {

using Op = Registers::Op;

/// The way from one operation to another that happened after it, over the fewest values read: of
/// each stretch within a process both ends.
std::vector<std::uint32_t> way(const Registers& registers, std::uint32_t from, std::uint32_t to) {
  const auto& ops = registers.ops();
  std::vector<std::uint32_t> by(ops.size(), none);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> nearest{{to, to}}, further;
  // A step within a process costs nothing, so all those come before the next value read.
  while (!nearest.empty() && by[from] == none) {
    while (!nearest.empty()) {
      const auto [op, after] = nearest.back();
      nearest.pop_back();
      if (by[op] != none) continue;
      by[op] = after;
      if (ops[op].from != none && ops[op].from != Registers::initial)
        further.emplace_back(ops[op].from, op);
      if (op != registers.first(ops[op].process)) nearest.emplace_back(op - 1, op);
    }
    std::swap(nearest, further);
  }
  std::vector<std::uint32_t> steps{from};
  if (by[from] == none) return {from, to};
  for (std::uint32_t op = from; op != to; op = by[op]) {
    const std::uint32_t next = by[op];
    const bool is_read_of = ops[next].from == op;
    if (is_read_of || next == to) {
      steps.push_back(op);
      steps.push_back(next);
    }
  }
  return steps;
}

/// The operations of each process with clock on each key that wrote, or that touched a value which
/// was written.
class Touches {
 public:
  Touches(const Registers& registers, const Clocks& clocks, bool only_writes)
      : lists_(clocks.processes().size()) {
    for (std::size_t which = 0; which < lists_.size(); ++which) {
      const std::uint32_t process = clocks.processes()[which];
      for (std::uint32_t op = registers.first(process); op < registers.first(process + 1); ++op) {
        const Op& each = registers.ops()[op];
        if (each.writes || (!only_writes && each.from != Registers::initial))
          lists_[which].emplace_back(each.key, op);
      }
      std::sort(lists_[which].begin(), lists_[which].end());
    }
  }
  /// The last such op of the process before position `end` (an op number); none where there is
  /// none.
  std::uint32_t last(std::size_t which, std::uint32_t key, std::uint32_t end) const {
    const auto& list = lists_[which];
    const auto at = std::lower_bound(list.begin(), list.end(), std::pair(key, end));
    return at == list.begin() || (at - 1)->first != key ? none : (at - 1)->second;
  }

 private:
  std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> lists_;
};

/// One check of a history whose clocks are known.
class Patterns {
 public:
  Patterns(const Registers& registers, const Clocks& clocks)
      : registers_(registers),
        clocks_(clocks),
        touches_(registers, clocks, false),
        writes_(registers, clocks, true) {}

  Finding cyclic() const {
    Precedence order(registers_.ops().size());
    add_causes(order);
    return registers_.refuted(order.cycle(), "an operation happened before itself");
  }

  /// WriteCOInitRead and WriteCORead; and what a total order of the writes would need besides.
  std::optional<Finding> find(Precedence* convergence) {
    for (std::uint32_t op = 0; op < registers_.ops().size(); ++op) {
      if (registers_.ops()[op].from == none || !clocks_.has_clock(op)) continue;
      for (std::size_t which = 0; which < clocks_.processes().size(); ++which) {
        // What it read last may be no successor of what it wrote last.
        for (const Touches* of : {&writes_, &touches_})
          if (auto finding = look(op, which, *of, convergence)) return finding;
      }
    }
    return std::nullopt;
  }

  void add_causes(Precedence& order) const {
    const auto& ops = registers_.ops();
    for (std::uint32_t op = 0; op < ops.size(); ++op) {
      if (op != registers_.first(ops[op].process)) order.add(op - 1, op, op - 1, op);
      if (ops[op].from != none && ops[op].from != Registers::initial)
        order.add(ops[op].from, op, ops[op].from, op);
    }
  }

 private:
  std::optional<Finding> look(std::uint32_t read, std::size_t which, const Touches& touches,
                              Precedence* convergence) {
    const Op& each = registers_.ops()[read];
    const std::uint32_t process = clocks_.processes()[which];
    std::uint32_t end = registers_.first(process) + clocks_.known(read, which);
    if (process == each.process) end = read;  // itself is no past of its own
    const std::uint32_t last = touches.last(which, each.key, end);
    if (last == none) return std::nullopt;
    const Op& touch = registers_.ops()[last];
    const std::uint32_t write = touch.writes ? last : touch.from;
    if (write == each.from || write == read) return std::nullopt;
    const bool is_stale = each.from == Registers::initial || clocks_.before(each.from, write);
    if (is_stale) return stale(read, write, last);
    if (convergence != nullptr && !clocks_.before(write, each.from))
      convergence->add(write, each.from, last, read);
    return std::nullopt;
  }

  /// `read` returns what `write` had overwritten, of which its process could know through `touch`.
  Finding stale(std::uint32_t read, std::uint32_t write, std::uint32_t touch) const {
    std::vector<std::uint32_t> involved = way(registers_, touch, read);
    involved.push_back(write);
    const std::uint32_t from = registers_.ops()[read].from;
    if (from != Registers::initial) {
      const auto before = way(registers_, from, write);
      involved.insert(involved.end(), before.begin(), before.end());
    }
    return registers_.refuted(std::move(involved), "\"" + registers_.says(read) + "\" although \"" +
                                                       registers_.says(write) +
                                                       "\" had happened before it");
  }

  const Registers& registers_;
  const Clocks& clocks_;
  Touches touches_, writes_;
};

}  // namespace

Finding causally_consistent(const Registers& registers, bool with_convergence, Budget budget) {
  if (Clocks::words(registers) > budget.words)
    return {Holds::unknown, {}, "too many processes for the memory that a check may use"};
  const Clocks clocks(registers);
  Patterns patterns(registers, clocks);
  if (clocks.is_cyclic()) return patterns.cyclic();
  Precedence order(registers.ops().size());
  if (auto finding = patterns.find(with_convergence ? &order : nullptr)) return *finding;
  if (!with_convergence) return {Holds::yes, {}, {}};
  patterns.add_causes(order);
  auto cycle = order.cycle();
  if (cycle.empty()) return {Holds::yes, {}, {}};
  const std::size_t reasons = cycle.size();
  for (std::size_t i = 0; i < reasons; ++i) {
    const std::uint32_t from = registers.ops()[cycle[i]].from;
    if (from != none && from != Registers::initial) cycle.push_back(from);
  }
  return registers.refuted(std::move(cycle),
                           "processes saw writes to the same key in different orders, and no order "
                           "suits all of them");
}

}  // namespace headroom::consistency
