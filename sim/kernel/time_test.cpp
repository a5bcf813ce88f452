#include "sim/kernel/time.hpp"

#include <catch2/catch.hpp>

namespace headroom::sim {

TEST_CASE("durations saturate instead of wrapping", "[time]") {
  const Duration least = Duration::ns(INT64_MIN);
  REQUIRE(Duration::seconds(INT64_MAX) == Duration::forever());
  REQUIRE(Duration::ms(INT64_MIN) == least);
  REQUIRE(Duration::us(-3) == Duration::ns(-3'000));
  REQUIRE(Duration::seconds(9'223'372'036) == Duration::ns(9'223'372'036'000'000'000));
  REQUIRE(Duration::seconds(9'223'372'037) == Duration::forever());
  REQUIRE(Duration::forever() - Duration::ns(-1) == Duration::forever());
  REQUIRE(least - Duration::ns(1) == least);
  REQUIRE(Duration::ns(5) - Duration::ns(7) == Duration::ns(-2));
  REQUIRE(3 * Duration::ns(-7) == Duration::ns(-21));
  REQUIRE(2 * Duration::seconds(5'000'000'000) == Duration::forever());
  REQUIRE(-2 * Duration::seconds(5'000'000'000) == least);
  REQUIRE(-1 * least == Duration::forever());
  REQUIRE(Time::at_ns(1) + Duration::forever() == Time::never());
}

}  // namespace headroom::sim
