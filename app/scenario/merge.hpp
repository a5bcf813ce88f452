#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/scenario/document.hpp"

namespace headroom {

/// A scenario file with what it extends and the --set arguments applied. Paths after "extends" are
/// relative to the file they stand in; objects merge key by key, everything else is replaced, null
/// removes a key of the base. Paths of data files are made absolute.
std::optional<Node> load_scenario(const std::string& path, std::span<const std::string> settings,
                                  Diagnostics& diagnostics);

/// Deep-merges `overlay` into `base`. A null that removes nothing is an error.
void merge_into(Node& base, Node overlay, Diagnostics& diagnostics,
                const std::string& pointer = {});

/// One step of a PATH of --set: a key, or an index in a list. Dots separate keys; a backslash takes
/// the next character as it is ("slos.p99\.9.require"); "[2]" is an index.
struct PathStep {
  std::string key;
  std::optional<std::size_t> index;
  std::size_t offset = 0, length = 0;  ///< in the path
};
/// Where the path of "PATH=VALUE" ends; npos where no "=" follows it.
std::size_t find_equals(std::string_view argument);
/// Nothing and a reason in `why` where the path is not well formed.
std::optional<std::vector<PathStep>> parse_path(std::string_view path, std::string& why);

/// Applies a setting as it was typed: "PATH=VALUE" for --set, "--vary PATH=VALUE" for a value of a
/// sweep, "--seed VALUE" (also --replications, --duration) for an option that has a path of its
/// own, "--without TARGET" for a failure of that target from the start. VALUE is JSON if it reads
/// as JSON, else a string; null removes the key. The argument becomes a source, so that later
/// errors point into it. False after an error.
bool apply_setting(Node& root, const std::string& argument, Diagnostics& diagnostics);

/// The same as "PATH=VALUE": "run.seed=7" of "--seed 7".
std::string as_path(std::string_view setting);

/// Two settings as they were typed that give the same path different values, of which neither may
/// win silently: "--set a=1" and "--set a=2". Nothing where there are none.
std::optional<std::pair<std::string, std::string>> contradiction(
    std::span<const std::string> settings);

/// The setting, as it was typed, that gives this path a value: "--set run.load=2". Nothing where
/// there is none.
std::optional<std::string> setting_of(std::string_view path, std::span<const std::string> settings);

}  // namespace headroom
