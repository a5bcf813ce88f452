#pragma once

#include <boost/random/exponential_distribution.hpp>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "sim/kernel/random.hpp"

/// What the programs of this folder have in common: each takes the size of its model from the
/// command line, draws the same numbers, and prints one line, operations per second of processor
/// time and its answer.

/// Exponential times of mean 1 / rate, in seconds; the same numbers in every program, so that what
/// differs is the simulator, not the generator.
class Exponential {
 public:
  Exponential(const char* name, double rate_per_s) : stream_(7, 0, name), law_(rate_per_s) {}
  double operator()() { return law_(stream_); }

 private:
  headroom::sim::Stream stream_;
  boost::random::exponential_distribution<double> law_;
};

constexpr double load = 0.8;  ///< Of the M/M/1; its mean service time is 1 s.

inline long argument(int argc, char** argv, int place) {
  if (argc > place) return std::atol(argv[place]);
  std::fprintf(stderr, "%s: argument %d is missing\n", argv[0], place);
  std::exit(2);
}

/// Seconds of processor time of this program so far, all threads; other programs do not count.
inline double processor_s() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

inline void print_answer(double operations, double spent_s, double answer) {
  std::printf("%.0f %.9g\n", operations / spent_s, answer);
}
