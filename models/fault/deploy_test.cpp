#include "models/fault/deploy.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

namespace headroom {
namespace {

/// Busy until a given time; ready five seconds after it was killed.
class Replica final : public Faultable {
 public:
  explicit Replica(sim::Simulation& simulation) : simulation_(simulation) {}
  void begin_drain() override { drained_at.push_back(now_s()); }
  void end_drain() override { back_at.push_back(now_s()); }
  bool idle() const override { return now_s() >= busy_until_s; }
  bool ready() const override { return alive() && now_s() >= ready_at_s; }
  double now_s() const { return simulation_.now().in_seconds(); }

  double busy_until_s = 0, ready_at_s = 0;
  std::vector<double> drained_at, killed_at, back_at;

 private:
  void on_kill() override {
    killed_at.push_back(now_s());
    ready_at_s = now_s() + 5;
  }
  void on_restart() override {}
  void on_speed(double) override {}
  sim::Simulation& simulation_;
};

struct World {
  World() {
    for (int i = 0; i < 4; ++i) {
      replicas.push_back(std::make_unique<Replica>(simulation));
      deploy.instances.push_back(replicas.back().get());
    }
    deploy.batch = 2;
    deploy.pause = sim::Duration::seconds(10);
    deploy.drain = sim::Duration::seconds(30);
    deploy.error_rate = 0.25;
    deploy.factor = 2;
  }
  ~World() { simulation.close(); }
  void run_to_s(std::int64_t s) { simulation.run_until(sim::Time() + sim::Duration::seconds(s)); }

  sim::Simulation simulation;
  std::vector<std::unique_ptr<Replica>> replicas;
  Deploy deploy;
};

using Times = std::vector<double>;

TEST_CASE("Batches drain, stop, start and wait for one another") {
  World world;
  world.replicas[1]->busy_until_s = 3;
  world.replicas[2]->busy_until_s = 1000;  // cut off after the drain
  world.simulation.spawn(roll_out(world.simulation, &world.deploy));
  world.run_to_s(100);
  CHECK(world.replicas[0]->drained_at == Times{0});
  CHECK(world.replicas[0]->killed_at == Times{3});  // the batch goes together
  CHECK(world.replicas[1]->back_at == Times{8});
  CHECK(world.replicas[2]->drained_at == Times{18});
  CHECK(world.replicas[3]->killed_at == Times{48});
  CHECK(world.replicas[3]->back_at == Times{53});
  for (const auto& replica : world.replicas) {
    CHECK(replica->error_rate() == 0.25);
    CHECK(replica->speed() == 0.5);
  }
}

TEST_CASE("A version that is noticed goes back, the last batch first") {
  World world;
  world.deploy.rollback_after = sim::Duration::seconds(20);
  world.simulation.spawn(roll_out(world.simulation, &world.deploy));
  world.run_to_s(19);
  CHECK(world.replicas[0]->error_rate() == 0.25);
  world.run_to_s(100);
  // 0 to 5 s and 15 to 20 s there, 20 to 25 s and 35 to 40 s back.
  CHECK(world.replicas[3]->killed_at == Times{15, 20});
  CHECK(world.replicas[0]->killed_at == Times{0, 35});
  for (const auto& replica : world.replicas) {
    CHECK(replica->error_rate() == 0);
    CHECK(replica->speed() == 1);
    CHECK(replica->alive());
  }
}

}  // namespace
}  // namespace headroom
