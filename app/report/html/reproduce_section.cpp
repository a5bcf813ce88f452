#include <fmt/format.h>

#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"
#include "app/report/sweep_text.hpp"
#include "app/study/reproduction.hpp"

namespace headroom::html {

namespace {

std::string command(const Recorded& study) {
  if (!study.is_sweep()) return "headroom run scenario.resolved.json\n";
  std::string text = "headroom sweep scenario.resolved.json";
  for (const auto& [path, values] : below(study.scenario, {"x-study", "vary"}).items()) {
    std::string list;
    for (const auto& value : values)
      list += (list.empty() ? "" : ",") + text_of(value);
    text += " --vary " + shell_word(path + "=" + list);
  }
  return text + "\n";
}

std::string row(std::string_view name, const std::string& value) {
  if (value.empty()) return {};
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, escaped(value));
}

}  // namespace

std::string reproduce_section(const Part& part) {
  const Recorded& study = part.study;
  const Summary& summary = study.summary;
  std::string body;
  if (!study.scenario_text.empty()) {
    body +=
        "<p>The same seed gives the same bytes, on any number of threads. With the scenario below, "
        "or in the result directory:</p>\n";
    body += fmt::format("<pre class=\"command\">{}</pre>\n", escaped(command(study)));
    if (!study.is_sweep())
      body += "<p><code>headroom replay DIR</code> compares the digest as well.</p>\n";
  }
  const bool is_varied = study.is_sweep() && !have_one_seed(study.points);
  const std::string seed = is_varied ? "as varied" : fmt::format("{}", summary.seed);
  body += "<dl class=\"facts small\">\n" + row("seed", seed) + row("digest", summary.digest) +
          row("events", summary.events > 0 ? count_text(summary.events) : std::string()) +
          row("headroom", HEADROOM_VERSION) + "</dl>\n";
  if (!study.scenario_text.empty()) {
    body += fmt::format(
        "<p><a download=\"scenario.resolved.json\" href=\"{}\">Download "
        "scenario.resolved.json</a></p>\n",
        data_address("application/json", study.scenario_text));
    body += folded("The scenario, every default written out",
                   fmt::format("<pre tabindex=\"0\">{}</pre>\n", escaped(study.scenario_text)));
  }
  return section(part.prefix + "-again", "How to get the same again", body);
}

}  // namespace headroom::html
