#include "models/autoscale/autoscaler.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace headroom {
namespace {

sim::Time at_s(std::int64_t s) {
  return sim::Time() + sim::Duration::seconds(s);
}

/// Instances that share some work for so many cores evenly, each with one core.
class Pool final : public Scalable {
 public:
  Pool(sim::Simulation& simulation, std::size_t size, std::size_t present)
      : simulation_(simulation), members_(size, present), all_(size) {
    for (std::size_t i = 0; i < present; ++i)
      all_[i].up = true;
  }
  void set_work(double cores) {
    advance();
    cores_ = cores;
  }
  Members& members() override { return members_; }
  bool is_up(std::size_t i) const override { return all_[i].up; }
  bool is_idle(std::size_t) const override { return idle; }
  double waiting(std::size_t) const override { return 0; }
  BusyArea used(std::size_t i) const override {
    const_cast<Pool*>(this)->advance();
    return all_[i].used;
  }
  void set_present(std::size_t i, bool is_present) override {
    advance();
    all_[i].up = is_present;
  }
  bool idle = true;

 private:
  struct One {
    bool up = false;
    BusyArea used;
  };
  void advance() {
    const auto passed_ns = (simulation_.now() - last_).count_ns();
    last_ = simulation_.now();
    const auto up = std::count_if(all_.begin(), all_.end(), [](const One& o) { return o.up; });
    const double share = std::min(1.0, cores_ / static_cast<double>(up));
    for (One& one : all_) {
      if (!one.up) continue;
      one.used.busy += static_cast<std::int64_t>(share * static_cast<double>(passed_ns));
      one.used.available += passed_ns;
    }
  }

  sim::Simulation& simulation_;
  Members members_;
  std::vector<One> all_;
  double cores_ = 0;
  sim::Time last_;
};

AutoscalePlan plan_of_two_to_twelve() {
  AutoscalePlan plan;
  plan.min = 2;
  plan.max = 12;
  plan.target_utilization = Ratio{0.5};
  plan.scale_down_stabilization = sim::Duration::seconds(60);
  plan.startup.a = 20e9;
  return plan;
}

struct World {
  explicit World(const AutoscalePlan& wanted)
      : plan(wanted),
        log(simulation),
        pool(simulation, 12, 2),
        scaler(simulation, plan, "app", pool, measurement_of(), &log) {}
  ~World() { simulation.close(); }
  static Measurement measurement_of() {
    return {at_s(0), at_s(300), {at_s(0), sim::Duration::seconds(15), 20}};
  }
  std::vector<std::vector<double>> changes() const {
    std::vector<std::vector<double>> found;
    for (const LoggedEvent& event : log.events())
      found.push_back({event.at.in_seconds(), std::get<double>(event.details[0].second),
                       std::get<double>(event.details[1].second)});
    return found;
  }
  sim::Simulation simulation;
  AutoscalePlan plan;
  EventLog log;
  Pool pool;
  Autoscaler scaler;
};

TEST_CASE("On a step of load the pool follows the table computed by hand") {
  World world(plan_of_two_to_twelve());
  world.pool.set_work(1);
  world.scaler.start();
  world.simulation.run_until(at_s(20));
  world.pool.set_work(4);
  world.simulation.run_until(at_s(300));
  // 15 s: 1/2 = 0.5, nothing. 30 s: (5 x 0.5 + 10 x 1) / 15 = 0.833, 2 x 1.67 up to 4, there at
  // 50 s. 45 s: 1.0, but with the two that start the ratio is 1. 60 s: 1.0, 4 x 2 = 8, there at 80
  // s. 75 s: as at 45 s. 90 s: 60 of 100 core seconds, 8 x 1.2 up to 10, there at 110 s. 105 s:
  // 0.5. 120 s: 60 of 140, 10 x 0.857 up to 9; 135 s on: 0.4, 8; but 10 was wanted at 105 s, which
  // counts until 165 s, and 9 at 120 s until 180 s. 195 s: 4/9, 8, as everything since 135 s said.
  const std::vector<std::vector<double>> by_hand{
      {30, 2, 4}, {60, 4, 8}, {90, 8, 10}, {180, 10, 9}, {195, 9, 8}};
  CHECK(world.changes() == by_hand);
  ServiceResult result;
  world.scaler.add_to(result);
  CHECK(result.counts[0].second == 3);  // ups
  CHECK(result.counts[1].second == 2);  // downs
  // Starting instances x ns: 2 and 4 and 2 for 20 s each.
  CHECK(result.instance_area == static_cast<__int128>(8) * 20'000'000'000);
  const auto& there = result.instance_series.front();
  CHECK(there.means()[0] == 2);
  CHECK(there.means()[2] == 4);
  CHECK(there.means()[19] == 8);
}

ScalingPolicy by_count(std::uint32_t count) {
  return {count, std::nullopt, sim::Duration::seconds(30)};
}
ScalingPolicy by_share(double share) {
  return {std::nullopt, Ratio{share}, sim::Duration::seconds(30)};
}

TEST_CASE("A pool grows and shrinks as fast as the policies of its behavior allow, by hand") {
  AutoscalePlan plan = plan_of_two_to_twelve();
  plan.startup.a = 0;
  plan.behavior.emplace();
  plan.behavior->scale_up = {{}, SelectPolicy::max, {by_count(2), by_share(0.5)}};
  plan.behavior->scale_down = {
      sim::Duration::seconds(30), SelectPolicy::min, {by_count(2), by_share(0.25)}};
  World world(plan);
  world.pool.set_work(6);
  world.scaler.start();
  world.simulation.run_until(at_s(130));
  world.pool.set_work(1);
  world.simulation.run_until(at_s(310));
  // Up, the larger of 2 and half of those at the beginning of 30 s. 15 s: 4 wanted, 2 + 2 or 3. 30
  // s: 8 wanted, but 2 came 15 s ago. 45 s: 4 + 2 or 6. 75 s: 6 + 2 or 9. 105 s: 12 wanted, 9 + 2
  // or 14. Down, the smaller of 2 and a quarter. 135 s: 65 of 180 core seconds, 9 wanted, but 12
  // was 15 s ago. 150 s: 2 wanted, 9 the most within 30 s; 12 - 2 or 9. 180 s: 2 wanted; 10 - 2
  // or 7. 210 s: 8 - 2 or 6. 240 s: 6 - 2 or 4. 270 s: 4 - 2 or 3. 300 s: 3 - 2 or 2.
  const std::vector<std::vector<double>> by_hand{
      {15, 2, 4},   {45, 4, 6},  {75, 6, 9},  {105, 9, 12}, {150, 12, 10},
      {180, 10, 8}, {210, 8, 6}, {240, 6, 4}, {270, 4, 3},  {300, 3, 2}};
  CHECK(world.changes() == by_hand);
}

TEST_CASE("Limits, cooldown and schedule hold") {
  AutoscalePlan plan = plan_of_two_to_twelve();
  plan.max = 3;
  plan.cooldown = sim::Duration::seconds(100);
  plan.scheduled = {{sim::Duration::seconds(70), 4, 9}};
  World world(plan);
  world.pool.set_work(8);
  world.scaler.start();
  world.simulation.run_until(at_s(200));
  // 15 s: 4 wanted, 3 allowed. 70 s: at least 4. 170 s is when the cooldown after that ends.
  const std::vector<std::vector<double>> expected{{15, 2, 3}, {70, 3, 4}, {180, 4, 8}};
  CHECK(world.changes() == expected);
}

TEST_CASE("Who leaves gets no calls and is stopped when idle, or when the drain is over") {
  AutoscalePlan plan = plan_of_two_to_twelve();
  plan.min = 1;
  plan.scale_down_stabilization = sim::Duration();
  World world(plan);
  world.pool.idle = false;
  world.scaler.start();
  world.simulation.run_until(at_s(16));
  CHECK(world.pool.members().standing(1) == Standing::draining);
  CHECK(world.pool.is_up(1));
  world.simulation.run_until(at_s(46));
  CHECK(world.pool.members().standing(1) == Standing::absent);
  CHECK_FALSE(world.pool.is_up(1));
  CHECK(world.pool.members().standing(0) == Standing::serving);
}

}  // namespace
}  // namespace headroom
