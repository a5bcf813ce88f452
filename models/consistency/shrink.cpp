#include "models/consistency/shrink.hpp"

#include <algorithm>
#include <utility>

namespace headroom::consistency {

namespace {

// Chosen: each check of what is left costs about as much as there are operations.
constexpr std::uint64_t most_work = 4'000'000;

class Shrinking {
 public:
  Shrinking(Guarantee guarantee, const History& history, const Question& question)
      : guarantee_(guarantee), history_(history), question_(question) {
    few_.texts = history.texts;
    few_.lists = history.lists;
    few_.key_names = history.key_names;
    few_.timed = history.timed;
  }

  /// Whether these by themselves violate it. Values that were read remain explained: by what the
  /// store says of its order nothing is known of what is left out.
  bool violates(const std::vector<std::uint32_t>& indices) {
    work_ += indices.size() + 20;
    few_.operations.clear();
    for (const std::uint32_t index : indices)
      few_.operations.push_back(history_.operations[index]);
    few_.ordered = history_.ordered;
    found_ = check(guarantee_, few_, question_, {20'000, 2'000'000});
    // A read whose write was left out is no violation of the whole.
    return found_.holds == Holds::no && all_written(indices);
  }
  bool is_tired() const { return work_ > most_work; }
  const std::string& text() const { return found_.text; }

  /// These and the writes whose values they read.
  std::vector<std::uint32_t> with_sources(std::vector<std::uint32_t> indices) const {
    const std::size_t reads = indices.size();
    for (std::uint32_t i = 0; i < history_.operations.size(); ++i) {
      const Operation& write = history_.operations[i];
      const bool is_read =
          write.f != Function::read &&
          std::any_of(indices.begin(), indices.begin() + static_cast<std::ptrdiff_t>(reads),
                      [&](std::uint32_t index) { return reads_it(index, write); });
      if (is_read) indices.push_back(i);
    }
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
  bool reads_it(std::uint32_t index, const Operation& write) const {
    const Operation& each = history_.operations[index];
    if (each.key != write.key || each.f == Function::write) return false;
    return (each.f == Function::cas ? each.expected : each.value) == write.value;
  }
  using Written = std::vector<std::pair<std::uint64_t, std::int64_t>>;  ///< Keys and values.
  static Written written_in(const std::vector<Operation>& operations) {
    Written written;
    for (const Operation& each : operations)
      if (each.f != Function::read) written.emplace_back(each.key, each.value);
    std::sort(written.begin(), written.end());
    return written;
  }
  /// What these read they wrote themselves, if anybody did.
  bool all_written(const std::vector<std::uint32_t>& indices) const {
    const Written here = written_in(few_.operations);
    return std::none_of(indices.begin(), indices.end(), [&](std::uint32_t index) {
      const Operation& each = history_.operations[index];
      if (each.f != Function::read && each.f != Function::cas) return false;
      const std::pair read(each.key, each.f == Function::cas ? each.expected : each.value);
      return !std::binary_search(here.begin(), here.end(), read) &&
             std::binary_search(written_.begin(), written_.end(), read);
    });
  }

  Guarantee guarantee_;
  const History& history_;
  const Question& question_;
  Written written_ = written_in(history_.operations);
  History few_;
  Finding found_;
  std::uint64_t work_ = 0;
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
  Shrinking shrinking(guarantee, history, question);
  std::vector<std::uint32_t> left = shrinking.with_sources(found.operations);
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
