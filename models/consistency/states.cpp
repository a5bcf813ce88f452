#include "models/consistency/states.hpp"

#include <algorithm>
#include <cstring>

namespace headroom::consistency {

std::int64_t initial_value(const Question& question, std::uint64_t key) {
  for (const auto& [known, value] : question.initials) {
    if (known == key) return value;
  }
  return question.initial;
}

States::States(const History& history, const Question& question)
    : history_(history), model_(question.model), initial_(question.initial) {
  switch (model_) {
    case Model::kv:
      initial_ = number_of(text_of(question.initial));
      break;
    case Model::set:
    case Model::queue:
      initial_ = number_of_list({});
      break;
    case Model::mutex:
      initial_ = question.initial == 1 ? 1 : 0;
      break;
    case Model::multi_register: {
      for (const Operation& operation : history.operations) {
        if (operation.f != Function::txn) continue;
        const auto& list = history.lists[static_cast<std::size_t>(operation.value)];
        for (std::size_t i = 0; i + 2 < list.size(); i += 3)
          registers_.push_back(list[i + 1]);
      }
      std::sort(registers_.begin(), registers_.end());
      registers_.erase(std::unique(registers_.begin(), registers_.end()), registers_.end());
      std::vector<std::int64_t> values(registers_.size(), question.initial);
      for (const auto& [key, value] : question.initials) {
        const auto at =
            std::find(registers_.begin(), registers_.end(), static_cast<std::int64_t>(key));
        if (at != registers_.end())
          values[static_cast<std::size_t>(at - registers_.begin())] = value;
      }
      initial_ = number_of_list(values);
      break;
    }
    case Model::counter:
      initial_ = question.initial == no_value ? 0 : question.initial;
      break;
    case Model::value_register:
    case Model::cas_register:
      break;
  }
}

std::int64_t States::number_of(Bytes state) {
  const auto [at, is_new] = numbers_.try_emplace(std::move(state), bytes_.size());
  if (is_new) bytes_.push_back(&at->first);
  return at->second;
}

std::int64_t States::number_of_list(const std::vector<std::int64_t>& list) {
  return number_of(
      Bytes(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(std::int64_t)));
}

std::vector<std::int64_t> States::list_of(std::int64_t state) const {
  const Bytes& bytes = *bytes_[static_cast<std::size_t>(state)];
  std::vector<std::int64_t> list(bytes.size() / sizeof(std::int64_t));
  if (!list.empty()) std::memcpy(list.data(), bytes.data(), bytes.size());
  return list;
}

/// Numbers and "no value" read as texts where texts are asked for.
States::Bytes States::text_of(std::int64_t value) const {
  if (value == no_value) return {};
  const std::string* text = history_.text(value);
  return text != nullptr ? *text : std::to_string(value);
}

bool States::only_looks(const Operation& operation) const {
  switch (operation.f) {
    case Function::read:
      return true;
    case Function::cas:
      return operation.refused || operation.expected == operation.value;
    case Function::dequeue:
      return !operation.unseen && operation.value == no_value;
    case Function::txn: {
      const auto& steps = history_.lists[static_cast<std::size_t>(operation.value)];
      for (std::size_t i = 0; i < steps.size(); i += 3) {
        if (steps[i] != 0) return false;
      }
      return true;
    }
    default:
      return false;
  }
}

std::optional<std::int64_t> States::after(std::int64_t state, const Operation& operation) {
  switch (model_) {
    case Model::value_register:
    case Model::cas_register:
      return after_register(state, operation);
    case Model::kv:
      return after_text(state, operation);
    case Model::set:
      return after_set(state, operation);
    case Model::queue:
      return after_queue(state, operation);
    case Model::multi_register:
      return after_transaction(state, operation);
    case Model::counter:
      return after_count(state, operation);
    case Model::mutex:
      break;
  }
  const std::int64_t wanted = operation.f == Function::acquire ? 0 : 1;
  if (state != wanted) return std::nullopt;
  return 1 - wanted;
}

std::optional<std::int64_t> States::after_register(std::int64_t state,
                                                   const Operation& operation) const {
  switch (operation.f) {
    case Function::write:
      return operation.value;
    case Function::cas:
      if ((state == operation.expected) == operation.refused) return std::nullopt;
      return operation.refused ? state : operation.value;
    default:
      return state == operation.value ? std::optional(state) : std::nullopt;
  }
}

std::optional<std::int64_t> States::after_count(std::int64_t state,
                                                const Operation& operation) const {
  if (operation.f == Function::add) return state + operation.value;
  const std::int64_t seen = operation.value == no_value ? 0 : operation.value;
  return seen == state ? std::optional(state) : std::nullopt;
}

std::optional<std::int64_t> States::after_text(std::int64_t state, const Operation& operation) {
  const Bytes& now = *bytes_[static_cast<std::size_t>(state)];
  const std::string* known = history_.text(operation.value);
  if (operation.f == Function::read) {
    const bool same = known != nullptr ? now == *known : now == text_of(operation.value);
    return same ? std::optional(state) : std::nullopt;
  }
  if (operation.f == Function::append) return number_of(now + text_of(operation.value));
  return number_of(text_of(operation.value));
}

std::optional<std::int64_t> States::after_set(std::int64_t state, const Operation& operation) {
  auto elements = list_of(state);
  const auto at = std::lower_bound(elements.begin(), elements.end(), operation.value);
  const bool there = at != elements.end() && *at == operation.value;
  if (operation.f == Function::add) {
    if (there) return state;
    elements.insert(at, operation.value);
  } else if (operation.f == Function::remove) {
    if (!there) return state;
    elements.erase(at);
  } else {
    auto seen = history_.lists[static_cast<std::size_t>(operation.value)];
    std::sort(seen.begin(), seen.end());
    return seen == elements ? std::optional(state) : std::nullopt;
  }
  return number_of_list(elements);
}

std::optional<std::int64_t> States::after_queue(std::int64_t state, const Operation& operation) {
  auto waiting = list_of(state);
  if (operation.f == Function::enqueue) {
    waiting.push_back(operation.value);
    return number_of_list(waiting);
  }
  if (waiting.empty()) {
    return operation.unseen || operation.value == no_value ? std::optional(state) : std::nullopt;
  }
  if (!operation.unseen && waiting.front() != operation.value) return std::nullopt;
  waiting.erase(waiting.begin());
  return number_of_list(waiting);
}

std::optional<std::int64_t> States::after_transaction(std::int64_t state,
                                                      const Operation& operation) {
  auto values = list_of(state);
  const auto& steps = history_.lists[static_cast<std::size_t>(operation.value)];
  for (std::size_t i = 0; i + 2 < steps.size(); i += 3) {
    const auto at = std::lower_bound(registers_.begin(), registers_.end(), steps[i + 1]);
    auto& value = values[static_cast<std::size_t>(at - registers_.begin())];
    if (steps[i] != 0) {
      value = steps[i + 2];
    } else if (value != steps[i + 2]) {
      return std::nullopt;
    }
  }
  return number_of_list(values);
}

}  // namespace headroom::consistency
