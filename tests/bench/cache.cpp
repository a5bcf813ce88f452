// Requests a second of the eviction policies: a million keys, Zipf of exponent 1, room for 10 %.
// The ratio is to a plain hash table with an intrusive list by last use, measured in the same run:
// what any cache at least has to do. Keys are drawn before the clock starts. Processor time counts,
// and of several rounds the best one, as others use the machine too.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "models/cache/policy.hpp"
#include "models/popularity.hpp"

namespace {

using headroom::CacheRoom;
using headroom::EvictionPolicy;
using headroom::sim::Stream;

constexpr std::uint32_t keys = 1'000'000;
constexpr std::uint32_t room = keys / 10;

/// Least recently used, keys below 2^32 and nothing else: buckets of chained nodes and a list.
class Plain {
 public:
  Plain() : buckets_(1 << 18), nodes_(room + 1) {}

  bool request(std::uint32_t key) {
    std::uint32_t& bucket = bucket_of(key);
    for (std::uint32_t i = bucket; i != 0; i = nodes_[i].chain) {
      if (nodes_[i].key != key) continue;
      if (i != nodes_[0].older) {
        unlink(i);
        link(i);
      }
      return true;
    }
    std::uint32_t slot = size_ + 1;
    if (size_ == room) {
      slot = nodes_[0].newer;
      unlink(slot);
      std::uint32_t* from = &bucket_of(nodes_[slot].key);
      while (*from != slot)
        from = &nodes_[*from].chain;
      *from = nodes_[slot].chain;
    } else {
      ++size_;
    }
    nodes_[slot].key = key;
    nodes_[slot].chain = bucket;
    bucket = slot;
    link(slot);
    return false;
  }

 private:
  struct Node {
    std::uint32_t key, chain, newer, older;
  };
  std::uint32_t& bucket_of(std::uint32_t key) { return buckets_[key * 0x9E3779B1u >> 14]; }
  void unlink(std::uint32_t i) {
    nodes_[nodes_[i].newer].older = nodes_[i].older;
    nodes_[nodes_[i].older].newer = nodes_[i].newer;
  }
  void link(std::uint32_t i) {
    nodes_[i].newer = 0;
    nodes_[i].older = nodes_[0].older;
    nodes_[nodes_[0].older].newer = i;
    nodes_[0].older = i;
  }

  std::vector<std::uint32_t> buckets_;
  std::vector<Node> nodes_;  ///< 0 is both ends of the list: its `older` is the newest.
  std::uint32_t size_ = 0;
};

struct Policy {
  std::unique_ptr<EvictionPolicy> policy;

  bool request(std::uint64_t key) {
    if (policy->lookup(key) != headroom::no_slot) return true;
    policy->insert(key);
    return false;
  }
};

struct Figure {
  double rate_per_s = 0;
  double hit_ratio = 0;
};

double seconds_since(std::clock_t start) {
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// The best of all rounds so far.
template <class Cache>
void measure(Cache& cache, const std::vector<std::uint32_t>& requests, Figure& best) {
  const std::clock_t start = std::clock();
  std::uint64_t hits = 0;
  for (const std::uint32_t key : requests)
    hits += cache.request(key) ? 1 : 0;
  const double spent_s = seconds_since(start);
  const auto n = static_cast<double>(requests.size());
  best.rate_per_s = std::max(best.rate_per_s, n / spent_s);
  best.hit_ratio = static_cast<double>(hits) / n;
}

void print(std::string_view name, const Figure& figure, const Figure& base, std::size_t bytes) {
  std::printf("%-12.*s %10.1f %7.2f %9.4f", static_cast<int>(name.size()), name.data(),
              figure.rate_per_s / 1e6, figure.rate_per_s / base.rate_per_s, figure.hit_ratio);
  if (bytes != 0) std::printf(" %9.1f", static_cast<double>(bytes) / room);
  std::printf("\n");
}

}  // namespace

/// With an argument ("quick") fewer requests.
int main(int argc, char**) {
  const bool quick = argc > 1;
  std::vector<std::uint32_t> requests(quick ? 1'000'000 : 5'000'000);
  const headroom::Popularity popularity(keys, 1.0);
  Stream random(1, 0, "keys");
  const std::clock_t start = std::clock();
  for (std::uint32_t& key : requests)
    key = static_cast<std::uint32_t>(popularity.draw(random));
  std::printf("a Zipf draw takes %.1f ns\n",
              seconds_since(start) * 1e9 / static_cast<double>(requests.size()));

  Plain plain;
  std::vector<Policy> policies;
  for (const headroom::Choice& choice : headroom::eviction_policies())
    policies.push_back({headroom::make_eviction_policy(choice.name, CacheRoom::entries(room),
                                                       Stream(1, 0, "cache"))});
  Figure base;
  std::vector<Figure> figures(policies.size());
  for (int round = 0; round < (quick ? 2 : 10); ++round) {
    measure(plain, requests, base);
    for (std::size_t i = 0; i < policies.size(); ++i)
      measure(policies[i], requests, figures[i]);
  }
  std::printf("%-12s %10s %7s %9s %9s\n", "", "Mreq/s", "ratio", "hit ratio", "bytes/key");
  print("plain list", base, base, 0);
  for (std::size_t i = 0; i < policies.size(); ++i)
    print(headroom::eviction_policies()[i].name, figures[i], base,
          policies[i].policy->memory_bytes());
}
