// Source: Winston 1977 (join the shortest queue is optimal); least_conn of LVS and nginx. The queue
// is what this balancer has outstanding; ties are broken at random, as the theory assumes.
// Replicas are kept sorted by their outstanding calls, as in the bucket sort of Batagelj and
// Zaversnik 2003 (k-cores): a start or end swaps one replica to the edge of its bucket. So all
// steps cost constant time; a change of health costs linear time.
#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

class LeastOutstanding final : public Policy {
 public:
  LeastOutstanding(const Backends& backends, sim::Stream random) : random_(random) {
    sort(backends);
  }

  std::size_t choose(const Request&, const Backends& backends) override {
    if (sorted_.empty()) return nobody;
    const std::uint32_t fewest = backends[sorted_.front()].outstanding;
    return sorted_[random_.below(first_[fewest + 1])];
  }

  void on_start(const Backends& backends, std::size_t backend) override {
    const std::uint32_t place = place_[backend];
    if (place == absent) return;
    const std::uint32_t now = backends[backend].outstanding;
    if (now + 1 == first_.size()) first_.push_back(count());
    swap(place, --first_[now]);
  }

  void on_end(const Backends& backends, std::size_t backend, sim::Duration) override {
    const std::uint32_t place = place_[backend];
    if (place == absent) return;
    swap(place, first_[backends[backend].outstanding + 1]++);
  }

  void on_health(const Backends& backends, std::size_t) override { sort(backends); }

 private:
  static constexpr std::uint32_t absent = UINT32_MAX;

  std::uint32_t count() const { return static_cast<std::uint32_t>(sorted_.size()); }

  void swap(std::uint32_t a, std::uint32_t b) {
    std::swap(sorted_[a], sorted_[b]);
    place_[sorted_[a]] = a;
    place_[sorted_[b]] = b;
  }

  /// Counting sort of the healthy ones.
  void sort(const Backends& backends) {
    std::uint32_t most = 0;
    for (const std::uint32_t i : backends.healthy())
      most = std::max(most, backends[i].outstanding);
    first_.assign(most + 2, 0);
    for (const std::uint32_t i : backends.healthy())
      ++first_[backends[i].outstanding + 1];
    for (std::uint32_t n = 1; n < first_.size(); ++n)
      first_[n] += first_[n - 1];
    sorted_.resize(backends.healthy().size());
    place_.assign(backends.size(), absent);
    auto next = first_;
    for (const std::uint32_t i : backends.healthy()) {
      place_[i] = next[backends[i].outstanding]++;
      sorted_[place_[i]] = i;
    }
  }

  sim::Stream random_;
  std::vector<std::uint32_t> sorted_;  ///< Healthy replicas, fewest outstanding first.
  std::vector<std::uint32_t> place_;   ///< By replica: where it stands in `sorted_`.
  /// By n: how many of `sorted_` have fewer than n outstanding. The last entry is all of them.
  std::vector<std::uint32_t> first_;
};

}  // namespace

std::unique_ptr<Policy> make_least_outstanding(const BalancerPlan&, const Backends& backends,
                                               sim::Stream random) {
  return std::make_unique<LeastOutstanding>(backends, random);
}

}  // namespace headroom
