#include "models/analytic/finite_station.hpp"

#include <catch2/catch.hpp>

#include "models/analytic/single_station.hpp"

namespace headroom {
namespace {

TEST_CASE("Erlang's B, by recursion and as a system without room to wait") {
  for (const auto& [c, offered, blocked] :
       {std::tuple{1, 1.0, .5}, std::tuple{5, 3.0, .11005435}, std::tuple{10, 8.0, .12166106},
        std::tuple{100, 90.0, .02695738}}) {
    const auto servers = static_cast<std::uint64_t>(c);
    CHECK(erlang_b(servers, offered) == Approx(blocked).margin(5.1e-9));
    CHECK(limited_station(offered, 1, servers, servers).loss ==
          Approx(erlang_b(servers, offered)).epsilon(1e-10));
  }
}

TEST_CASE("Limited queues: the exact figures") {
  const auto nine = limited_station(.9, 1, 1, 10);
  CHECK(nine.loss == Approx(.05081373).margin(5.1e-9));
  CHECK(nine.in_system == Approx(3.969441).margin(5.1e-7));
  CHECK(nine.sojourn == Approx(4.646601).margin(5.1e-7));
  CHECK(nine.throughput == Approx(.854268).margin(5.1e-7));
  const auto twelve = limited_station(1.2, 1, 1, 10);
  CHECK(twelve.loss == Approx(.19258650).margin(5.1e-9));
  CHECK(twelve.in_system == Approx(6.710709).margin(5.1e-7));
  CHECK(twelve.sojourn == Approx(6.926138).margin(5.1e-7));
  const auto two = limited_station(2, 1, 1, 10);
  CHECK(two.loss == Approx(.50024426).margin(5.1e-9));
  CHECK(two.sojourn == Approx(9.009775).margin(5.1e-7));
  const auto ten = limited_station(12, 1, 10, 20);
  CHECK(ten.loss == Approx(.17966592).margin(5.1e-9));
  CHECK(ten.sojourn == Approx(1.635969).margin(5.1e-7));
  CHECK(ten.throughput == Approx(9.844009).margin(5.1e-7));
}

TEST_CASE("Erlang A: the exact figures, and what each served one waits") {
  const auto centre = impatient_station(50, 1, 50, 1);
  CHECK(centre.loss == Approx(.056325).margin(5.1e-7));
  CHECK(centre.waits == Approx(.518808).margin(5.1e-7));
  CHECK(centre.queue / 50 == Approx(.056325).margin(5.1e-7));
  const auto single = impatient_station(1.2, 1, 1, 2);
  CHECK(single.loss == Approx(.366204).margin(5.1e-7));
  CHECK(single.waits == Approx(.760555).margin(5.1e-7));
  CHECK(single.utilization == Approx(.760555).margin(5.1e-7));
  // Those that give up have waited too: the served ones make up the rest of the queue's mean.
  // With a patience beyond any wait it is M/M/c, with hardly any Erlang's loss system.
  CHECK(impatient_station(8, 1, 10, 1e9).sojourn == Approx(mmc_sojourn(8, 1, 10)).epsilon(1e-6));
  CHECK(impatient_station(8, 1, 10, 1e-9).loss == Approx(erlang_b(10, 8)).epsilon(1e-6));
  CHECK(impatient_station(8, 1, 10, 1e-9).sojourn == Approx(1).epsilon(1e-6));
  // A service as long as the patience: the number is that of M/M/inf.
  CHECK(centre.in_system == Approx(50).epsilon(1e-9));
}

TEST_CASE("A wide room is M/M/c") {
  const auto wide = limited_station(8, 1, 10, 1000);
  CHECK(wide.sojourn == Approx(mmc_sojourn(8, 1, 10)).epsilon(1e-9));
  CHECK(wide.waits == Approx(erlang_c(10, 8)).epsilon(1e-9));
  CHECK(wide.loss < 1e-90);
}

}  // namespace
}  // namespace headroom
