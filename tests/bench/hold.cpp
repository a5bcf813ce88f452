// The hold model: with n events pending, take the first and schedule another, over and over.
// Prints nanoseconds per hold for std::priority_queue over the same 16-byte entries and for the
// agenda, with the same increments, the best of several interleaved rounds.
// Source: Jones 1986 (An empirical comparison of priority-queue and event-set implementations).

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <queue>
#include <vector>

#include "sim/kernel/agenda.hpp"

namespace {

std::uint64_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto align = static_cast<std::size_t>(alignment);
  void* memory = std::aligned_alloc(align, (size + align - 1) / align * align);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace {

using headroom::sim::Agenda;
using headroom::sim::Entry;
using headroom::sim::Time;

struct Later {
  bool operator()(const Entry& a, const Entry& b) const {
    return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.sequence > b.sequence;
  }
};

class Plain {
 public:
  explicit Plain(std::size_t expected) {
    std::vector<Entry> memory;
    memory.reserve(expected + 1);
    queue_ = Queue(Later(), std::move(memory));
  }
  void push(std::int64_t at_ns, std::uint32_t handle) { queue_.push({handle, next_++, at_ns}); }
  Entry pop() {
    const Entry first = queue_.top();
    queue_.pop();
    return first;
  }

 private:
  using Queue = std::priority_queue<Entry, std::vector<Entry>, Later>;
  Queue queue_;
  std::uint32_t next_ = 0;
};

class Ours {
 public:
  explicit Ours(std::size_t) {}
  void push(std::int64_t at_ns, std::uint32_t handle) { agenda_.push(Time::at_ns(at_ns), handle); }
  Entry pop() {
    Entry first{};
    agenda_.pop(Time::never(), first);
    return first;
  }

 private:
  Agenda agenda_;
};

constexpr std::size_t draws = 1 << 16;

/// Draws are made before the clock starts; splitmix64 (Steele et al. 2014).
std::vector<std::int64_t> increments(const char* kind) {
  std::vector<std::int64_t> drawn(draws);
  std::uint64_t state = 42;
  const auto uniform = [&state] {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (static_cast<double>((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
  };
  constexpr double mean_ns = 1e6;
  for (std::int64_t& one : drawn) {
    const double u = uniform();
    double length_ns = -std::log(u) * mean_ns;
    if (std::strcmp(kind, "uniform") == 0) length_ns = 2 * mean_ns * u;
    // Nine short ones in ten, one a hundred times as long.
    if (std::strcmp(kind, "bimodal") == 0) length_ns *= uniform() < 0.9 ? 0.1 : 10;
    // Half within a microsecond, half in an hour.
    if (std::strcmp(kind, "two_scale") == 0) length_ns = uniform() < 0.5 ? 1e3 * u : 3.6e12;
    if (std::strcmp(kind, "constant") == 0) length_ns = mean_ns;
    one = static_cast<std::int64_t>(length_ns);
  }
  return drawn;
}

template <class List>
class Holds {
 public:
  Holds(const std::vector<std::int64_t>& drawn, std::size_t pending)
      : list_(pending), drawn_(drawn) {
    for (std::size_t i = 0; i < pending; ++i) {
      list_.push(next_increment(), static_cast<std::uint32_t>(i));
    }
    run(3 * pending);
  }
  void run(std::size_t holds) {
    std::uint64_t sum = sum_;
    for (std::size_t i = 0; i < holds; ++i) {
      const Entry first = list_.pop();
      sum += static_cast<std::uint64_t>(first.time_ns) * (first.handle + 1);
      list_.push(first.time_ns + next_increment(), first.handle);
    }
    sum_ = sum;
  }
  double measure_ns(std::size_t holds) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    run(holds);
    const std::chrono::duration<double, std::nano> spent = Clock::now() - start;
    return spent.count() / static_cast<double>(holds);
  }
  /// The same for two lists that popped the same events in the same order.
  std::uint64_t sum() const { return sum_; }

 private:
  std::int64_t next_increment() { return drawn_[next_++ % draws]; }

  List list_;
  const std::vector<std::int64_t>& drawn_;
  std::size_t next_ = 0;
  std::uint64_t sum_ = 0;
};

bool compare(const char* kind, std::size_t pending, bool quick) {
  const std::vector<std::int64_t> drawn = increments(kind);
  Holds<Plain> plain(drawn, pending);
  Holds<Ours> ours(drawn, pending);
  const std::size_t holds = std::max<std::size_t>(quick ? 200'000 : 1'000'000, quick ? 0 : pending);
  const int rounds = quick ? 3 : 7;
  double plain_ns = 1e9;
  double ours_ns = 1e9;
  std::uint64_t allocated = 0;
  for (int round = 0; round < rounds; ++round) {
    plain_ns = std::min(plain_ns, plain.measure_ns(holds));
    const std::uint64_t before = allocations;
    ours_ns = std::min(ours_ns, ours.measure_ns(holds));
    allocated = allocations - before;
  }
  const bool same = plain.sum() == ours.sum();
  std::printf("%-12s %9zu %14.1f %10.1f %7.2f %12llu%s\n", kind, pending, plain_ns, ours_ns,
              plain_ns / ours_ns, static_cast<unsigned long long>(allocated),
              same ? "" : "  DIFFERENT ORDER");
  return same;
}

}  // namespace

/// With an argument ("quick") fewer and shorter rounds.
int main(int argc, char**) {
  const bool quick = argc > 1;
  std::printf("%-12s %9s %14s %10s %7s %12s\n", "increments", "pending", "plain ns/hold", "agenda",
              "ratio", "allocations");
  bool same = true;
  for (const char* kind : {"exponential", "uniform", "bimodal", "two_scale", "constant"}) {
    for (const std::size_t pending : {2u, 10u, 40u, 100u, 1'000u, 10'000u, 100'000u, 1'000'000u}) {
      same = compare(kind, pending, quick) && same;
    }
  }
  return same ? 0 : 1;
}
