#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "models/consistency/guarantees.hpp"

namespace headroom::consistency {

/// The definitions of the guarantees, tried on every order there is: slow and obviously right, for
/// tests of up to ten operations. Reads and writes of registers that begin at 0.
/// Sources: Bouajjani et al. 2017, sec. 3; Steinke and Nutt 2004, "A unified theory of shared
/// memory consistency".
class BruteForce {
 public:
  explicit BruteForce(const std::vector<Operation>& all) : all_(all), size_(all.size()) {
    before_.assign(size_, std::vector<bool>(size_));
    for (const Operation& each : all)
      if (each.key >= values_.size()) values_.resize(each.key + 1);
    for (std::size_t a = 0; a < size_; ++a) {
      for (std::size_t b = 0; b < size_; ++b) {
        const bool is_process = a < b && all[a].process == all[b].process;
        const bool is_source = is_write(a) && !is_write(b) && same(a, b);
        before_[a][b] = is_process || is_source;
      }
    }
    for (std::size_t c = 0; c < size_; ++c)
      for (std::size_t a = 0; a < size_; ++a)
        for (std::size_t b = 0; b < size_; ++b)
          if (before_[a][c] && before_[c][b]) before_[a][b] = true;
  }

  bool holds(Guarantee guarantee) const {
    for (std::size_t i = 0; i < size_; ++i)
      if (!is_explained(i)) return false;
    switch (guarantee) {
      case Guarantee::sequential:
        return some_order([](std::size_t) { return true; }, [](std::size_t) { return true; },
                          false);
      case Guarantee::coherent:
        return each_key([&](std::uint64_t key) {
          const auto of_key = [&](std::size_t i) { return all_[i].key == key; };
          return some_order(of_key, of_key, false);
        });
      case Guarantee::pram:
        return each_process(false);
      case Guarantee::causal_memory:
        return is_causal_order() && each_process(true);
      case Guarantee::causal:
        return is_causal_order() && each_read();
      case Guarantee::causal_convergence:
        return is_causal_order() && convergent({});
      default:
        return each_key([&](std::uint64_t key) { return session({}, key, guarantee); });
    }
  }

 private:
  using Some = std::function<bool(std::size_t)>;

  bool is_write(std::size_t i) const { return all_[i].f == Function::write; }
  bool same(std::size_t a, std::size_t b) const {
    return all_[a].key == all_[b].key && all_[a].value == all_[b].value;
  }
  bool is_explained(std::size_t i) const {
    if (is_write(i) || all_[i].value == 0) return true;
    for (std::size_t w = 0; w < size_; ++w)
      if (is_write(w) && same(w, i)) return true;
    return false;
  }
  bool is_causal_order() const {
    for (std::size_t i = 0; i < size_; ++i)
      if (before_[i][i]) return false;
    return true;
  }
  bool each_key(const std::function<bool(std::uint64_t)>& holds) const {
    for (const Operation& each : all_)
      if (!holds(each.key)) return false;
    return true;
  }
  /// Whether there is an order of the operations that are `in` in which the reads that are `seen`
  /// return the last value: within the order of processes, or the causal one.
  bool some_order(const Some& in, const Some& seen, bool is_causal) const {
    return extended(in, seen, is_causal, 0);
  }
  bool extended(const Some& in, const Some& seen, bool is_causal, std::uint32_t done) const {
    bool is_over = true;
    for (std::size_t i = 0; i < size_; ++i) {
      if (!in(i) || (done >> i & 1) != 0) continue;
      is_over = false;
      if (!may_come(i, in, is_causal, done)) continue;
      if (!is_write(i) && seen(i) && values_[all_[i].key] != all_[i].value) continue;
      const std::int64_t was = values_[all_[i].key];
      if (is_write(i)) values_[all_[i].key] = all_[i].value;
      const bool found = extended(in, seen, is_causal, done | 1U << i);
      values_[all_[i].key] = was;
      if (found) return true;
    }
    return is_over;
  }
  bool may_come(std::size_t i, const Some& in, bool is_causal, std::uint32_t done) const {
    for (std::size_t b = 0; b < size_; ++b) {
      const bool is_first = is_causal ? before_[b][i] : b < i && all_[b].process == all_[i].process;
      if (is_first && in(b) && (done >> b & 1) == 0) return false;
    }
    return true;
  }
  bool each_process(bool is_causal) const {
    for (const Operation& of : all_) {
      const auto own = [&](std::size_t i) { return all_[i].process == of.process; };
      const auto in = [&](std::size_t i) { return own(i) || is_write(i); };
      if (!some_order(in, own, is_causal)) return false;
    }
    return true;
  }
  bool each_read() const {
    for (std::size_t r = 0; r < size_; ++r) {
      const auto in = [&](std::size_t i) { return i == r || before_[i][r]; };
      if (!is_write(r) && !some_order(
                              in, [&](std::size_t i) { return i == r; }, true))
        return false;
    }
    return true;
  }
  /// Whether some order of the writes that goes on like this explains all reads.
  bool convergent(std::vector<std::size_t> order) const {
    bool is_over = true;
    for (std::size_t w = 0; w < size_; ++w) {
      if (!is_write(w) || std::find(order.begin(), order.end(), w) != order.end()) continue;
      is_over = false;
      bool may = true;
      for (std::size_t b = 0; b < size_; ++b) {
        const bool is_first = is_write(b) && before_[b][w];
        may = may && (!is_first || std::find(order.begin(), order.end(), b) != order.end());
      }
      if (!may) continue;
      order.push_back(w);
      if (convergent(order)) return true;
      order.pop_back();
    }
    if (!is_over) return false;
    for (std::size_t r = 0; r < size_; ++r) {
      std::int64_t value = 0;
      for (const std::size_t w : order)
        if (before_[w][r] && all_[w].key == all_[r].key) value = all_[w].value;
      if (!is_write(r) && value != all_[r].value) return false;
    }
    return true;
  }
  /// A read of what its process writes later: of its causes nothing can be said.
  bool is_own_future(std::size_t read) const {
    for (std::size_t w = read + 1; w < size_; ++w)
      if (is_write(w) && same(w, read) && all_[w].process == all_[read].process) return true;
    return false;
  }
  /// The same for the writes of a key and what each process saw of them.
  bool session(std::vector<std::size_t> order, std::uint64_t key, Guarantee guarantee) const {
    bool is_over = true;
    for (std::size_t w = 0; w < size_; ++w) {
      if (!is_write(w) || all_[w].key != key) continue;
      if (std::find(order.begin(), order.end(), w) != order.end()) continue;
      is_over = false;
      order.push_back(w);
      if (session(order, key, guarantee)) return true;
      order.pop_back();
    }
    if (!is_over) return false;
    const auto place = [&](std::size_t i) {  // of the value written or read; 0 is the initial one
      for (std::size_t at = 0; at < order.size(); ++at)
        if (all_[order[at]].value == all_[i].value) return at + 1;
      return std::size_t{0};
    };
    for (std::size_t a = 0; a < size_; ++a) {
      for (std::size_t b = a + 1; b < size_; ++b) {
        if (all_[a].key != key || all_[b].key != key || all_[a].process != all_[b].process)
          continue;
        const bool matters =
            (guarantee == Guarantee::monotonic_writes && is_write(a) && is_write(b)) ||
            (guarantee == Guarantee::read_your_writes && is_write(a) && !is_write(b)) ||
            (guarantee == Guarantee::monotonic_reads && !is_write(a) && !is_write(b)) ||
            (guarantee == Guarantee::writes_follow_reads && !is_write(a) && is_write(b) &&
             !is_own_future(a));
        if (matters && place(a) > place(b)) return false;
      }
    }
    return true;
  }

  const std::vector<Operation>& all_;
  std::size_t size_;
  std::vector<std::vector<bool>> before_;
  mutable std::vector<std::int64_t> values_;  ///< By key.
};

}  // namespace headroom::consistency
