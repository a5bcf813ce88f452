#include "models/consistency/shrink.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace headroom::consistency {

namespace {

// Chosen: each check of what is left costs about as much as there are operations.
constexpr std::uint64_t most_work = 4'000'000;

bool may_change(const Operation& each) {
  return each.f != Function::read && !each.refused;
}

/// Which writes what was read may be from.
class Sources {
 public:
  Sources(const History& history, bool by_real_time)
      : history_(history), by_real_time_(by_real_time) {
    for (std::uint32_t i = 0; i < history.operations.size(); ++i)
      if (may_change(history.operations[i])) writes_.push_back(i);
    const auto& all = history.operations;
    std::sort(writes_.begin(), writes_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tuple(all[a].key, all[a].value, all[a].call) <
             std::tuple(all[b].key, all[b].value, all[b].call);
    });
    by_call_ = writes_;
    std::sort(by_call_.begin(), by_call_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(all[a].key, all[a].call) < std::pair(all[b].key, all[b].call);
    });
    first_end_.assign(by_call_.size() + 1, open_end);
    for (std::size_t i = by_call_.size(); i-- > 0;) {
      const bool is_last =
          i + 1 == by_call_.size() || all[by_call_[i + 1]].key != all[by_call_[i]].key;
      first_end_[i] = std::min(is_last ? open_end : first_end_[i + 1], all[by_call_[i]].ret);
    }
  }

  /// All that wrote what the operation read. Of several it may be from those that were not surely
  /// overwritten by then; where they all were, the last one stands for them.
  std::vector<std::uint32_t> of(std::uint32_t reader) const {
    const Operation& read = history_.operations[reader];
    if (read.f != Function::read && read.f != Function::cas) return {};
    const std::pair wanted(read.key, read.f == Function::cas ? read.expected : read.value);
    const auto value_of = [&](std::uint32_t write) {
      return std::pair(history_.operations[write].key, history_.operations[write].value);
    };
    const auto begin = std::lower_bound(
        writes_.begin(), writes_.end(), wanted,
        [&](std::uint32_t write, const auto& value) { return value_of(write) < value; });
    const auto end = std::upper_bound(
        begin, writes_.end(), wanted,
        [&](const auto& value, std::uint32_t write) { return value < value_of(write); });
    std::vector<std::uint32_t> all(begin, end), some;
    if (all.size() < 2 || !by_real_time_) return all;
    const std::uint32_t* last = nullptr;
    for (const std::uint32_t& write : all) {
      if (history_.operations[write].call > read.ret) continue;
      if (overwritten_at(write) >= read.call) some.push_back(write);
      if (last == nullptr || overwritten_at(write) > overwritten_at(*last)) last = &write;
    }
    if (!some.empty()) return some;
    return last == nullptr ? all : std::vector{*last};
  }

  /// So many writes to its key began before it ended.
  std::size_t writes_before_end_of(const Operation& each) const {
    return after(each.key, each.ret) - after(each.key, INT64_MIN);
  }

 private:
  /// The first write to the key that began after that, by its place.
  std::size_t after(std::uint64_t key, std::int64_t time) const {
    const auto at = std::upper_bound(by_call_.begin(), by_call_.end(), std::pair(key, time),
                                     [&](const auto& wanted, std::uint32_t write) {
                                       const Operation& each = history_.operations[write];
                                       return wanted < std::pair(each.key, each.call);
                                     });
    return static_cast<std::size_t>(at - by_call_.begin());
  }
  std::int64_t overwritten_at(std::uint32_t write) const {
    const Operation& each = history_.operations[write];
    const std::size_t next = after(each.key, each.ret);
    const bool is_there =
        next < by_call_.size() && history_.operations[by_call_[next]].key == each.key;
    return is_there ? first_end_[next] : open_end;
  }

  const History& history_;
  bool by_real_time_;
  std::vector<std::uint32_t> writes_, by_call_;  ///< By key, and value or call.
  std::vector<std::int64_t> first_end_;          ///< Of the writes of the key from there on.
};

class Shrinking {
 public:
  Shrinking(Guarantee guarantee, const History& history, const Question& question,
            const Finding& found)
      : guarantee_(guarantee),
        history_(history),
        question_(question),
        sources_(history, guarantee == Guarantee::linearizable) {
    few_.texts = history.texts;
    few_.lists = history.lists;
    few_.key_names = history.key_names;
    few_.timed = history.timed;
    changes_ = changes_in(found.operations);
  }

  /// Whether these, sorted, violate it by themselves, and so that the whole does: a write that none
  /// of them read can go, except where a cas was refused, which may be why. A cas that took effect
  /// is a write at least, and no more than that where the value that it found is left out.
  ///
  /// Of what is no register only what changes nothing can go.
  bool violates(const std::vector<std::uint32_t>& indices) {
    work_ += indices.size() + 20;
    if (!is_register(question_.model) && changes_in(indices) < changes_) return false;
    few_.operations.clear();
    for (const std::uint32_t index : indices)
      few_.operations.push_back(history_.operations[index]);
    few_.ordered = history_.ordered;
    for (std::size_t i = 0; i < indices.size(); ++i) {
      if (!is_register(question_.model)) break;
      Operation& each = few_.operations[i];
      if (each.refused && !is_explained(each)) return false;
      if (are_sources_in(indices, indices[i])) continue;
      if (each.f == Function::read) return false;
      if (!each.refused) each.f = Function::write;
    }
    found_ = check(guarantee_, few_, question_, {20'000, 2'000'000});
    return found_.holds == Holds::no;
  }
  bool is_tired() const { return work_ > most_work; }
  const std::string& text() const { return found_.text; }

  /// These and the writes whose values they read.
  std::vector<std::uint32_t> with_sources(std::vector<std::uint32_t> indices) const {
    const std::size_t readers = indices.size();
    for (std::size_t i = 0; i < readers; ++i)
      for (const std::uint32_t write : sources_.of(indices[i]))
        indices.push_back(write);
    std::sort(indices.begin(), indices.end());
    indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    return indices;
  }

  /// The operations that the last check named.
  std::vector<std::uint32_t> named(const std::vector<std::uint32_t>& indices) const {
    std::vector<std::uint32_t> those;
    for (const std::uint32_t index : found_.operations)
      those.push_back(indices[index]);
    return those;
  }

 private:
  std::size_t changes_in(const std::vector<std::uint32_t>& indices) const {
    const auto count = std::count_if(indices.begin(), indices.end(), [&](std::uint32_t index) {
      return may_change(history_.operations[index]);
    });
    return static_cast<std::size_t>(count);
  }
  bool are_sources_in(const std::vector<std::uint32_t>& indices, std::uint32_t reader) const {
    const auto sources = sources_.of(reader);
    return std::all_of(sources.begin(), sources.end(), [&](std::uint32_t write) {
      return std::binary_search(indices.begin(), indices.end(), write);
    });
  }
  /// All that was written to its key before it ended is there.
  bool is_explained(const Operation& refusal) const {
    const auto here =
        std::count_if(few_.operations.begin(), few_.operations.end(), [&](const Operation& each) {
          return may_change(each) && each.key == refusal.key && each.call <= refusal.ret;
        });
    return static_cast<std::size_t>(here) == sources_.writes_before_end_of(refusal);
  }

  Guarantee guarantee_;
  const History& history_;
  const Question& question_;
  Sources sources_;
  History few_;
  Finding found_;
  std::uint64_t work_ = 0;
  std::size_t changes_ = 0;  ///< In what was found first.
};

/// Parts of equal size are left out in turn, then smaller ones, down to one operation.
void reduce(Shrinking& shrinking, std::vector<std::uint32_t>& left) {
  for (std::size_t part = std::max<std::size_t>(1, left.size() / 2);; part = (part + 1) / 2) {
    for (bool went = true; went && !shrinking.is_tired();) {
      went = false;
      for (std::size_t at = 0; at < left.size() && !shrinking.is_tired();) {
        std::vector<std::uint32_t> without(left.begin(),
                                           left.begin() + static_cast<std::ptrdiff_t>(at));
        const std::size_t after = std::min(left.size(), at + part);
        without.insert(without.end(), left.begin() + static_cast<std::ptrdiff_t>(after),
                       left.end());
        if (!without.empty() && shrinking.violates(without)) {
          left = std::move(without);
          went = true;
        } else {
          at += part;
        }
      }
    }
    if (part == 1 || shrinking.is_tired()) return;
  }
}

}  // namespace

Finding smallest(Guarantee guarantee, const History& history, const Question& question,
                 const Finding& found) {
  if (question.model == Model::counter) return found;  // Of a count nothing can be left out.
  Shrinking shrinking(guarantee, history, question, found);
  auto left = shrinking.with_sources(found.operations);
  if (!shrinking.violates(left)) {
    // What contradicts itself rests on more than was named.
    left.clear();
    for (std::uint32_t index = 0; index < history.operations.size(); ++index)
      left.push_back(index);
    if (!shrinking.violates(left)) return found;
  }
  auto named = shrinking.with_sources(shrinking.named(left));
  if (named.size() < left.size() && shrinking.violates(named)) left = std::move(named);
  reduce(shrinking, left);
  if (!shrinking.violates(left)) return found;
  return {Holds::no, left, shrinking.text()};
}

bool explained_by_order(const History& history) {
  std::vector<const Operation*> all;
  for (const Operation& each : history.operations) {
    if (each.f != Function::read && each.f != Function::write) return false;
    all.push_back(&each);
  }
  std::sort(all.begin(), all.end(), [](const Operation* a, const Operation* b) {
    return a->key != b->key ? a->key < b->key : a->value < b->value;
  });
  // Nothing may end before something began that comes earlier in the order.
  std::int64_t last_call = INT64_MIN, group_call = INT64_MIN;
  for (std::size_t i = 0; i < all.size();) {
    if (i == 0 || all[i]->key != all[i - 1]->key) last_call = INT64_MIN;
    const std::size_t begin = i;
    group_call = last_call;
    std::int64_t write_call = INT64_MIN;
    bool is_written = all[begin]->value == no_value;
    for (; i < all.size() && all[i]->key == all[begin]->key && all[i]->value == all[begin]->value;
         ++i) {
      if (all[i]->ret < last_call) return false;
      group_call = std::max(group_call, all[i]->call);
      if (all[i]->f == Function::write) write_call = all[i]->call, is_written = true;
    }
    if (!is_written) return false;
    for (std::size_t each = begin; each < i; ++each)
      if (all[each]->ret < write_call) return false;
    last_call = group_call;
  }
  return true;
}

}  // namespace headroom::consistency
