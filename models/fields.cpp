#include "models/fields.hpp"

namespace headroom {

void Findings::error(std::string key, std::string message, std::string hint) {
  all_.push_back({false, std::move(key), std::move(message), std::move(hint)});
}

void Findings::warning(std::string key, std::string message, std::string hint) {
  all_.push_back({true, std::move(key), std::move(message), std::move(hint)});
}

bool Range::contains(double value) const {
  const bool above_low = low_open ? value > low : value >= low;
  const bool below_high = high_open ? value < high : value <= high;
  return above_low && below_high;
}

const Field* FieldTable::find(std::string_view key) const {
  for (const Field& field : fields) {
    if (field.role == Field::Role::inlined) {
      if (const Field* found = field.type->table().find(key)) return found;
    } else if (field.role != Field::Role::one_of && field.key == key) {
      return &field;
    }
  }
  return nullptr;
}

}  // namespace headroom
