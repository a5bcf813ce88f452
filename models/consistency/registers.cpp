#include "models/consistency/registers.hpp"

#include <algorithm>

namespace headroom::consistency {

namespace {

struct Written {
  std::uint64_t key;
  std::int64_t value;
  std::uint32_t index;  ///< Into the history.

  bool operator<(const Written& other) const {
    return key != other.key ? key < other.key : value < other.value;
  }
};

bool reads(const Operation& each) {
  return each.f == Function::read || (each.f == Function::cas && !each.refused);
}

bool writes(const Operation& each) {
  return each.f == Function::write || (each.f == Function::cas && !each.refused);
}

std::int64_t read_value(const Operation& each) {
  return each.f == Function::cas ? each.expected : each.value;
}

const Written* found(const std::vector<Written>& written, std::uint64_t key, std::int64_t value) {
  const auto at = std::lower_bound(written.begin(), written.end(), Written{key, value, 0});
  const bool is_there = at != written.end() && at->key == key && at->value == value;
  return is_there ? &*at : nullptr;
}

}  // namespace

Registers::Registers(const History& history, const Question& question) : history_(history) {
  if (!is_register(question.model)) {
    fault_ = Finding{Holds::unknown, {}, "only histories of registers are checked for it"};
    return;
  }
  find_sources(question);
  std::stable_sort(ops_.begin(), ops_.end(), [&](const Op& a, const Op& b) {
    const Operation& x = history.operations[a.source];
    const Operation& y = history.operations[b.source];
    if (x.process != y.process) return x.process < y.process;
    return x.call != y.call ? x.call < y.call : x.place < y.place;
  });
  // From numbers of the history to numbers of ops and processes.
  std::vector<std::uint32_t> at(history.operations.size(), none);
  for (std::uint32_t i = 0; i < ops_.size(); ++i) {
    at[ops_[i].source] = i;
    if (i == 0 || source(i).process != source(i - 1).process) first_.push_back(i);
    ops_[i].process = static_cast<std::uint32_t>(first_.size()) - 1;
  }
  first_.push_back(static_cast<std::uint32_t>(ops_.size()));
  for (Op& op : ops_)
    if (op.from != none && op.from != initial) op.from = at[op.from];
}

void Registers::find_sources(const Question& question) {
  const auto& all = history_.operations;
  std::vector<Written> written;
  std::vector<std::uint64_t> keys;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    keys.push_back(all[i].key);
    has_cas_ = has_cas_ || all[i].f == Function::cas;
    if (writes(all[i])) written.push_back({all[i].key, all[i].value, i});
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  keys_ = static_cast<std::uint32_t>(keys.size());
  std::stable_sort(written.begin(), written.end());
  std::vector<bool> is_seen(all.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    const Written& each = written[i];
    const bool is_twice = i > 0 && !(written[i - 1] < each);
    if (!is_twice && each.value != initial_value(question, each.key)) continue;
    fault_ =
        Finding{Holds::unknown, {}, "a value was written twice, so who read whom is not known"};
    return;
  }
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (!reads(all[i])) continue;
    const std::int64_t value = read_value(all[i]);
    const Written* write = found(written, all[i].key, value);
    if (write != nullptr) {
      is_seen[write->index] = true;
    } else if (value != initial_value(question, all[i].key)) {
      fault_ = Finding{Holds::no,
                       {i},
                       history_.at_key(all[i].key) + "value " + history_.value_name(value) +
                           " was read and never written"};
    }
  }
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const Operation& each = all[i];
    if (!reads(each) && !writes(each)) continue;
    if (each.is_open() && !is_seen[i]) continue;
    Op op;
    op.source = i;
    const auto key = std::lower_bound(keys.begin(), keys.end(), each.key) - keys.begin();
    op.key = static_cast<std::uint32_t>(key);
    op.writes = writes(each);
    if (reads(each)) {
      const Written* write = found(written, each.key, read_value(each));
      op.from = write == nullptr ? initial : write->index;
    }
    ops_.push_back(op);
  }
}

std::vector<std::uint32_t> Registers::with_sources(std::vector<std::uint32_t> ops) const {
  const std::size_t reasons = ops.size();
  for (std::size_t i = 0; i < reasons; ++i) {
    const std::uint32_t from = ops_[ops[i]].from;
    if (from != none && from != initial) ops.push_back(from);
  }
  return ops;
}

Finding Registers::refuted(std::vector<std::uint32_t> ops, std::string text) const {
  for (std::uint32_t& op : ops)
    op = ops_[op].source;
  std::sort(ops.begin(), ops.end());
  ops.erase(std::unique(ops.begin(), ops.end()), ops.end());
  return {Holds::no, std::move(ops), std::move(text)};
}

}  // namespace headroom::consistency
