#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/traces.hpp"
#include "models/tracing.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// The traces of one run: which requests are traced, and what became of them. Which ones are a
/// sample is decided by a hash of each request, so it is uniform, and tracing changes nothing of
/// what happens. Traced are requests that are meant to be sent in the measurement.
///
/// Spans stay to the end of the run. When there is no more room for them no further request is
/// traced; those are counted.
class Tracer {
 public:
  // Chosen: some 50 MB.
  static constexpr std::size_t most_spans = 500'000;

  Tracer(sim::Simulation& simulation, sim::Time start, sim::Time end)
      : simulation_(simulation), start_(start), end_(end) {}
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  sim::Simulation& simulation() const { return simulation_; }

  /// Workload after workload: a share of its requests is traced, from 0 to 1.
  void add_sampled(std::string workload, double share);
  /// Only the request of that number.
  void add_single(std::string workload, std::uint64_t number);
  /// None of them, but how long each took is kept, for `pick`.
  void add_ranked(std::string workload);

  /// The span of a request that is sent now; null where it is not traced.
  Span* begin(std::uint16_t workload, std::uint64_t number, std::uint64_t key,
              const std::string* endpoint) {
    const Wish& wish = wishes_[workload];
    if (sim::mix(key, salt) > wish.up_to) [[likely]]
      return nullptr;
    if (wish.number && *wish.number != number) return nullptr;
    return begin_trace(workload, number, key, endpoint);
  }

  /// Where the requests of a workload spent their time that were traced and ended ok.
  TimeSpent time_spent(std::size_t workload) const;
  /// A uniform sample of the traced requests, and the slowest of each workload.
  std::vector<RequestTrace> traces() const;
  /// The request at quantile `p` of a ranked workload; nothing where none ended ok.
  std::optional<PickedRequest> pick(std::size_t workload, double p) const;

 private:
  friend Span* open_span(Span&, SpanKind, const std::string*, std::uint32_t);
  friend void close_span(Span&);

  static constexpr std::uint64_t salt = 0x7472'6163'6564'0001u;
  static constexpr std::size_t chunk = 1024;
  struct Wish {
    std::string workload;
    std::uint64_t up_to = 0;  ///< Of the hash of a request.
    std::optional<std::uint64_t> number;
    bool ranked = false;
    std::uint64_t left_out = 0;  ///< Requests for which there was no room.
  };
  struct Trace {
    Span* root;
    const std::string* endpoint;  ///< Null where there is none.
    std::uint64_t number;
    std::uint64_t hash;
    std::uint16_t workload;
  };
  struct Ranked {
    std::int64_t latency_ns;
    std::uint64_t number;
  };

  Span* begin_trace(std::uint16_t workload, std::uint64_t number, std::uint64_t key,
                    const std::string* endpoint);
  Span* take();
  void close(Span& span);
  bool is_ok(const Trace& trace) const;
  std::vector<const Trace*> slowest_first(std::size_t workload) const;
  RequestTrace written(const Trace& trace) const;

  sim::Simulation& simulation_;
  sim::Time start_, end_;
  std::vector<Wish> wishes_;
  std::vector<std::unique_ptr<Span[]>> spans_;
  std::size_t used_ = 0;
  std::vector<Span*> free_;  ///< Of ranked requests that have ended.
  std::vector<Trace> traces_;
  std::vector<std::vector<Ranked>> ranked_;  ///< By workload.
};

}  // namespace headroom
