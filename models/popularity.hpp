#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace headroom {

/// Which of n items a request asks for: item r - 1 with a probability in proportion to r^-exponent
/// (Zipf's law; 0 is uniform). Exact up to the rounding of doubles, in constant time and memory:
/// about 1.1 uniform numbers a draw.
/// Source: Hoermann, Derflinger 1996, "Rejection-inversion to generate variates from monotone
/// discrete distributions". The integrals are written with expm1 and log1p, so that exponents near
/// 1 lose no digits.
class Popularity {
 public:
  /// `items` from 1 to 2^52, `exponent` from 0 to 20.
  Popularity(std::uint64_t items, double exponent);

  std::uint64_t items() const { return items_; }
  double exponent() const { return exponent_; }

  /// From 0, the most popular, to items() - 1. `Bits` is sim::Stream or sim::Keyed.
  template <class Bits>
  std::uint64_t draw(Bits& bits) const {
    if (exponent_ == 0) {
      const auto wide = static_cast<unsigned __int128>(bits()) * items_;
      return static_cast<std::uint64_t>(wide >> 64);
    }
    for (;;) {
      const double area = last_area_ + bits.uniform() * (first_area_ - last_area_);
      const double x = inverse_area(area);
      const double rank = std::fmin(std::fmax(std::floor(x + 0.5), 1), last_);
      // The first test spares the second one nearly always.
      if (rank - x <= sure_ || area >= area_to(rank + 0.5) - weight(rank))
        return static_cast<std::uint64_t>(rank) - 1;
    }
  }

 private:
  /// The integral of x^-exponent from 1.
  double area_to(double x) const;
  double inverse_area(double area) const;
  double weight(double rank) const { return std::exp(-exponent_ * std::log(rank)); }

  std::uint64_t items_;
  double exponent_;
  double last_;
  double first_area_;  ///< Of rank 1 it is as wide as its weight.
  double last_area_;
  double sure_;
};

/// The probability of each item, the most popular first. `items` doubles.
std::vector<double> zipf_probabilities(std::uint64_t items, double exponent);

}  // namespace headroom
