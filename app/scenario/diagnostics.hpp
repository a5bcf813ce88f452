#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/scenario/sources.hpp"

namespace headroom {

struct Diagnostic {
  enum class Severity { error, warning };
  Severity severity = Severity::error;
  Place place;
  std::string pointer;  ///< JSON pointer of the value; empty where there is none
  std::string message, hint;
};

/// All errors and warnings of a scenario, with the texts they point into.
class Diagnostics {
 public:
  static constexpr std::size_t shown_at_most = 20;

  Sources sources;

  void error(Place place, std::string pointer, std::string message, std::string hint = {});
  void warning(Place place, std::string pointer, std::string message, std::string hint = {});

  bool has_errors() const { return error_count() > 0; }
  std::size_t error_count() const;
  std::size_t warning_count() const { return all_.size() - error_count(); }
  const std::vector<Diagnostic>& all() const { return all_; }

  /// What was reported since a mark can be taken back: alternatives are read on trial.
  std::size_t mark() const { return all_.size(); }
  std::vector<Diagnostic> take_since(std::size_t mark);
  void put_back(std::vector<Diagnostic> diagnostics);

  /// Everything for a terminal, in the order of the file, errors before warnings, each as
  ///   file:line:column: error: message
  ///     line | text
  ///          |   ^^^^ hint
  ///        at /json/pointer
  /// Control characters are made visible, long lines trimmed around the caret.
  std::string text() const;

  /// {"error": {"code": 2, "messages": [MESSAGE...], "omitted": n}}, a MESSAGE being
  /// {"severity", "file", "line", "column", "pointer", "message", "hint"}.
  nlohmann::ordered_json error_json(int code = 2) const;
  /// The list of MESSAGEs of the warnings, for a report.
  nlohmann::ordered_json warnings_json() const;

 private:
  std::vector<const Diagnostic*> in_order(Diagnostic::Severity severity) const;
  nlohmann::ordered_json message_json(const Diagnostic& diagnostic) const;
  std::string message_text(const Diagnostic& diagnostic) const;

  std::vector<Diagnostic> all_;
};

/// The text with control characters, bidirectional marks and bytes that are not UTF-8 written out
/// ("\x1b", "<U+202E>", "\xff"), so that it cannot play tricks with a terminal.
std::string visible(std::string_view text);

}  // namespace headroom
