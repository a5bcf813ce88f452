#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace headroom {

/// A distribution as a scenario states it: plain data in the base unit of its field, which is
/// nanoseconds for times, bytes for sizes and 1 for counts. Values are finite and not negative.
struct Distribution {
  enum class Kind : std::uint8_t {
    constant,          ///< always `a`
    exponential,       ///< mean `a`
    uniform,           ///< from `a` to `b`
    lognormal,         ///< logarithm of the value in base units: mean `a`, standard deviation `b`
    gamma,             ///< mean `a`, shape `b`
    erlang,            ///< mean `a` as the sum of `b` exponentials
    weibull,           ///< scale `a`, shape `b`
    pareto,            ///< minimum `a`, shape `b` above 1
    hyperexponential,  ///< `parts[i]` (exponentials) with probability `weights[i]`
    mixture,           ///< `parts[i]` with probability `weights[i]`
    shifted,           ///< `a` plus a draw of `parts[0]`
    empirical,         ///< `values[i]`; `weights[i]` is the cumulative probability up to it
  };
  Kind kind = Kind::constant;
  double a = 0, b = 0;
  std::vector<double> weights;
  std::vector<Distribution> parts;
  std::vector<double> values;
  std::string file;     ///< where an empirical one was read from, as written in the scenario
  std::string written;  ///< the JSON it was read from, so it prints as its author wrote it

  bool operator==(const Distribution&) const = default;
};

}  // namespace headroom
