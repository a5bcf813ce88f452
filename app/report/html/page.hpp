#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/report/html/chart.hpp"
#include "app/report/result_files.hpp"

namespace headroom {

/// The files of one study and what to call it where there are several.
struct ReportSource {
  std::string label;
  std::vector<ResultFile> files;
};

/// One HTML page on one study, or on several side by side. It needs no network and no other file;
/// text, tables and drawings are there without scripts, charts need them. The same files give the
/// same bytes. Nothing, with the reason in `why`, where a source is not a study.
std::optional<std::string> html_report(const std::vector<ReportSource>& sources, std::string& why);

/// Adds report.html to the files of a study, as -o writes them.
void add_report(std::vector<ResultFile>& files);

/// A whole page of that title around `body`, which may hold charts.
std::string html_page(const std::string& title, const std::string& body,
                      const html::Charts& charts);

}  // namespace headroom
