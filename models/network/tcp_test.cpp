#include "models/network/tcp.hpp"

#include <catch2/catch.hpp>

using namespace headroom;

TEST_CASE("TCP: what loss, a window and a long path allow", "[network]") {
  // Mathis et al. 1997, worked out by hand: 1460 B, 100 ms, one segment in 10,000 lost.
  CHECK(mathis_bytes_per_s(0.1, 1e-4) * 8 / 1e6 == Approx(14.3050).epsilon(1e-5));
  CHECK(mathis_bytes_per_s(0.2, 1e-4) == Approx(mathis_bytes_per_s(0.1, 1e-4) / 2));
  CHECK(mathis_bytes_per_s(0.1, 4e-4) == Approx(mathis_bytes_per_s(0.1, 1e-4) / 2));
  CHECK(std::isinf(mathis_bytes_per_s(0.1, 0)));
  CHECK(window_bytes_per_s(65'536, 0.1) * 8 / 1e6 == Approx(5.2429).epsilon(1e-4));
  CHECK(bandwidth_delay_bytes(10e9 / 8, 0.1) == Approx(125e6));
}
