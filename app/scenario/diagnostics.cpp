#include "app/scenario/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headroom {

namespace {

/// Length of the UTF-8 sequence at the start of `text` and its code point; 0 when it is not UTF-8.
std::size_t decode(std::string_view text, char32_t& code_point) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (length > text.size() || (lead >= 0x80 && lead < 0xC2) || lead > 0xF4) return 0;
  code_point = length == 1 ? lead : lead & (0xFF >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code_point = code_point << 6 | (byte(i) & 0x3F);
  }
  return length;
}

/// Marks that reorder or hide text on a screen.
bool is_invisible(char32_t c) {
  return (c >= 0x80 && c < 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

/// A window of a line, already visible, that holds the caret.
struct Excerpt {
  std::string text;
  std::size_t caret = 0, carets = 1;  // in characters
};

std::size_t byte_of_character(std::string_view text, std::size_t character) {
  std::size_t byte = 0;
  for (; byte < text.size(); ++byte) {
    const bool starts = (static_cast<unsigned char>(text[byte]) & 0xC0) != 0x80;
    if (starts && character-- == 0) break;
  }
  return byte;
}

/// The line from at most 4 kB around the place, so that a file of one endless line costs nothing.
Excerpt excerpt(const Location& location, std::uint32_t length) {
  constexpr std::size_t widest = 100, ahead = 60, look = 2000;
  const std::string_view line = location.line_text;
  const std::size_t at = std::min<std::size_t>(location.offset_in_line, line.size());
  const std::size_t from = at > look ? at - look : 0;
  const std::size_t marked = std::min<std::size_t>({length, line.size() - at, look});
  const std::string before = visible(line.substr(from, at - from));
  const std::string middle = visible(line.substr(at, marked));
  const std::string after = visible(line.substr(at + marked, look));

  Excerpt result;
  result.text = before + middle + after;
  result.caret = count_characters(before);
  result.carets = std::max<std::size_t>(1, count_characters(middle));
  const std::size_t total = count_characters(result.text);
  if (total <= widest) return result;

  const std::size_t start = result.caret > ahead ? result.caret - ahead : 0;
  const std::size_t stop = std::min(total, start + widest);
  const std::size_t first = byte_of_character(result.text, start);
  const std::size_t last = byte_of_character(result.text, stop);
  result.text = (start > 0 ? "..." : "") + result.text.substr(first, last - first) +
                (stop < total ? "..." : "");
  result.caret = result.caret - start + (start > 0 ? 3 : 0);
  result.carets = std::min(result.carets, stop > start + ahead ? widest - ahead : std::size_t{1});
  return result;
}

const char* word(Diagnostic::Severity severity) {
  return severity == Diagnostic::Severity::error ? "error" : "warning";
}

}  // namespace

std::string visible(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    char32_t c = 0;
    const std::size_t length = decode(text, c);
    if (length == 0)
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    else if (c == '\t')
      result += "  ";
    else if (c < 0x20 || c == 0x7F)
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    else if (is_invisible(c))
      result += fmt::format("<U+{:04X}>", static_cast<unsigned>(c));
    else
      result += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

void Diagnostics::error(Place place, std::string pointer, std::string message, std::string hint) {
  all_.push_back({Diagnostic::Severity::error, place, std::move(pointer), std::move(message),
                  std::move(hint)});
}

void Diagnostics::warning(Place place, std::string pointer, std::string message, std::string hint) {
  all_.push_back({Diagnostic::Severity::warning, place, std::move(pointer), std::move(message),
                  std::move(hint)});
}

std::size_t Diagnostics::error_count() const {
  return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [](const Diagnostic& d) {
    return d.severity == Diagnostic::Severity::error;
  }));
}

std::vector<Diagnostic> Diagnostics::take_since(std::size_t mark) {
  const auto first = all_.begin() + static_cast<std::ptrdiff_t>(mark);
  std::vector<Diagnostic> taken(std::make_move_iterator(first),
                                std::make_move_iterator(all_.end()));
  all_.erase(first, all_.end());
  return taken;
}

void Diagnostics::put_back(std::vector<Diagnostic> diagnostics) {
  for (Diagnostic& diagnostic : diagnostics)
    all_.push_back(std::move(diagnostic));
}

std::vector<const Diagnostic*> Diagnostics::in_order(Diagnostic::Severity severity) const {
  std::vector<const Diagnostic*> ordered;
  for (const Diagnostic& diagnostic : all_)
    if (diagnostic.severity == severity) ordered.push_back(&diagnostic);
  std::stable_sort(ordered.begin(), ordered.end(), [](const Diagnostic* a, const Diagnostic* b) {
    return std::pair(a->place.file, a->place.offset) < std::pair(b->place.file, b->place.offset);
  });
  return ordered;
}

std::string Diagnostics::message_text(const Diagnostic& diagnostic) const {
  const Location location = sources.locate(diagnostic.place);
  const std::string number = std::to_string(location.line);
  const std::string gutter(number.size() + 2, ' ');
  const Excerpt line = excerpt(location, diagnostic.place.length);

  std::string text =
      fmt::format("{}:{}:{}: {}: {}\n", visible(location.file), location.line, location.column,
                  word(diagnostic.severity), visible(diagnostic.message));
  text += fmt::format("  {} | {}\n", number, line.text);
  text += fmt::format("{} | {}{}{}{}\n", gutter, std::string(line.caret, ' '),
                      std::string(line.carets, '^'), diagnostic.hint.empty() ? "" : " ",
                      visible(diagnostic.hint));
  if (!diagnostic.pointer.empty())
    text += fmt::format("{} at {}\n", gutter, visible(diagnostic.pointer));
  return text;
}

std::string Diagnostics::text() const {
  std::string text;
  for (auto severity : {Diagnostic::Severity::error, Diagnostic::Severity::warning}) {
    const auto ordered = in_order(severity);
    for (std::size_t i = 0; i < ordered.size() && i < shown_at_most; ++i)
      text += message_text(*ordered[i]);
    if (ordered.size() > shown_at_most)
      text += fmt::format("and {} more {}s\n", ordered.size() - shown_at_most, word(severity));
  }
  return text;
}

nlohmann::ordered_json Diagnostics::message_json(const Diagnostic& diagnostic) const {
  const Location location = sources.locate(diagnostic.place);
  return {{"severity", word(diagnostic.severity)},
          {"file", visible(location.file)},
          {"line", location.line},
          {"column", location.column},
          {"pointer", visible(diagnostic.pointer)},
          {"message", visible(diagnostic.message)},
          {"hint", visible(diagnostic.hint)}};
}

nlohmann::ordered_json Diagnostics::error_json(int code) const {
  auto messages = nlohmann::ordered_json::array();
  std::size_t omitted = 0;
  for (auto severity : {Diagnostic::Severity::error, Diagnostic::Severity::warning}) {
    const auto ordered = in_order(severity);
    for (std::size_t i = 0; i < ordered.size(); ++i) {
      if (i < shown_at_most)
        messages.push_back(message_json(*ordered[i]));
      else
        ++omitted;
    }
  }
  return {{"error", {{"code", code}, {"messages", messages}, {"omitted", omitted}}}};
}

nlohmann::ordered_json Diagnostics::warnings_json() const {
  auto messages = nlohmann::ordered_json::array();
  for (const Diagnostic* diagnostic : in_order(Diagnostic::Severity::warning))
    messages.push_back(message_json(*diagnostic));
  return messages;
}

}  // namespace headroom
