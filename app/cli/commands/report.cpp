#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/report/html/page.hpp"
#include "app/report/result_directory.hpp"
#include "app/scenario/diagnostics.hpp"

namespace headroom {

namespace {

namespace fs = std::filesystem;

/// Whether a report is made of this file; histories and traces may be large and are not read.
bool is_told(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "summary.json" || name == "scenario.resolved.json" || name == "timeseries.csv" ||
         name == "events.jsonl" || (name.starts_with("latency.") && name.ends_with(".hgrm"));
}

void add_files(const fs::path& directory, const std::string& prefix,
               std::vector<ResultFile>& files) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error))
    entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  for (const fs::path& entry : entries) {
    const std::string name = entry.filename().string();
    const bool is_part =
        prefix.empty() && (name.starts_with("point-") || name.starts_with("design-"));
    if (is_part && fs::is_directory(entry, error)) {
      add_files(entry, name + "/", files);
    } else if (is_told(entry) && fs::is_regular_file(entry, error)) {
      ResultFile file{prefix + name, {}};
      std::string why;
      if (read_file(entry.string(), file.content, why)) files.push_back(std::move(file));
    }
  }
}

int report(Session& session) {
  Console& console = session.console;
  const auto& directories = session.directories;
  if (directories.size() > 1 && !session.study.directory) {
    return console.error(exit_bad_input, "several directories need a file to write to",
                         "headroom report DIR DIR -o FILE.html");
  }
  std::vector<ReportSource> sources;
  for (const std::string& directory : directories) {
    ReportSource source{directories.size() > 1 ? directory : std::string(), {}};
    std::string content, why;
    // Says better than an empty report what is wrong with the name.
    if (!read_file(directory + "/summary.json", content, why)) {
      return console.error(exit_failure, why,
                           "report needs a directory that headroom run, sweep, capacity or compare "
                           "has written with -o");
    }
    add_files(directory, "", source.files);
    if (!html_report({source}, why)) {
      return console.error(exit_failure, fmt::format("{}: {}", visible(directory), why));
    }
    sources.push_back(std::move(source));
  }
  std::string why;
  const auto page = html_report(sources, why);
  if (!page) return console.error(exit_failure, why);
  const std::string file = session.study.directory
                               ? *session.study.directory
                               : (fs::path(directories.front()) / "report.html").string();
  why = write_file(file, *page);
  if (!why.empty()) return console.error(exit_failure, why);
  if (console.json()) {
    console.answer(nlohmann::ordered_json{{"written", file}});
  } else if (!console.quiet()) {
    console.answer(fmt::format("{}\n", visible(file)));
  }
  return exit_met;
}

}  // namespace

void add_report(Session& session) {
  Command command = session.line.add(
      "report", "Write the page of a result directory again, or of several side by side.");
  command.arguments("DIR", session.directories, 1,
                    "What headroom run, sweep, capacity or compare has written with -o; several "
                    "are told side by side.");
  command.option("-o,--output", session.study.directory, "FILE",
                 "The page to write. Default for one directory: its report.html.");
  add_console_options(command, session.options);
  command.footer("Example: headroom report before after -o comparison.html");
  command.action([&session] { return report(session); });
}

}  // namespace headroom
