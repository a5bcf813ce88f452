#include "app/cli/mpirun.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "app/cli/exit_code.hpp"

namespace headroom {

namespace {

/// What Open MPI, and launchers that speak PMIx, tell each process.
const char* rank_of_this_process() {
  const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");
  return rank != nullptr ? rank : std::getenv("PMIX_RANK");
}

}  // namespace

bool is_started_by_mpirun() {
  return rank_of_this_process() != nullptr;
}

int become_mpi_program(const std::vector<std::string>& words) {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  const std::string program = (self.parent_path() / "headroom-mpi").string();
  std::vector<char*> arguments{const_cast<char*>("headroom")};
  for (const auto& word : words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  if (rank_of_this_process() == std::string_view("0")) {
    std::fputs(
        "headroom: error: started by mpirun, but built without MPI\n"
        "  hint: install libopenmpi-dev and openmpi-bin and build again, or start it alone\n",
        stderr);
  }
  return exit_failure;
}

}  // namespace headroom
