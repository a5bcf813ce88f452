#include "app/report/html/markup.hpp"

#include <fmt/format.h>

#include "app/scenario/diagnostics.hpp"

namespace headroom::html {

namespace {

std::string escaped_line(std::string_view line) {
  std::string safe;
  for (const char c : visible(line)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  while (true) {
    const std::size_t end = text.find('\n');
    safe += escaped_line(text.substr(0, end));
    if (end == std::string_view::npos) return safe;
    safe += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string script_json(const nlohmann::ordered_json& document) {
  // ASCII only, so that no line separator of Unicode is left either.
  const std::string plain =
      document.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
  std::string safe;
  for (const char c : plain) {
    if (c == '<' || c == '>' || c == '&') {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string data_address(std::string_view type, std::string_view bytes) {
  std::string address = fmt::format("data:{};charset=utf-8,", type);
  for (const char c : bytes) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("-_.~!*(),:{}[]").find(c) != std::string_view::npos;
    address += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return address;
}

std::string unbroken(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\n';
    if (is_space && (line.empty() || line.back() == ' ')) continue;
    line += is_space ? ' ' : c;
  }
  while (!line.empty() && line.back() == ' ')
    line.pop_back();
  return line;
}

std::string badge(std::string_view kind, std::string_view word) {
  const std::string_view mark = kind == "met"         ? "✓"
                                : kind == "missed"    ? "✕"
                                : kind == "undecided" ? "?"
                                                      : "•";
  return fmt::format(
      R"(<span class="badge {}"><span class="mark" aria-hidden="true">{}</span>{}</span>)", kind,
      mark, word);
}

std::string section(std::string_view id, std::string_view heading, const std::string& body) {
  if (body.empty()) return {};
  return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", escaped(id),
                     escaped(heading), body);
}

std::string paragraph(std::string_view text, std::string_view kind) {
  if (text.empty()) return {};
  const std::string classes = kind.empty() ? "" : fmt::format(" class=\"{}\"", kind);
  return fmt::format("<p{}>{}</p>\n", classes, escaped(text));
}

std::string folded(std::string_view heading, const std::string& body) {
  if (body.empty()) return {};
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", escaped(heading), body);
}

namespace {

/// A figure may break before its interval or what it is a part of, and nowhere else.
std::string breakable(const std::string& escaped_text) {
  std::string text;
  for (std::size_t i = 0; i < escaped_text.size(); ++i) {
    const std::string_view rest = std::string_view(escaped_text).substr(i);
    const bool is_after_space = i > 0 && escaped_text[i - 1] == ' ';
    if (is_after_space && (rest.starts_with('[') || rest.starts_with('(') || rest.starts_with("±")))
      text += "<wbr>";
    text += escaped_text[i];
  }
  return text;
}

}  // namespace

void Table::column(std::string heading, Align align) {
  columns_.push_back({std::move(heading), align});
}

void Table::row(std::vector<Cell> cells, std::string kind) {
  rows_.push_back({std::move(cells), std::move(kind)});
}

std::string Table::text() const {
  if (rows_.empty()) return {};
  const bool has_verdict = !columns_.empty() && columns_.back().heading == "verdict";
  // A frame that scrolls must be reachable by keyboard and say what it holds.
  std::string text = says_caption_ ? paragraph(caption_, "caption") : std::string();
  text += fmt::format(
      "<div class=\"frame\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table{}>\n"
      "<thead><tr>",
      escaped(caption_),
      has_verdict ? fmt::format(" class=\"judged{}{}\"", kind_.empty() ? "" : " ", kind_) : "");
  const auto classes = [&](std::size_t column) {
    switch (columns_[column].align) {
      case Align::left:
        return R"( class="l")";
      case Align::prose:
        return R"( class="l w")";
      case Align::right:
        break;
    }
    return "";
  };
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    text += fmt::format("<th scope=\"col\"{}>{}</th>", classes(column),
                        escaped(columns_[column].heading));
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const Row& row : rows_) {
    text += row.kind.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", row.kind);
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
      const Cell& cell = row.cells[column];
      const bool is_figure = column > 0 && columns_[column].align == Align::right;
      const std::string content = cell.is_markup ? cell.text
                                  : is_figure    ? breakable(escaped(cell.text))
                                                 : escaped(cell.text);
      text += column == 0 ? fmt::format("<th scope=\"row\"{}>{}</th>", classes(0), content)
                          : fmt::format("<td{}>{}</td>", classes(column), content);
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

}  // namespace headroom::html
