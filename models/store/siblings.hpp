#pragma once

#include <cstdint>
#include <vector>

#include "models/item_table.hpp"

namespace headroom {

/// What copies hold of items whose concurrent writes stay side by side: states, each with a number,
/// 0 for nothing. Equal states of an item have one number, so copies that are alike hold the same.
///
/// A write is offered to one copy, which counts it: that it is the n-th there is its dot. All that
/// the writer had read, which is how many writes of each copy, is overwritten by it, and nothing
/// else is. Of each copy a state has how many of its writes it knows, and of the latest of them the
/// values that are not overwritten.
/// Source: Preguiça, Baquero et al. 2010, "Dotted Version Vectors"; the compact form of Almeida et
/// al. 2014, "Scalable and Accurate Causality Tracking for Eventually Consistent Stores".
///
/// Memory: every state that ever was, some 150 bytes, and four more of each sibling.
class Siblings {
 public:
  static constexpr std::size_t most = 100;  // Chosen: `max_siblings` of Riak 2.

  /// The number under which a write of `value` is offered by who has read `context`, a state.
  std::uint32_t offer(std::uint64_t item, std::uint32_t value, std::uint32_t context);
  static bool is_offer(std::uint32_t state) { return (state & offered) != 0; }
  /// The writes that copy `at` has counted, as a copy in that state knows.
  std::uint32_t count(std::uint64_t item, std::uint32_t state, std::uint32_t at) const;
  /// What a copy in state `held` holds when it has counted what is offered, as the `dot`-th; 0,
  /// and nothing has changed, where that were too many siblings and more than before.
  std::uint32_t take(std::uint64_t item, std::uint32_t held, std::uint32_t offer, std::uint32_t at,
                     std::uint32_t dot);
  /// The same with a vector that has no dots: what a copy counted before is overwritten unseen.
  std::uint32_t take_without_dot(std::uint64_t item, std::uint32_t held, std::uint32_t offer,
                                 std::uint32_t at);
  /// All that either has and the other has not overwritten.
  std::uint32_t merged(std::uint64_t item, std::uint32_t a, std::uint32_t b);
  /// Whether `a` knows of a write, or that one is overwritten, and `b` does not.
  bool has_more(std::uint64_t item, std::uint32_t a, std::uint32_t b) const;
  /// What those had read whose writes were taken.
  std::vector<std::uint32_t> read_by_writers(std::uint64_t item) const;
  /// The siblings, each once, the largest first.
  std::vector<std::uint32_t> values(std::uint64_t item, std::uint32_t state) const;

 private:
  static constexpr std::uint32_t offered = 1u << 31;
  /// The writes that one copy has counted: `values` are of the latest, the latest first.
  struct Counted {
    std::uint32_t at = 0, count = 0;
    std::vector<std::uint32_t> values{};
    bool operator==(const Counted&) const = default;
  };
  using State = std::vector<Counted>;  ///< By `at`.
  struct Item {
    std::vector<State> states;            ///< By number less one.
    std::vector<std::uint32_t> contexts;  ///< By value; with `offered` until it is taken.
  };

  const State& state(std::uint64_t item, std::uint32_t number) const;
  const State& context(std::uint64_t item, std::uint32_t value) const;
  std::uint32_t number_of(std::uint64_t item, State state);
  static State join(const State& a, const State& b);
  static Counted join(const Counted& a, const Counted& b);
  static std::size_t siblings_in(const State& state);
  std::uint32_t add(std::uint64_t item, std::uint32_t held, State seen, const Counted& dot);

  ItemTable<Item> items_;
  ItemTable<std::uint32_t> numbers_;  ///< By hash of item and state.
};

}  // namespace headroom
