#include "models/consistency/history.hpp"

#include <algorithm>
#include <map>

#include "sim/kernel/check.hpp"

namespace headroom::consistency {

namespace {

/// How histories without keys name the only one.
constexpr const char* no_key = "-";

/// Whether an operation without a known end can have had an effect.
bool may_act(Function f) {
  return f != Function::read;
}

class Pairing {
 public:
  explicit Pairing(std::span<const HistoryEvent> events) : events_(events) {
    timed_ = std::any_of(events.begin(), events.end(),
                         [](const HistoryEvent& event) { return event.time > sim::Time(); });
  }

  std::variant<std::vector<Operation>, HistoryFault> run() {
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (timed_ && i > 0 && events_[i].time < events_[i - 1].time)
        return HistoryFault{i, "its time is before that of the event above it"};
      const std::string fault = take(i);
      if (!fault.empty()) return HistoryFault{i, fault};
    }
    for (const auto& [process, begin] : open_)
      finish(events_[begin], begin, nullptr, open_end);
    std::sort(operations_.begin(), operations_.end(),
              [](const Operation& a, const Operation& b) { return a.place < b.place; });
    return std::move(operations_);
  }

 private:
  std::string take(std::size_t i) {
    const HistoryEvent& event = events_[i];
    const auto open = open_.find(event.process);
    const std::string process = "process " + std::to_string(event.process);
    if (event.type == HistoryEvent::Type::invoke) {
      if (open != open_.end())
        return process + " invokes while its operation of event " +
               std::to_string(open->second + 1) + " is open; a client does one thing at a time";
      open_[event.process] = i;
      return {};
    }
    if (open == open_.end()) return process + " has an end without an invoke before it";
    const HistoryEvent& begin = events_[open->second];
    if (begin.f != event.f || begin.key != event.key)
      return process + " ends another operation than it invoked in event " +
             std::to_string(open->second + 1);
    const bool ended = event.type == HistoryEvent::Type::ok;
    if (ended && is_given(event.f) && event.value != no_value && event.value != begin.value)
      return process + " ends with another value than it invoked in event " +
             std::to_string(open->second + 1);
    if (event.type != HistoryEvent::Type::fail)
      finish(begin, open->second, ended ? &event : nullptr, ended ? position(i) : open_end);
    open_.erase(open);
    return {};
  }

  /// Whether the value of an operation is its client's, and not found out by it.
  static bool is_given(Function f) {
    return f == Function::write || f == Function::append || f == Function::add ||
           f == Function::enqueue;
  }
  std::int64_t position(std::size_t i) const {
    return timed_ ? events_[i].time.count_ns() : static_cast<std::int64_t>(i);
  }

  void finish(const HistoryEvent& begin, std::size_t at, const HistoryEvent* end,
              std::int64_t ret) {
    if (end == nullptr && !may_act(begin.f)) return;
    Operation operation;
    operation.call = position(at);
    operation.ret = ret;
    operation.key = begin.key;
    operation.process = begin.process;
    operation.place = static_cast<std::uint32_t>(at + 1);
    operation.f = begin.f;
    operation.expected = begin.expected;
    const bool answers =
        begin.f == Function::read || begin.f == Function::dequeue || begin.f == Function::txn;
    operation.value = answers && end != nullptr ? end->value : begin.value;
    operation.unseen = begin.f == Function::dequeue && end == nullptr;
    operations_.push_back(operation);
  }

  std::span<const HistoryEvent> events_;
  bool timed_ = false;
  std::map<std::uint32_t, std::size_t> open_;
  std::vector<Operation> operations_;
};

}  // namespace

const char* name_of(Holds holds) {
  return holds == Holds::yes ? "yes" : holds == Holds::no ? "no" : "unknown";
}

const std::string* History::text(std::int64_t value) const {
  if (value == no_value) return nullptr;
  const auto index = static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(no_value) - 1;
  return index < texts.size() ? &texts[index] : nullptr;
}

std::string History::key_name(std::uint64_t key) const {
  return key < key_names.size() ? key_names[key] : std::to_string(key);
}

std::string History::at_key(std::uint64_t key) const {
  const std::string name = key_name(key);
  return name == no_key ? std::string() : "on key " + name + ", ";
}

std::string History::value_name(std::int64_t value) const {
  if (value == no_value) return "nil";
  if (const std::string* found = text(value)) return "\"" + *found + "\"";
  return std::to_string(value);
}

std::string History::says(const Operation& operation) const {
  std::string text = headroom::name_of(operation.f);
  const auto list = [&](std::size_t step) {
    std::string all;
    const auto& values = lists[static_cast<std::size_t>(operation.value)];
    for (std::size_t i = 0; i + step <= values.size(); i += step) {
      if (i > 0) all += ", ";
      if (step == 1) {
        all += value_name(values[i]);
      } else {
        all += (values[i] == 0 ? "read " : "write ") +
               key_name(static_cast<std::uint64_t>(values[i + 1])) + " " +
               value_name(values[i + 2]);
      }
    }
    return all;
  };
  if (operation.f == Function::txn) return text + " [" + list(3) + "]";
  const std::string key = key_name(operation.key);
  if (key != no_key) text += " " + key;
  const bool of_list = operation.f == Function::read && operation.value >= 0 && !lists.empty();
  switch (operation.f) {
    case Function::read:
      return text + " -> " + (of_list ? "{" + list(1) + "}" : value_name(operation.value));
    case Function::cas:
      text += " " + value_name(operation.expected) + " -> " + value_name(operation.value);
      return operation.refused ? text + " refused" : text;
    case Function::dequeue:
      return text + (operation.unseen ? "" : " -> " + value_name(operation.value));
    case Function::acquire:
    case Function::release:
      return text;
    default:
      return text + " " + value_name(operation.value);
  }
}

std::variant<std::vector<Operation>, HistoryFault> operations_of(
    std::span<const HistoryEvent> events) {
  return Pairing(events).run();
}

History history_of(const RecordedHistory& events) {
  auto paired = operations_of(events);
  HEADROOM_CHECK(std::holds_alternative<std::vector<Operation>>(paired));
  History history;
  history.operations = std::get<std::vector<Operation>>(std::move(paired));
  history.timed = true;
  return history;
}

}  // namespace headroom::consistency
