#include "app/study/mpi_ranks.hpp"

namespace headroom {

bool has_mpi() {
  return false;
}

Joined join_ranks() {
  return {};
}

}  // namespace headroom
