#include "app/study/mpi_ranks.hpp"

#include <catch2/catch.hpp>

namespace headroom {

TEST_CASE("what MPI cannot count in an int is refused before it is sent") {
  constexpr std::size_t most = (std::size_t{1} << 31) - 1;
  CHECK(size_for_mpi(0) == 0);
  CHECK(size_for_mpi(most) == 2147483647);
  CHECK_THROWS_AS(size_for_mpi(most + 1), RunLost);
  CHECK_THROWS_AS(size_for_mpi(std::size_t{1} << 32), RunLost);
}

}  // namespace headroom
