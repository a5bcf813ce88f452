#include <catch2/catch.hpp>

#include "models/broker/test_crew.hpp"

namespace headroom {

namespace {

using sim::Duration;

/// A queue or log that is reached only after a while, and a worker.
template <class Kind, class Plan>
struct FarBroker {
  FarBroker(Plan of, Duration there)
      : plan(std::move(of)),
        broker(simulation, plan, "far", std::vector<std::uint16_t>(3, 0), {}),
        way(broker.node(0), there),
        crew(simulation, 1, constant(Duration::ms(1)), {}),
        publisher(simulation, broker) {
    broker.set_way(0, way);
    crew.consume(broker);
  }
  ~FarBroker() { simulation.close(); }
  PublishResult at_ms(std::int64_t ms) {
    simulation.run_until(sim::Time() + Duration::ms(ms));
    return broker.result().broker->publishers;
  }

  sim::Simulation simulation;
  Plan plan;
  Kind broker;
  SlowWay way;
  Crew crew;
  Publisher publisher;
};
using FarQueue = FarBroker<MessageQueue, QueuePlan>;
using FarLog = FarBroker<MessageLog, LogPlan>;

}  // namespace

TEST_CASE("Publishers know what was acknowledged and what was refused") {
  QueuePlan plan;
  plan.capacity = Limit{3};
  FarQueue far(plan, Duration::ms(100));
  far.publisher.publish(10, Duration());
  CHECK(far.at_ms(150).waiting_at_end == 10);
  const PublishResult seen = far.at_ms(300);
  CHECK(seen.offered == 10);
  CHECK(seen.acknowledged + seen.failed == 10);
  CHECK(seen.stored == seen.acknowledged);
  CHECK(seen.failed_stored == 0);
  CHECK(seen.waiting_at_end == 0);
}

TEST_CASE("Without an answer in time a publisher does not know that its message is stored") {
  QueuePlan plan;
  plan.publish_timeout = Duration::ms(500);
  FarQueue far(plan, Duration::ms(800));
  far.publisher.publish(4, Duration());
  const PublishResult before = far.at_ms(700);
  CHECK(before.unknown == 4);
  CHECK(before.unknown_stored == 0);
  const PublishResult after = far.at_ms(2000);
  CHECK(after.unknown == 4);
  CHECK(after.unknown_stored == 4);
  CHECK(after.acknowledged == 0);
  CHECK(far.crew.diary.done.size() == 4);
}

TEST_CASE("What a client gives up before the broker answers is unknown to it") {
  FarQueue far(QueuePlan(), Duration::ms(100));
  far.publisher.publish(2, Duration());
  far.simulation.run_until(sim::Time() + Duration::ms(50));
  far.broker.on_given_up(sim::mix(sim::mix(far.simulation.seed(), 99), 1));
  const PublishResult seen = far.at_ms(1000);
  CHECK(seen.acknowledged == 1);
  CHECK(seen.unknown == 1);
  CHECK(seen.unknown_stored == 1);
  CHECK(seen.waiting_at_end == 0);
}

TEST_CASE("Who asks for no acknowledgement knows nothing, alone or in a batch") {
  for (const auto linger : {Duration(), Duration::ms(10)}) {
    LogPlan plan;
    plan.acks = LogAcks::none;
    plan.linger = linger;
    FarLog far(plan, Duration::ms(100));
    far.publisher.publish(5, Duration());
    far.simulation.run_until(sim::Time() + Duration::ms(150));
    far.broker.node(0).begin_kill();
    far.publisher.publish(2, Duration());
    const PublishResult seen = far.at_ms(1000);
    CHECK(seen.offered == 7);
    CHECK(seen.unknown == 7);
    CHECK(seen.unknown_stored == 5);
    CHECK(far.broker.result().broker->groups.front().all_lost() == 2);
  }
}

TEST_CASE("Attempts that began before the measurement end in it once") {
  FarQueue far(QueuePlan(), Duration::ms(100));
  far.publisher.publish(3, Duration());
  far.simulation.run_until(sim::Time() + Duration::ms(150));  // stored, and not yet answered
  far.broker.start_measuring();
  far.publisher.publish(2, Duration());
  const PublishResult seen = far.at_ms(1000);
  CHECK(seen.waiting_at_start == 3);
  CHECK(seen.offered == 2);
  CHECK(seen.acknowledged == 5);
  CHECK(seen.stored == 2);
}

}  // namespace headroom
