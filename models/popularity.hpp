#pragma once

#include <cstdint>
#include <vector>

namespace headroom {

/// Which of n items a request asks for: item r - 1 with a probability in proportion to r^-exponent
/// (Zipf's law; 0 is uniform). Exact up to the rounding of doubles, in constant time; memory grows
/// with the logarithm of n. About 2.1 random words a draw, and a power in few of them.
///
/// Ranks are divided into bins of at most a sixteenth of their first rank each. A bin is drawn by
/// the weight it would have if all its ranks weighed as much as the first, then a rank in it, which
/// is taken with the probability that makes up for that, or all is drawn again.
/// Source: Devroye 1986, "Non-uniform random variate generation", II.3 (rejection with a squeeze);
/// Walker 1977 and Vose 1991 for the alias table of the bins.
class Popularity {
 public:
  /// `items` from 1 to 2^52, `exponent` from 0 to 20.
  Popularity(std::uint64_t items, double exponent);

  std::uint64_t items() const { return items_; }
  double exponent() const { return exponent_; }

  /// From 0, the most popular, to items() - 1. `Bits` is sim::Stream or sim::Keyed.
  template <class Bits>
  std::uint64_t draw(Bits& bits) const {
    if (exponent_ == 0) return scaled(bits(), items_).whole;
    for (;;) {
      const Scaled column = scaled(bits(), bins_.size());
      const Bin& drawn = bins_[column.whole];
      const Bin& bin = column.rest < drawn.keep ? drawn : bins_[drawn.other];
      const Scaled place = scaled(bits(), bin.width);
      // The first test spares the second one nearly always.
      if (place.rest <= bin.sure || is_taken(bin, place)) return bin.first - 1 + place.whole;
    }
  }

 private:
  /// A random word as a number below `range`: its whole part, and the rest in units of 2^-64.
  struct Scaled {
    std::uint64_t whole;
    std::uint64_t rest;
  };
  static Scaled scaled(std::uint64_t word, std::uint64_t range) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(word) * range;
    return {static_cast<std::uint64_t>(product >> 64), static_cast<std::uint64_t>(product)};
  }
  struct Bin {
    std::uint64_t first;  ///< Rank, from 1.
    std::uint64_t width;
    std::uint64_t sure;   ///< All its ranks are taken up to here, in units of 2^-64.
    std::uint64_t keep;   ///< Up to here its column is its own, in units of 2^-64.
    std::uint32_t other;  ///< Whose it is from there on.
  };
  bool is_taken(const Bin& bin, const Scaled& place) const;
  void divide();
  void share_columns();

  std::uint64_t items_;
  double exponent_;
  std::vector<Bin> bins_;
};

/// The probability of each item, the most popular first. `items` doubles.
std::vector<double> zipf_probabilities(std::uint64_t items, double exponent);

}  // namespace headroom
