#include "app/scenario/object_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

std::vector<std::string_view> tags_of(const Field& field) {
  std::vector<std::string_view> tags;
  for (const FieldType* type : field.type->alternatives) {
    if (!type) continue;
    const FieldTable& table = type->table();
    tags.push_back(field.role == Field::Role::by_kind ? table.name : table.tag());
  }
  return tags;
}

bool allows(const FieldTable& table, std::string_view key) {
  std::vector<std::string_view> keys;
  all_keys(table, keys);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

void all_keys(const FieldTable& table, std::vector<std::string_view>& keys) {
  for (const Field& field : table.fields) {
    if (field.role == Field::Role::inlined) {
      all_keys(field.type->table(), keys);
      continue;
    }
    if (field.role != Field::Role::one_of && !field.other_keys) keys.push_back(field.key);
    if (field.role == Field::Role::plain) continue;
    for (const FieldType* alternative : field.type->alternatives)
      if (alternative) all_keys(alternative->table(), keys);
  }
}

ObjectLayout::ObjectLayout(Reading& reading, const FieldTable& table, const Node& node,
                           void* object)
    : reading_(reading), node_(node), label_(table.name) {
  collect(table, object);
}

void ObjectLayout::collect(const FieldTable& table, void* object) {
  parts_.push_back({&table, object});
  for (const Field& field : table.fields) {
    switch (field.role) {
      case Field::Role::plain:
        rows_.push_back({&field, object, false});
        break;
      case Field::Role::inlined:
        collect(field.type->table(), field.member(object));
        break;
      case Field::Role::one_of:
        choose_by_key(field, object);
        break;
      case Field::Role::by_kind:
        rows_.push_back({&field, object, true});
        choose_by_kind(field, object);
        break;
    }
  }
}

void ObjectLayout::take(const Field& field, void* object, std::size_t index) {
  const auto& alternatives = field.type->alternatives;
  void* made = field.type->make(field.member(object), index);
  for (std::size_t i = 0; i < alternatives.size(); ++i)
    if (i != index && alternatives[i]) others_.push_back(&alternatives[i]->table());
  if (!alternatives[index]) return;
  const FieldTable& table = alternatives[index]->table();
  if (!named_)
    label_ = field.role == Field::Role::by_kind ? std::string(table.name)
                                                : fmt::format("{} {}", table.name, field.key);
  named_ = true;
  collect(table, made);
}

void ObjectLayout::excuse_all(const Field& field) {
  good_ = false;
  for (const FieldType* alternative : field.type->alternatives)
    if (alternative) excused_.push_back(&alternative->table());
}

void ObjectLayout::choose_by_key(const Field& field, void* object) {
  const auto& alternatives = field.type->alternatives;
  std::vector<std::size_t> present;
  std::size_t none = alternatives.size();
  for (std::size_t i = 0; i < alternatives.size(); ++i) {
    if (!alternatives[i])
      none = i;
    else if (node_.find(alternatives[i]->table().tag()))
      present.push_back(i);
  }
  if (present.size() == 1) return take(field, object, present[0]);
  // The tag of one alternative may be a field of another, which is then meant.
  for (const std::size_t one : present) {
    const bool has_others = std::all_of(present.begin(), present.end(), [&](std::size_t other) {
      return other == one ||
             alternatives[one]->table().find(alternatives[other]->table().tag()) != nullptr;
    });
    if (has_others) return take(field, object, one);
  }
  if (present.empty() && none < alternatives.size()) return take(field, object, none);
  excuse_all(field);
  if (present.empty()) {
    missing_.push_back(&field);
    return;
  }
  const std::string_view first = alternatives[present[0]]->table().tag();
  for (std::size_t i = 1; i < present.size(); ++i) {
    const std::string_view tag = alternatives[present[i]]->table().tag();
    const Node &one = *node_.find(first), &other = *node_.find(tag);
    const Node& later = later_of(reading_, one, other);
    PointerStep step(reading_, later.key);
    reading_.refuse(later.heading(),
                    fmt::format("\"{}\" and \"{}\" exclude each other", first, tag),
                    way_out(reading_, one, other, fmt::format("give one {} only", field.key)));
  }
}

void ObjectLayout::choose_by_kind(const Field& field, void* object) {
  const Node* chosen = node_.find(field.key);
  const auto tags = tags_of(field);
  if (!chosen) {
    excuse_all(field);
    reading_.refuse(node_.heading(), fmt::format("missing key \"{}\" in {}", field.key, label_),
                    "one of " + listed(tags, 20));
    return;
  }
  for (std::size_t i = 0; i < tags.size(); ++i)
    if (chosen->kind == Node::Kind::string && chosen->text == tags[i])
      return take(field, object, i);
  excuse_all(field);
  anything_goes_ = true;
  PointerStep step(reading_, field.key);
  if (chosen->kind == Node::Kind::string)
    reading_.refuse(chosen->place, fmt::format("unknown {} \"{}\"", field.key, chosen->text),
                    suggestion(chosen->text, tags));
  else
    reading_.refuse(chosen->place, fmt::format("expected one of {}, found {}", listed(tags, 20),
                                               describe(*chosen)));
}

void ObjectLayout::report_missing_choices(const std::vector<std::string_view>& unknown) {
  for (const Field* field : missing_) {
    const auto tags = tags_of(*field);
    const auto valid = keys();
    const bool misspelt = std::any_of(unknown.begin(), unknown.end(), [&](std::string_view key) {
      return !nearest(key, tags).empty() || nearest(key, valid).empty();
    });
    if (!misspelt)
      reading_.refuse(node_.heading(), fmt::format("no {} is given", field->key),
                      "exactly one of " + listed(tags, 20));
  }
}

const ObjectLayout::Row* ObjectLayout::find(std::string_view key) const {
  const Row* others = nullptr;
  for (const Row& row : rows_) {
    if (row.field->other_keys)
      others = &row;
    else if (row.field->key == key)
      return &row;
  }
  return others;
}

bool ObjectLayout::is_excused(std::string_view key) const {
  if (anything_goes_) return true;
  return std::any_of(excused_.begin(), excused_.end(),
                     [&](const FieldTable* table) { return allows(*table, key); });
}

std::vector<std::string_view> ObjectLayout::others_with(std::string_view key) const {
  std::vector<std::string_view> names;
  for (const FieldTable* table : others_)
    if (allows(*table, key)) names.push_back(table->name);
  return names;
}

std::vector<std::string_view> ObjectLayout::keys() const {
  std::vector<std::string_view> keys;
  for (const Row& row : rows_)
    if (!row.field->other_keys) keys.push_back(row.field->key);
  for (const Field* field : missing_)
    for (std::string_view tag : tags_of(*field))
      keys.push_back(tag);
  return keys;
}

}  // namespace headroom
