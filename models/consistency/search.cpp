#include "models/consistency/search.hpp"

#include <algorithm>
#include <tuple>

namespace headroom::consistency {

namespace {

constexpr std::uint64_t most_counted = 0xFFFF;

auto effect_of(const Operation* operation) {
  return std::tuple(operation->f, operation->value, operation->expected, operation->key);
}

}  // namespace

Search::Search(std::span<const Operation* const> operations, States& states) : states_(states) {
  std::vector<const Operation*> crashed;
  for (const Operation* operation : operations)
    (operation->is_open() ? crashed : returned_).push_back(operation);
  std::stable_sort(returned_.begin(), returned_.end(),
                   [](const Operation* a, const Operation* b) { return a->ret < b->ret; });
  find_open();
  find_effects(std::move(crashed));
  const std::size_t count_words = (effects_.size() + 3) / 4;
  stride_ = 2 + mask_words_ + count_words;
  seen_ = Configurations(2 + mask_words_, count_words);
  std::vector<std::uint64_t> first(stride_, 0);
  first[1] = static_cast<std::uint64_t>(states_.initial());
  found_ = push(first);
}

/// For each return, who may be ordered before it: called by then, not yet returned. Each holds a
/// bit of the mask from its call to its return.
void Search::find_open() {
  std::vector<std::uint32_t> by_call(returned_.size());
  for (std::size_t i = 0; i < by_call.size(); ++i)
    by_call[i] = static_cast<std::uint32_t>(i);
  std::stable_sort(by_call.begin(), by_call.end(), [&](std::uint32_t a, std::uint32_t b) {
    return returned_[a]->call < returned_[b]->call;
  });
  slot_.assign(returned_.size(), 0);
  std::vector<std::uint32_t> open, free;
  std::uint32_t slots = 0;
  std::size_t called = 0;
  for (std::size_t next = 0; next < returned_.size(); ++next) {
    for (; called < by_call.size() && returned_[by_call[called]]->call <= returned_[next]->ret;
         ++called) {
      if (free.empty()) free.push_back(slots++);
      slot_[by_call[called]] = free.back();
      free.pop_back();
      open.push_back(by_call[called]);
    }
    open_begin_.push_back(open_.size());
    open_.insert(open_.end(), open.begin(), open.end());
    free.push_back(slot_[next]);
    open.erase(std::find(open.begin(), open.end(), static_cast<std::uint32_t>(next)));
  }
  open_begin_.push_back(open_.size());
  mask_words_ = std::max<std::size_t>(1, (slots + 63) / 64);
}

/// A crashed write that nobody can have seen need not have happened, unless somebody was told that
/// another value was not there.
void Search::find_effects(std::vector<const Operation*> crashed) {
  const auto matters = [&](const Operation* write) {
    if (write->f != Function::write) return true;
    const auto sees = [&](const Operation* other) {
      return (other->f == Function::read && other->value == write->value) ||
             (other->f == Function::cas && (other->refused || other->expected == write->value)) ||
             (other->f != Function::read && other->f != Function::cas &&
              other->f != Function::write);
    };
    return std::any_of(returned_.begin(), returned_.end(), sees) ||
           std::any_of(crashed.begin(), crashed.end(), sees);
  };
  std::vector<const Operation*> useful;
  std::copy_if(crashed.begin(), crashed.end(), std::back_inserter(useful), matters);
  std::sort(useful.begin(), useful.end(), [](const Operation* a, const Operation* b) {
    return std::tuple(effect_of(a), a->call) < std::tuple(effect_of(b), b->call);
  });
  for (const Operation* operation : useful) {
    if (effects_.empty() || effect_of(effects_.back().operation) != effect_of(operation))
      effects_.push_back({operation, {}});
    effects_.back().calls.push_back(operation->call);
  }
}

/// Takes what fits and can change nothing, passes the returns of all that is ordered, until neither
/// is left. Returns whether every return is passed.
bool Search::settle(std::vector<std::uint64_t>& words) {
  const auto state = static_cast<std::int64_t>(words[1]);
  for (bool moved = true; moved;) {
    moved = false;
    auto& next = words[0];
    while (next < returned_.size() && (words[mask_word(next)] & mask_bit(next)) != 0) {
      words[mask_word(next)] &= ~mask_bit(next);
      ++next;
    }
    if (next == returned_.size()) return true;
    for (std::size_t i = open_begin_[next]; i < open_begin_[next + 1]; ++i) {
      const std::size_t candidate = open_[i];
      if ((words[mask_word(candidate)] & mask_bit(candidate)) != 0) continue;
      if (!states_.only_looks(*returned_[candidate])) continue;
      if (!states_.after(state, *returned_[candidate])) continue;
      words[mask_word(candidate)] |= mask_bit(candidate);
      moved = true;
    }
  }
  return false;
}

/// Returns whether the search has come to its end.
bool Search::push(std::vector<std::uint64_t>& words) {
  if (settle(words)) return true;
  deepest_ = std::max<std::size_t>(deepest_, words[0]);
  if (!seen_.insert(words)) return false;
  stack_.insert(stack_.end(), words.begin(), words.end());
  cursor_.push_back(0);
  return false;
}

/// Tries the next way on from the configuration on top, or leaves it.
bool Search::try_next() {
  const std::uint64_t* top = stack_.data() + stack_.size() - stride_;
  const std::size_t next = top[0];
  const auto state = static_cast<std::int64_t>(top[1]);
  const std::size_t choices = open_begin_[next + 1] - open_begin_[next];
  const std::size_t at = cursor_.back()++;
  if (at >= choices + effects_.size()) {
    stack_.resize(stack_.size() - stride_);
    cursor_.pop_back();
    return false;
  }
  std::vector<std::uint64_t> words(top, top + stride_);
  const Operation* operation = nullptr;
  if (at < choices) {
    const std::size_t candidate = open_[open_begin_[next] + at];
    auto& mask = words[mask_word(candidate)];
    if ((mask & mask_bit(candidate)) != 0) return false;
    mask |= mask_bit(candidate);
    operation = returned_[candidate];
  } else {
    const std::size_t effect = at - choices;
    const auto& calls = effects_[effect].calls;
    auto& counts = words[2 + mask_words_ + effect / 4];
    const unsigned shift = static_cast<unsigned>(effect % 4) * 16;
    const std::uint64_t used = (counts >> shift) & most_counted;
    if (used >= calls.size() || calls[used] > returned_[next]->ret) return false;
    if (used == most_counted) {
      curtailed_ = true;
      return false;
    }
    counts += std::uint64_t{1} << shift;
    operation = effects_[effect].operation;
  }
  const auto after = states_.after(state, *operation);
  if (!after || (at >= choices && *after == state)) return false;
  words[1] = static_cast<std::uint64_t>(*after);
  return push(words);
}

Holds Search::run(std::uint64_t steps) {
  for (; !found_ && !cursor_.empty() && steps > 0; --steps)
    found_ = try_next();
  if (found_) return Holds::yes;
  return cursor_.empty() && !curtailed_ ? Holds::no : Holds::unknown;
}

}  // namespace headroom::consistency
