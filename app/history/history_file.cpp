#include "app/history/history_file.hpp"

#include <algorithm>
#include <array>

#include "app/history/line_readers.hpp"
#include "app/report/result_directory.hpp"
#include "app/scenario/data_file.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

using consistency::History;
using consistency::Model;
using consistency::Question;
using nlohmann::json;

constexpr std::size_t most_operations = 10'000'000;  // Chosen: what a gigabyte holds.

constexpr std::array<std::string_view, 8> model_words{
    "register", "cas-register", "multi-register", "kv", "set", "queue", "mutex", "counter"};

bool fits(Model model, Function f) {
  switch (model) {
    case Model::value_register:
      return f == Function::read || f == Function::write;
    case Model::cas_register:
      return f == Function::read || f == Function::write || f == Function::cas;
    case Model::multi_register:
      return f == Function::txn;
    case Model::kv:
      return f == Function::read || f == Function::write || f == Function::append;
    case Model::set:
      return f == Function::read || f == Function::add || f == Function::remove;
    case Model::queue:
      return f == Function::enqueue || f == Function::dequeue;
    case Model::mutex:
      return f == Function::acquire || f == Function::release;
    case Model::counter:
      return f == Function::read || f == Function::add;
  }
  return false;
}

/// The first model that all operations fit. What is added to is a set where reads bring lists.
Model guessed(const History& history, const ReadForms& reads) {
  for (const Model model : {Model::value_register, Model::cas_register, Model::kv, Model::set,
                            Model::counter, Model::queue, Model::mutex}) {
    if (model == Model::set && reads.value != 0) continue;
    if (std::all_of(history.operations.begin(), history.operations.end(),
                    [&](const auto& each) { return fits(model, each.f); }))
      return model;
  }
  return Model::multi_register;
}

/// Initial values as JSON; also {x 0 y 0}, as Clojure writes it. False where it is neither.
bool read_initial(const std::string& text, HistoryFile& file) {
  HistoryValues values(file.history);
  const auto keyed = [&](const std::string& name, const json& value) {
    const auto number = values.value(value);
    const auto& names = file.history.key_names;
    const auto at = std::find(names.begin(), names.end(), name);
    if (number && at != names.end()) {
      file.question.initials.emplace_back(static_cast<std::uint64_t>(at - names.begin()), *number);
    }
    return number.has_value();
  };
  const json parsed = json::parse(text, nullptr, false);
  if (parsed.is_object()) {
    for (const auto& [name, value] : parsed.items()) {
      if (!keyed(name, value)) return false;
    }
    return true;
  }
  if (!parsed.is_discarded()) {
    const auto number = values.value(parsed);
    file.question.initial = number.value_or(no_value);
    return number.has_value();
  }
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
  std::vector<std::string> words{""};
  for (const char c : text.substr(1, text.size() - 2)) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    if (!keyed(words[i], json::parse(words[i + 1], nullptr, false))) return false;
  }
  return words.size() % 2 == 0;
}

class Reading {
 public:
  Reading(std::uint32_t source, const HistoryHints& hints, Diagnostics& diagnostics)
      : source_(source), hints_(hints), diagnostics_(diagnostics) {}

  std::optional<HistoryFile> run() {
    const std::string_view text = diagnostics_.sources.text(source_);
    if (!take_lines(text)) return std::nullopt;
    std::uint32_t line = 0;
    const std::string fault = *tabs_ ? operations_.finish(line) : events_.finish(line);
    if (!fault.empty()) return refuse(line, fault);
    auto& all = file_.history.operations;
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.call < b.call; });
    if (!settle_question()) return std::nullopt;
    return std::move(file_);
  }

 private:
  bool take_lines(std::string_view text) {
    Lines lines(text);
    std::string_view line;
    for (std::uint32_t number = 1; lines.next(line); ++number) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      starts_.push_back(line);
      if (line.empty()) continue;
      if (line.front() == '#') {
        take_header(line, number);
        continue;
      }
      if (!tabs_) tabs_ = line.front() != '{';
      if (number > most_operations) {
        refuse(number, "a history may have " + std::to_string(most_operations) + " lines");
        return false;
      }
      const std::string fault =
          *tabs_ ? operations_.take(line, number) : events_.take(line, number);
      if (fault.empty()) continue;
      refuse(number, fault);
      if (diagnostics_.error_count() >= Diagnostics::shown_at_most) return false;
    }
    if (!tabs_) refuse(1, "the history is empty");
    return !diagnostics_.has_errors();
  }

  void take_header(std::string_view line, std::uint32_t number) {
    const auto said = [&](std::string_view word, Header& to) {
      if (line.starts_with(word)) to = {std::string(line.substr(word.size())), number};
    };
    said("#model ", model_);
    said("#initial ", initial_);
    if (model_.value) tabs_ = true;
  }

  /// The model and the initial value, of the command line, the file or the operations.
  bool settle_question() {
    const auto& wanted = hints_.model ? hints_.model : model_.value;
    const ReadForms& reads = *tabs_ ? operations_.reads() : events_.reads();
    file_.question.model = guessed(file_.history, reads);
    if (wanted) {
      const auto model = model_named(*wanted);
      if (!model) {
        diagnostics_.error(place_of("--model", hints_.model, model_), {},
                           "no model \"" + visible(*wanted) + "\"",
                           suggestion(*wanted, model_words));
        return false;
      }
      file_.question.model = *model;
    }
    const Model model = file_.question.model;
    for (const auto& each : file_.history.operations) {
      if (fits(model, each.f)) continue;
      refuse(each.place, "\"" + file_.history.says(each) + "\" is nothing that model " +
                             name_of(model) + " does");
      return false;
    }
    const bool is_set = model == Model::set;
    if (const std::uint32_t line = is_set ? reads.value : reads.list; line != 0) {
      refuse(line, std::string("a read brings ") + (is_set ? "no list" : "a list") +
                       ", which model " + name_of(model) + " does not do");
      return false;
    }
    for (const auto& each : file_.history.operations) {
      if (model != Model::counter || each.f == Function::read || each.value == 1) continue;
      refuse(each.place,
             "\"" + file_.history.says(each) + "\": a counter is checked with adds of 1");
      return false;
    }
    const auto& initial = hints_.initial ? hints_.initial : initial_.value;
    if (!initial || read_initial(*initial, file_)) return true;
    diagnostics_.error(place_of("--initial", hints_.initial, initial_), {},
                       "the initial value " + visible(*initial) + " is not one",
                       "a whole number, a text in quotes, null, or {\"key\": value}");
    return false;
  }

  /// What a line that begins with # says.
  struct Header {
    std::optional<std::string> value;
    std::uint32_t line = 0;
  };

  Place place_of(std::uint32_t line) const {
    if (line < 1 || line > starts_.size()) return {source_, 0, 0};
    const std::string_view text = diagnostics_.sources.text(source_), here = starts_[line - 1];
    return {source_, static_cast<std::uint32_t>(here.data() - text.data()),
            static_cast<std::uint32_t>(here.size())};
  }
  /// Where it was said: by the option, if that was given, else in the file.
  Place place_of(const char* option, const std::optional<std::string>& given,
                 const Header& header) {
    if (!given) return place_of(header.line);
    return {diagnostics_.sources.add(option, *given), 0, static_cast<std::uint32_t>(given->size())};
  }

  std::nullopt_t refuse(std::uint32_t line, std::string why) {
    diagnostics_.error(place_of(line), {}, std::move(why));
    return std::nullopt;
  }

  std::uint32_t source_;
  const HistoryHints& hints_;
  Diagnostics& diagnostics_;
  HistoryFile file_;
  EventLines events_{file_.history};
  OperationLines operations_{file_.history};
  std::optional<bool> tabs_;
  Header model_, initial_;
  std::vector<std::string_view> starts_;
};

}  // namespace

std::optional<HistoryFile> read_history(const std::string& path, const HistoryHints& hints,
                                        Diagnostics& diagnostics) {
  std::string text, why;
  const bool is_there = read_file(path, text, why);
  const std::uint32_t source = diagnostics.sources.add(path, std::move(text));
  if (!is_there) {
    diagnostics.error(Place{source, 0, 0}, {}, why);
    return std::nullopt;
  }
  return Reading(source, hints, diagnostics).run();
}

std::optional<Model> model_named(const std::string& name) {
  const auto at = std::find(model_words.begin(), model_words.end(), name);
  if (at == model_words.end()) return std::nullopt;
  return static_cast<Model>(at - model_words.begin());
}

std::string name_of(Model model) {
  return std::string(model_words[static_cast<std::size_t>(model)]);
}

std::string model_names() {
  return listed(model_words);
}

}  // namespace headroom
