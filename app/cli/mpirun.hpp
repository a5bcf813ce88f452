#pragma once

#include <string>
#include <vector>

namespace headroom {

/// Whether mpirun started this process, as one of several.
bool is_started_by_mpirun();
/// Goes on as the program that is linked with MPI, which stands beside this one: linking it costs
/// a tenth of a second of every start. Returns an exit code only where there is none; rank 0 said
/// so.
int become_mpi_program(const std::vector<std::string>& words);

}  // namespace headroom
