#pragma once

// The flow engine and SimGrid used directly, on the same links and transfers. SimGrid can be
// started once in a process, so each is run in a child of its own.

#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "models/network/network.hpp"
#include "models/network/port.hpp"

namespace headroom::flow_rig {

struct Way {
  std::vector<std::uint32_t> links;
  double latency_s = 0;
};
struct Sending {
  std::size_t way = 0;
  double at_s = 0;
  std::int64_t bytes = 0;
};
struct Rig {
  FlowModel model = FlowModel::exact;
  std::vector<double> bytes_per_s;  ///< Of the links.
  std::vector<Way> ways;
  std::vector<Sending> sendings;
  bool acknowledgements_share = true;  ///< The way back is the way there.
};

/// What `numbers` returns, computed in another process.
inline std::vector<double> in_child(const std::function<std::vector<double>()>& numbers) {
  int ends[2];
  if (::pipe(ends) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    const std::vector<double> found = numbers();
    const auto* bytes = reinterpret_cast<const char*>(found.data());
    std::size_t left = found.size() * sizeof(double);
    while (left > 0) {
      const ssize_t written = ::write(ends[1], bytes, left);
      if (written <= 0) break;
      bytes += written;
      left -= static_cast<std::size_t>(written);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::vector<double> found;
  double number = 0;
  while (::read(ends[0], &number, sizeof number) == static_cast<ssize_t>(sizeof number))
    found.push_back(number);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status)) found.clear();  // It died: there is nothing to believe.
  return found;
}

/// When each sending has arrived, in seconds: by the flow engine.
std::vector<double> arrivals_by_headroom(const Rig& rig);
/// By SimGrid with an actor at each end of each transfer.
std::vector<double> arrivals_by_actors(const Rig& rig);

}  // namespace headroom::flow_rig
