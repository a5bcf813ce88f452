#include "app/study/arithmetic_times.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "app/scenario/tiers.hpp"
#include "models/draw.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

/// Chosen: the mean of the slowest of some exponential branches is then within half a per cent.
constexpr std::size_t most_rows = 4096;  // A power of two, as the next.
constexpr std::size_t fewest_rows = 128;
/// Chosen: some hundredths of a second, until a scenario has thousands of such steps.
constexpr std::size_t most_draws = 250'000;
/// Chosen: the sum of more is drawn as that of so many, with its mean and its variance.
constexpr std::uint32_t most_turns = 32;

/// Chosen: few branches are put beside one another several times, which is soon done.
constexpr std::size_t most_rounds = 32;

std::size_t needed(const ParallelStep& step) {
  return std::min<std::size_t>(step.need.value_or(step.branches.size()), step.branches.size());
}

/// Columns that a list of steps takes, loops included.
std::size_t columns_of(const Steps& steps) {
  struct Number {
    std::size_t operator()(const CallStep& step) const {
      return 1 + (step.on_miss ? columns_of(*step.on_miss) : 0);
    }
    std::size_t operator()(const ParallelStep& step) const {
      std::size_t sum = 1;
      for (const Steps& branch : step.branches)
        sum += columns_of(branch);
      return sum;
    }
    std::size_t operator()(const ChooseStep& step) const {
      std::size_t sum = 1;
      for (const ChooseBranch& branch : step.branches)
        sum += columns_of(branch.steps);
      return sum;
    }
    std::size_t operator()(const RepeatStep& step) const {
      return 1 + std::min(step.times, most_turns) * columns_of(step.steps);
    }
    std::size_t operator()(const CpuStep&) const { return 1; }
    std::size_t operator()(const WaitStep&) const { return 1; }
    std::size_t operator()(const FailStep&) const { return 1; }
  };
  std::size_t sum = 0;
  for (const Step& step : steps)
    sum += std::visit(Number(), step.what);
  return sum;
}

std::size_t columns_of(const ScenarioPlan& plan) {
  std::size_t sum = 0;
  for (const auto& [name, service] : plan.services)
    if (const ServerPlan* server = server_of(service))
      for (const auto& [endpoint, steps] : server->endpoints)
        sum += columns_of(steps);
  return sum;
}

template <class Value>
void shuffle(std::vector<Value>& column, std::uint64_t key) {
  sim::Keyed bits(key);
  for (std::size_t i = column.size(); i > 1; --i)
    std::swap(column[i - 1], column[(bits() >> 32) * i >> 32]);
}

/// With the mean of the distribution; each of equal shares of its range once where that is simple.
std::vector<double> column_of(const Distribution& distribution, std::size_t rows,
                              std::uint64_t key) {
  const double mean_s = mean(distribution) * 1e-9;
  std::vector<double> column(rows, mean_s);
  if (distribution.kind == Distribution::Kind::constant || !(mean_s > 0)) return column;
  const bool is_exponential = distribution.kind == Distribution::Kind::exponential;
  if (is_exponential || distribution.kind == Distribution::Kind::uniform) {
    for (std::size_t i = 0; i < rows; ++i) {
      const double place = (static_cast<double>(i) + 0.5) / static_cast<double>(rows);
      const double width_s = (distribution.b - distribution.a) * 1e-9;
      column[i] =
          is_exponential ? -mean_s * std::log(place) : distribution.a * 1e-9 + width_s * place;
    }
    shuffle(column, key);
  } else {
    sim::Keyed bits(key);
    for (double& each : column)
      each = draw(distribution, bits) * 1e-9;
  }
  const double sum = std::accumulate(column.begin(), column.end(), 0.0);
  if (!std::isfinite(sum) || sum <= 0) return std::vector<double>(rows, mean_s);
  const double scale = mean_s * static_cast<double>(rows) / sum;
  for (double& each : column)
    each *= scale;
  return column;
}

/// So much of all rows, spread at random.
std::vector<char> share_of(double share, std::size_t rows, std::uint64_t key) {
  std::vector<char> chosen(rows, 0);
  std::fill_n(chosen.begin(), std::llround(share * static_cast<double>(rows)), 1);
  shuffle(chosen, key);
  return chosen;
}

/// How one branch of a row ends.
struct End {
  double time_s;
  bool fails;
};

/// When enough of the branches of a row have ended well, or too many badly. Leaves them in another
/// order.
End decided(std::vector<End>& ends, std::size_t need) {
  const auto is_earlier = [](const End& a, const End& b) { return a.time_s < b.time_s; };
  if (need == 0 || ends.empty()) return {0, false};
  if (std::none_of(ends.begin(), ends.end(), [](const End& end) { return end.fails; })) {
    const auto last = ends.begin() + static_cast<std::ptrdiff_t>(need - 1);
    std::nth_element(ends.begin(), last, ends.end(), is_earlier);
    return *last;
  }
  std::sort(ends.begin(), ends.end(), is_earlier);
  std::size_t good = 0, bad = 0;
  for (const End& end : ends) {
    ++(end.fails ? bad : good);
    if (good >= need) return {end.time_s, false};
    if (ends.size() - bad < need) return {end.time_s, true};
  }
  return {0, false};
}

}  // namespace

/// Draws steps that follow one another, each with a key of its own.
class DrawnSteps {
 public:
  using Columns = DrawnTimes::Columns;
  DrawnSteps(DrawnTimes& times, const Demands::Places& places, double cores, std::uint64_t key)
      : times_(times), places_(places), cores_(cores), key_(key) {}

  Columns of(const Steps& steps) {
    if (steps.empty()) return nothing();
    const auto draw = [&](const Step& step) {
      return std::visit([&](const auto& what) { return drawn(what); }, step.what);
    };
    Columns sum = draw(steps.front());
    for (std::size_t i = 1; i < steps.size(); ++i)
      add(sum, draw(steps[i]));
    return sum;
  }
  std::vector<Columns> branches_of(const ParallelStep& step) {
    std::vector<Columns> branches;
    for (const Steps& branch : step.branches)
      branches.push_back(of(branch));
    return branches;
  }
  /// Rows of branches beside one another; each column begins at another row in another round.
  Columns beside(const std::vector<Columns>& branches, std::size_t need, std::uint64_t round) const;

 private:
  std::uint64_t next_key() { return sim::mix(key_, ++number_); }
  Columns nothing() const {
    const std::size_t rows = times_.rows_;
    return {std::vector<double>(rows), std::vector<double>(rows), std::vector<char>(rows)};
  }
  /// What comes after a failure is not done.
  void add(Columns& sum, const Columns& one) const {
    for (std::size_t row = 0; row < times_.rows_; ++row) {
      if (sum.fails[row]) continue;
      sum.time_s[row] += one.time_s[row];
      sum.cpu_s[row] += one.cpu_s[row];
      sum.fails[row] = one.fails[row];
    }
  }
  Columns drawn(const CpuStep& step) {
    Columns one = nothing();
    one.time_s = one.cpu_s = column_of(step.work, times_.rows_, next_key());
    return one;
  }
  Columns drawn(const WaitStep& step) {
    Columns one = nothing();
    one.time_s = column_of(step.time, times_.rows_, next_key());
    return one;
  }
  Columns drawn(const FailStep& step) {
    Columns one = nothing();
    one.fails = share_of(step.chance.p.value, times_.rows_, next_key());
    return one;
  }
  Columns drawn(const PublishStep& step) { return drawn(static_cast<const CallStep&>(step)); }
  Columns drawn(const CallStep& step);
  Columns drawn(const ChooseStep& step);
  Columns drawn(const RepeatStep& step);
  Columns drawn(const ParallelStep& step);

  DrawnTimes& times_;
  const Demands::Places& places_;
  double cores_;
  std::uint64_t key_;
  std::uint64_t number_ = 0;
};

DrawnTimes::Columns DrawnSteps::drawn(const CallStep& step) {
  Columns one = nothing();
  const Demands& demands = times_.demands_;
  const std::size_t node = demands.graph().node(demands.plan_, step);
  if (node == CallGraph::npos) return one;
  const Columns& callee = times_.of(node);
  const double way_s = demands.way_of_call_s(places_, step, node);
  std::vector<std::uint32_t> order(times_.rows_);
  std::iota(order.begin(), order.end(), 0u);
  shuffle(order, next_key());
  for (std::size_t row = 0; row < times_.rows_; ++row) {
    one.time_s[row] = callee.time_s[order[row]] + way_s;
    one.fails[row] = callee.fails[order[row]];
    for (const auto& limit : {step.client.timeout, step.client.deadline})
      if (limit) one.time_s[row] = std::min(one.time_s[row], limit->in_seconds());
  }
  if (!step.on_miss) return one;
  const double misses = 1 - demands.hit_ratio(step).value_or(0);
  const std::vector<char> missed = share_of(misses, times_.rows_, next_key());
  const Columns fetch = of(*step.on_miss);
  for (std::size_t row = 0; row < times_.rows_; ++row) {
    // A cache that fails counts as one that does not have the value.
    one.fails[row] = missed[row] ? fetch.fails[row] : 0;
    if (!missed[row]) continue;
    one.time_s[row] += fetch.time_s[row];
    one.cpu_s[row] += fetch.cpu_s[row];
  }
  return one;
}

DrawnTimes::Columns DrawnSteps::drawn(const ChooseStep& step) {
  Columns one = nothing();
  std::vector<double> place(times_.rows_);
  for (std::size_t row = 0; row < place.size(); ++row)
    place[row] = (static_cast<double>(row) + 0.5) / static_cast<double>(place.size());
  shuffle(place, next_key());
  double from = 0;
  for (const ChooseBranch& branch : step.branches) {
    const Columns chosen = of(branch.steps);
    const double to = from + branch.p.value;
    for (std::size_t row = 0; row < place.size(); ++row) {
      if (place[row] < from || place[row] >= to) continue;
      one.time_s[row] = chosen.time_s[row];
      one.cpu_s[row] = chosen.cpu_s[row];
      one.fails[row] = chosen.fails[row];
    }
    from = to;
  }
  return one;
}

DrawnTimes::Columns DrawnSteps::drawn(const RepeatStep& step) {
  Columns sum = nothing();
  const std::uint32_t turns = std::min(step.times, most_turns);
  for (std::uint32_t turn = 0; turn < turns; ++turn)
    add(sum, of(step.steps));
  if (turns == step.times || turns == 0) return sum;
  const double times = static_cast<double>(step.times) / turns;
  const auto prolong = [&](std::vector<double>& column) {
    const double mean_s =
        std::accumulate(column.begin(), column.end(), 0.0) / static_cast<double>(column.size());
    for (double& each : column)
      each = std::max(0.0, mean_s * times + (each - mean_s) * std::sqrt(times));
  };
  prolong(sum.time_s);
  prolong(sum.cpu_s);
  return sum;
}

DrawnTimes::Columns DrawnSteps::drawn(const ParallelStep& step) {
  return beside(branches_of(step), needed(step), 0);
}

DrawnTimes::Columns DrawnSteps::beside(const std::vector<Columns>& branches, std::size_t need,
                                       std::uint64_t round) const {
  Columns all = nothing();
  std::vector<End> ends;
  for (std::size_t row = 0; row < times_.rows_; ++row) {
    ends.clear();
    for (std::size_t branch = 0; branch < branches.size(); ++branch) {
      const std::uint64_t first = round == 0 ? 0 : sim::mix(round, branch);
      const std::size_t at = (row + first) & (times_.rows_ - 1);
      ends.push_back({branches[branch].time_s[at], branches[branch].fails[at] != 0});
      all.cpu_s[row] += branches[branch].cpu_s[at];
    }
    const End end = decided(ends, need);
    const bool waits_for_all = need == branches.size() && !end.fails;
    all.time_s[row] = waits_for_all ? std::max(end.time_s, all.cpu_s[row] / cores_) : end.time_s;
    all.fails[row] = end.fails ? 1 : 0;
  }
  return all;
}

DrawnTimes::DrawnTimes(const Demands& demands) : demands_(demands), rows_(most_rows) {
  const std::size_t columns = columns_of(demands.plan_);
  while (rows_ > fewest_rows && rows_ * columns > most_draws)
    rows_ /= 2;
}

double DrawnTimes::mean_s(const ParallelStep& step, const Demands::Places& places, double cores) {
  DrawnSteps steps(*this, places, cores, sim::hash_name("branches"));
  const std::vector<Columns> branches = steps.branches_of(step);
  const std::size_t rounds = std::max<std::size_t>(1, most_rounds / branches.size());
  double sum_s = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::vector<double> times = steps.beside(branches, needed(step), round).time_s;
    const auto [least, most] = std::minmax_element(times.begin(), times.end());
    if (round == 0 && *least == *most) return *least;
    sum_s += std::accumulate(times.begin(), times.end(), 0.0) / static_cast<double>(rows_);
  }
  return sum_s / static_cast<double>(rounds);
}

const DrawnTimes::Columns& DrawnTimes::of(std::size_t node) {
  const auto known = of_node_.find(node);
  if (known != of_node_.end()) return known->second;
  return of_node_.emplace(node, drawn(node)).first->second;
}

/// What is no server takes its time in one piece.
DrawnTimes::Columns DrawnTimes::drawn(std::size_t node) {
  const auto& [name, service] = demands_.plan_.services.entries[demands_.service_of(node)];
  const std::uint64_t key = sim::mix(sim::hash_name(name), node);
  if (const ServerPlan* server = server_of(service)) {
    const Demands::Places places = demands_.places_of(name);
    const auto endpoint = endpoint_index(service, demands_.graph().nodes()[node].endpoint);
    return DrawnSteps(*this, places, cores_of(*server), key)
        .of(steps_of(*server, endpoint.value_or(0)));
  }
  Columns one{std::vector<double>(rows_, demands_.of(node).held_s), std::vector<double>(rows_),
              std::vector<char>(rows_)};
  const Distribution* time = nullptr;
  if (const auto* cache = std::get_if<CachePlan>(&service.kind)) time = &cache->service_time;
  if (const auto* store = std::get_if<DatabasePlan>(&service.kind))
    time = demands_.graph().nodes()[node].endpoint == "read" ? &store->service_time.read
                                                             : &store->service_time.write;
  if (const BrokerPlan* broker = broker_of(service); broker && broker->service_time)
    time = &*broker->service_time;
  if (time != nullptr) one.time_s = column_of(*time, rows_, key);
  return one;
}

}  // namespace headroom
