// Sources: see causal.hpp. The last operation of a process sees all that its earlier ones did, so
// one view for each process decides (Bouajjani et al. 2017, sec. 4).
#include <algorithm>
#include <set>

#include "models/consistency/causal.hpp"
#include "models/consistency/precedence.hpp"

namespace headroom::consistency {

namespace {

using Op = Registers::Op;

/// What one process can have seen: its operations, and what happened before them.
class View {
 public:
  View(const Registers& registers, bool only_process_order)
      : registers_(registers),
        only_process_order_(only_process_order),
        place_(registers.ops().size(), none),
        writes_(registers.keys()) {}

  /// Reasons why the process cannot have seen one order; empty where it can.
  std::vector<std::uint32_t> conflict(std::uint32_t process) {
    process_ = process;
    must_.clear();
    while (true) {
      const std::size_t before = must_.size();
      look_through();
      auto cycle = cycle_of_all();
      if (!cycle.empty() || must_.size() == before) return cycle;
    }
  }
  std::uint64_t steps() const { return steps_; }

 private:
  /// Because of a read, a write must count before the one that was read.
  struct Must {
    std::uint32_t from, to, read;
  };
  /// Sorted by whom it leads to.
  struct ByEnd {
    bool operator()(const Must& a, const Must& b) const {
      return a.to != b.to ? a.to < b.to : a.from < b.from;
    }
  };
  /// The writes to a key that are known so far: all are before `newest` but the new ones.
  struct Writes {
    std::uint32_t newest = none;
    std::vector<std::uint32_t> further;
  };

  /// Goes through the process; whatever it comes to know must be before what it reads then.
  void look_through() {
    for (const std::uint32_t op : seen_)
      forget(op);
    seen_.clear();
    initial_.clear();
    for (std::uint32_t op = registers_.first(process_); op < registers_.first(process_ + 1); ++op) {
      const Op& each = registers_.ops()[op];
      if (each.from != none) {
        if (each.from != Registers::initial) know(each.from);
        settle(op);
      }
      know(op);
    }
  }

  void forget(std::uint32_t op) {
    place_[op] = none;
    Writes& writes = writes_[registers_.ops()[op].key];
    writes.newest = none;
    writes.further.clear();
  }

  /// Takes in an operation and all that came before it.
  void know(std::uint32_t op) {
    std::vector<std::uint32_t> queue;
    const auto visit = [&](std::uint32_t next) {
      if (place_[next] != none) return;
      place_[next] = static_cast<std::uint32_t>(seen_.size());
      seen_.push_back(next);
      queue.push_back(next);
      if (registers_.ops()[next].writes)
        writes_[registers_.ops()[next].key].further.push_back(next);
    };
    visit(op);
    while (!queue.empty()) {
      const std::uint32_t at = queue.back();
      queue.pop_back();
      ++steps_;
      const Op& each = registers_.ops()[at];
      if (at != registers_.first(each.process)) visit(at - 1);
      if (each.from != none && each.from != Registers::initial && counts(each)) visit(each.from);
      for (auto must = must_.lower_bound({0, at, 0}); must != must_.end() && must->to == at; ++must)
        visit(must->from);
    }
  }
  /// Whether the view knows from whom that one read.
  bool counts(const Op& op) const { return !only_process_order_ || op.process == process_; }

  void settle(std::uint32_t read) {
    const Op& each = registers_.ops()[read];
    Writes& writes = writes_[each.key];
    if (each.from == Registers::initial) {
      for (const std::uint32_t write : writes.further)
        if (write != read) initial_.push_back({read, write, read});
      if (writes.newest != none) initial_.push_back({read, writes.newest, read});
      return;
    }
    if (writes.newest != none && writes.newest != each.from)
      must_.insert({writes.newest, each.from, read});
    for (const std::uint32_t write : writes.further) {
      if (write != each.from && write != read) must_.insert({write, each.from, read});
    }
    const bool is_own =
        std::find(writes.further.begin(), writes.further.end(), read) != writes.further.end();
    writes.further.clear();
    if (is_own) writes.further.push_back(read);
    writes.newest = each.from;
  }

  std::vector<std::uint32_t> cycle_of_all() const {
    Precedence order(seen_.size());
    for (const std::uint32_t op : seen_) {
      const Op& each = registers_.ops()[op];
      if (op != registers_.first(each.process)) order.add(place_[op - 1], place_[op], op - 1, op);
      if (each.from != none && each.from != Registers::initial && counts(each))
        order.add(place_[each.from], place_[op], each.from, op);
    }
    for (const Must& must : must_)
      order.add(place_[must.from], place_[must.to], must.from, must.read);
    for (const Must& must : initial_)
      order.add(place_[must.from], place_[must.to], must.read, must.to);
    return order.cycle();
  }

  const Registers& registers_;
  bool only_process_order_;
  std::uint32_t process_ = 0;
  std::vector<std::uint32_t> place_;  ///< In `seen_`, by op.
  std::vector<std::uint32_t> seen_;
  std::vector<Writes> writes_;  ///< By key.
  std::set<Must, ByEnd> must_;
  std::vector<Must> initial_;  ///< What was read before anything was written.
  std::uint64_t steps_ = 0;
};

}  // namespace

Finding each_process_sees_one_order(const Registers& registers, bool only_process_order,
                                    Budget budget) {
  View view(registers, only_process_order);
  for (std::uint32_t process = 0; process < registers.processes(); ++process) {
    // One operation alone sees nothing that contradicts itself.
    const bool is_short = registers.first(process + 1) - registers.first(process) < 2;
    if (is_short) continue;
    auto conflict = view.conflict(process);
    if (!conflict.empty()) {
      const auto number = registers.source(registers.first(process)).process;
      return registers.refuted(
          registers.with_sources(std::move(conflict)),
          "what process " + std::to_string(number) + " did and saw fits no order of the writes");
    }
    if (view.steps() > budget.steps) {
      return {Holds::unknown, {}, "not decided after " + std::to_string(view.steps()) + " steps"};
    }
  }
  return {Holds::yes, {}, {}};
}

}  // namespace headroom::consistency
