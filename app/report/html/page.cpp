#include "app/report/html/page.hpp"

#include <fmt/format.h>

#include "app/report/html/assets.hpp"
#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"

namespace headroom {

namespace {

using namespace html;

// Only scripts that bear this word run, nothing is fetched: what slipped through escaping would
// still do nothing. The word need not be secret for handlers in attributes, which can bear none.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'nonce-headroom'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'";

std::string study_markup(const Part& part) {
  std::string text = headline(part);
  for (const auto write :
       {load_section, slo_section, failure_section, distribution_section, time_section,
        timeline_section, client_section, service_section, consistency_section, further_section,
        certainty_section, reproduce_section}) {
    text += write(part);
  }
  return "<article>\n" + text + "</article>\n";
}

std::string script(std::string_view source) {
  return fmt::format("<script nonce=\"headroom\">\n{}\n</script>\n", source);
}

}  // namespace

std::string html_page(const std::string& title, const std::string& body, const Charts& charts) {
  std::string text = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  text += fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n", policy);
  text +=
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n";
  text += fmt::format("<title>{}</title>\n<style>\n{}\n</style>\n</head>\n", escaped(title),
                      page_style());
  text += "<body>\n<main>\n" + body +
          "<noscript><p class=\"note\">Charts need JavaScript; every figure is in the tables."
          "</p></noscript>\n</main>\n";
  text += fmt::format("<footer>headroom {}, a simulation: figures are of the model.</footer>\n",
                      HEADROOM_VERSION);
  text += fmt::format(
      "<script nonce=\"headroom\" type=\"application/json\" id=\"charts\">{}</script>\n",
      script_json(charts.document()));
  return text + script(chart_js()) + script(page_script()) + "</body>\n</html>\n";
}

namespace {

/// The designs that a comparison has run, each a study in a folder of its own.
bool add_designs(const ReportSource& source, const nlohmann::ordered_json& document,
                 std::vector<Recorded>& studies, std::string& why) {
  std::size_t number = 0;
  for (const auto& design : below(document, {"designs"})) {
    const std::string folder = fmt::format("design-{}/", ++number);
    std::vector<ResultFile> files;
    for (const ResultFile& file : source.files) {
      if (file.path.starts_with(folder))
        files.push_back({file.path.substr(folder.size()), file.content});
    }
    auto study = recorded_of(files, text_of(below(design, {"name"})), why);
    if (!study) return false;
    studies.push_back(std::move(*study));
  }
  return true;
}

}  // namespace

std::optional<std::string> html_report(const std::vector<ReportSource>& sources, std::string& why) {
  std::vector<Recorded> studies;
  nlohmann::ordered_json compared;
  for (const ReportSource& source : sources) {
    auto study = recorded_of(source.files, source.label, why);
    if (!study) return std::nullopt;
    if (!study->document.contains("differences")) {
      studies.push_back(std::move(*study));
    } else if (!add_designs(source, study->document, studies, why)) {
      return std::nullopt;
    } else if (sources.size() == 1) {
      compared = std::move(study->document);
    }
  }
  Charts charts;
  std::string body = comparison(studies, compared, charts);
  for (std::size_t i = 0; i < studies.size(); ++i)
    body += study_markup({studies[i], charts, fmt::format("s{}", i + 1)});
  const std::string title =
      studies.size() == 1
          ? fmt::format("{}: {}", judgement_of(studies.front()).word, studies.front().title())
          : std::string("Studies side by side");
  return html_page(title, body, charts);
}

void add_report(std::vector<ResultFile>& files) {
  std::string why;
  auto report = html_report({{"", files}}, why);
  if (report) files.push_back({"report.html", std::move(*report)});
}

}  // namespace headroom
