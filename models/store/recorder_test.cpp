#include "models/store/recorder.hpp"

#include <catch2/catch.hpp>

#include "sim/kernel/simulation.hpp"

namespace headroom {
namespace {

constexpr auto at_ms = [](std::int64_t ms) { return sim::Time() + sim::Duration::ms(ms); };

/// A store of one register that takes 10 ms; writes get the next number, a failing one too.
class Slow final : public Endpoint {
 public:
  using Endpoint::Endpoint;
  sim::Task<Reply> call(Request request) override {
    co_await simulation_.delay(sim::Duration::ms(10));
    Reply reply;
    if (request.operation == Operation::write) ++version;
    reply.version = version;
    if (fails) reply.outcome = Outcome::failed;
    co_return reply;
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }

  std::uint32_t version = 0;
  bool fails = false;
};

struct Recorded {
  explicit Recorded(std::size_t most)
      : recorder(simulation, store, "db", most, 1, {sim::Time(), at_ms(1'000'000), {}}, false) {
    recorder.set_partitions({});
  }
  static sim::Task<> ask(sim::Simulation&, Recorder* recorder, Request request) {
    co_await recorder->call(request);
  }
  void begin(Operation operation, std::uint64_t key, std::uint32_t session,
             std::uint64_t draw_key = 0) {
    Request request;
    request.operation = operation;
    request.key = key;
    request.session = session;
    request.draw_key = draw_key != 0 ? draw_key : ++last_draw_key;
    simulation.spawn(ask(simulation, &recorder, request));
  }

  sim::Simulation simulation;
  Slow store{simulation};
  Recorder recorder;
  std::uint64_t last_draw_key = 1000;
};

}  // namespace

TEST_CASE("recorded: who asked what, what came back and when") {
  Recorded world(100);
  world.begin(Operation::write, 7, 1);
  world.simulation.run();
  world.begin(Operation::read, 7, 2);
  world.simulation.run();
  const StoreHistory history = world.recorder.result();
  REQUIRE(history.operations.size() == 2);
  const RecordedOperation& write = history.operations[0];
  const RecordedOperation& read = history.operations[1];
  CHECK(write.f == Function::write);
  CHECK(write.end == HistoryEvent::Type::ok);
  CHECK(write.value == 1);
  CHECK(write.ret == at_ms(10));
  CHECK(read.value == 1);
  CHECK(read.call == at_ms(10));
  CHECK(read.ended > read.began);
  CHECK(read.process != write.process);
  CHECK(history.answers.front().ok == 2);
}

TEST_CASE("recorded: what is given up stays unknown, and its session goes on as another process") {
  Recorded world(100);
  world.begin(Operation::write, 7, 1, 42);
  world.simulation.run_until(at_ms(5));
  world.recorder.on_given_up(42);
  world.begin(Operation::read, 7, 1);
  world.simulation.run();
  const StoreHistory history = world.recorder.result();
  const RecordedOperation& write = history.operations[0];
  CHECK(write.end == HistoryEvent::Type::info);
  CHECK(write.ret == at_ms(5));
  CHECK(write.value == 1);  // It came to be, after all.
  CHECK(history.operations[1].process != write.process);
  CHECK(history.answers.front().ok == 1);
  CHECK(history.answers.front().all == 2);
}

TEST_CASE("recorded: a write that failed may have happened, a read that failed has not") {
  Recorded world(100);
  world.store.fails = true;
  world.begin(Operation::write, 7, 1);
  world.begin(Operation::read, 7, 2);
  world.simulation.run();
  const StoreHistory history = world.recorder.result();
  CHECK(history.operations[0].end == HistoryEvent::Type::info);
  CHECK(history.operations[1].end == HistoryEvent::Type::fail);
}

TEST_CASE(
    "recorded: memory is bounded by whole keys, and by the beginning where there is one key") {
  Recorded world(1000);
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    world.begin(Operation::write, i % 64, 1);
    world.simulation.run();
  }
  const StoreHistory some = world.recorder.result();
  CHECK(some.operations.size() <= 1001);
  CHECK(some.operations.size() + some.left_out == 10'000);
  // All that ever was about a key, or nothing.
  for (const RecordedOperation& each : some.operations) {
    const auto same = [&](const RecordedOperation& other) { return other.key == each.key; };
    const auto count = std::count_if(some.operations.begin(), some.operations.end(), same);
    CHECK(count >= 10'000 / 64);
  }
  Recorded hot(1000);
  for (int i = 0; i < 3000; ++i) {
    hot.begin(Operation::write, 1, 1);
    hot.simulation.run();
  }
  const StoreHistory first = hot.recorder.result();
  CHECK(first.operations.size() == 1001);
  CHECK(first.operations.back().value == 1001);
}

TEST_CASE("recorded: writes that nobody answered get the values that others read, in their order") {
  std::vector<RecordedOperation> all(5);
  for (std::uint32_t i = 0; i < 5; ++i) {
    all[i].began = 2 * i + 1;
    all[i].f = i < 3 ? Function::write : Function::read;
    all[i].key = 1;
  }
  all[3].end = all[4].end = HistoryEvent::Type::ok;
  all[3].value = 8, all[3].ended = 20;
  all[4].value = 5, all[4].ended = 10;
  name_open_writes(all);
  CHECK(all[0].value == 5);
  CHECK(all[1].value == 8);
  CHECK(all[2].value > 1'000'000'000);
}

TEST_CASE("recorded: sessions are processes that do one thing at a time") {
  std::vector<RecordedOperation> all(4);
  const auto set = [&](std::size_t i, std::uint64_t session, std::uint32_t began,
                       std::uint32_t ended) {
    all[i].session = session, all[i].began = began, all[i].ended = ended;
    all[i].end = HistoryEvent::Type::ok;
  };
  set(0, 9, 1, 4);
  set(1, 9, 2, 3);  // While the first is open.
  set(2, 9, 5, 6);
  set(3, 8, 7, 8);
  number_processes(all);
  CHECK(all[0].process != all[1].process);
  CHECK(all[2].process == all[0].process);
  CHECK(all[3].process != all[0].process);
  CHECK(all[3].process != all[1].process);
}

}  // namespace headroom
