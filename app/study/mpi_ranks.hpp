#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>

#include "app/study/job.hpp"

namespace headroom {

/// The other processes that mpirun started, on this machine or on others; each simulates one run
/// at a time for this one, which hands them out as they get done. What they find is the same to the
/// last bit, whoever found it.
class Ranks {
 public:
  virtual ~Ranks() = default;
  virtual unsigned count() const = 0;
  /// Simulates on rank 1 to count(); each from one thread at a time, different ones from different
  /// threads. `go_on` as for `simulate`. Throws RunLost.
  virtual RunResult run(unsigned rank, const Job& job,
                        const std::function<bool(double)>& go_on) = 0;
};

/// What this process is to do under mpirun.
struct Joined {
  std::unique_ptr<Ranks> ranks;  ///< Only rank 0 has them, and commands to carry out.
  std::string obstacle;          ///< On rank 0: why the ranks do not fit together.
};

/// Whether this program was linked with MPI: headroom-mpi is.
bool has_mpi();
/// Joins the other ranks. On all but rank 0 it comes back when rank 0 needs no more runs; on rank 0
/// the others are dismissed when `ranks` goes.
Joined join_ranks();

/// So many bytes as MPI counts those of a message. Throws RunLost where it cannot.
inline int size_for_mpi(std::size_t bytes) {
  if (bytes > std::numeric_limits<int>::max())
    throw RunLost("is told in more bytes than a message of MPI can have");
  return static_cast<int>(bytes);
}

/// A number that differs where this program, or the mathematical functions of its library, differ:
/// results of such machines must not be mixed.
std::uint64_t probe_of_program();

}  // namespace headroom
