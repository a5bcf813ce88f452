#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "app/scenario/arrival_file.hpp"
#include "app/scenario/checks.hpp"
#include "app/scenario/key_file.hpp"
#include "app/scenario/platform_file.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {

namespace {

constexpr std::size_t largest_file = 256 << 20;  // Chosen: eleven million requests of a trace.

/// The text of a file, or why it cannot be had.
std::optional<std::string> contents(const std::string& path, std::string& why) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) {
    why = fmt::format("there is no file \"{}\"", path);
    return std::nullopt;
  }
  if (!std::filesystem::is_regular_file(path, failed)) {
    why = fmt::format("\"{}\" is no regular file", path);
    return std::nullopt;
  }
  const auto size = std::filesystem::file_size(path, failed);
  if (!failed && size > largest_file) {
    why = fmt::format("the file has {} bytes, at most {} are read", size, largest_file);
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(failed ? 0 : size, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream || failed) {
    why = fmt::format("cannot read the file \"{}\"", path);
    return std::nullopt;
  }
  return text;
}

/// A file that the scenario names at `pointer`, as `read` takes its path and its text; nothing
/// where it is at fault, which was told.
template <class Read>
auto read_file(const Checking& checking, const std::string& pointer, const std::string& name,
               Read read) -> std::optional<decltype(read(name, name))> {
  const Place place = place_of(checking.document, pointer);
  Sources& sources = checking.diagnostics.sources;
  const std::string path = sources.path_from(place.file, name);
  std::string why;
  auto text = contents(path, why);
  if (!text) {
    checking.error(pointer, why, "paths start from the folder of the scenario");
    return std::nullopt;
  }
  auto file = read(path, *text);
  if (file.why.empty()) return file;
  Place at = place;
  if (file.is_text) {
    at = {sources.add(path, std::move(*text)), static_cast<std::uint32_t>(file.offset),
          static_cast<std::uint32_t>(file.length)};
  }
  checking.diagnostics.error(at, pointer, file.why, file.hint);
  return std::nullopt;
}

void read_replay(const Checking& checking, const std::string& workload, ReplayPlan& plan) {
  std::string pointer = "/workloads" + pointer_step(workload) + "/arrivals/replay";
  if (checking.is_given(pointer + "/file")) pointer += "/file";
  auto file = read_file(
      checking, pointer, plan.options().file, [](const std::string& path, const std::string& text) {
        return path.ends_with(".bin") ? read_arrival_trace(text) : read_arrival_list(text);
      });
  if (!file) return;
  plan.times = std::move(file->times);
  const double end_ns = static_cast<double>(checking.plan.run.duration.count_ns()) *
                        plan.options().speed * checking.plan.run.load;
  if (static_cast<double>(plan.times.back().count_ns()) > end_ns)
    checking.warning(
        pointer, "the run ends before the last of these arrivals",
        fmt::format("the last comes after {:.6g}s at speed 1", plan.times.back().in_seconds()));
}

void read_keys(const Checking& checking, const std::string& name, KeySpacePlan& plan) {
  const std::string pointer = "/keys" + pointer_step(name) + "/replay";
  auto file = read_file(checking, pointer, *plan.replay,
                        [](const std::string& path, const std::string& text) {
                          const bool is_trace = path.ends_with(".bin") || looks_like_trace(text);
                          return is_trace ? read_key_trace(text) : read_key_list(text);
                        });
  if (!file) return;
  plan.replayed = std::move(file->items);
  plan.replayed_sizes = std::move(file->sizes);
  plan.replayed_count = file->count;
}

void read_network(const Checking& checking, NetworkPlan& plan) {
  if (!plan.topology.platform) return;
  auto file = read_file(checking, "/network/platform", *plan.topology.platform,
                        [&](const std::string&, const std::string& text) {
                          return read_platform(text, checking.plan.zones);
                        });
  if (file) plan.topology.drawn = std::move(file->platform);
}

}  // namespace

void read_data_files(ScenarioPlan& plan, const Node& document, Diagnostics& diagnostics) {
  const Checking checking{plan, document, diagnostics};
  for (auto& [name, workload] : plan.workloads.entries)
    if (auto* replay = std::get_if<ReplayPlan>(&workload.arrivals.process))
      read_replay(checking, name, *replay);
  for (auto& [name, keys] : plan.keys.entries)
    if (keys.replay) read_keys(checking, name, keys);
  if (plan.network) read_network(checking, *plan.network);
}

}  // namespace headroom
