#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace headroom::html {

/// One operation of a space-time diagram.
struct SpaceTimeOperation {
  std::string process;  ///< Whose line it stands on: "process 3".
  std::string label;    ///< "write x 1"
  std::string key, value;
  bool writes = false;
  double call_s = 0;
  std::optional<double> return_s;  ///< None: nobody knows whether and when it happened.
};

/// A line for each process, time to the right, an operation as a bar from its call to its return
/// (an open one fades out), and an arrow from each write to those who read it. Times keep their
/// order and not their distances: what is far apart would leave nothing to see. Where they are
/// positions in a history and no times, that is what they are called. An <svg> element that stands
/// by itself, as a file too.
std::string space_time_drawing(const std::vector<SpaceTimeOperation>& operations,
                               const std::string& title, bool are_times = true);

}  // namespace headroom::html
