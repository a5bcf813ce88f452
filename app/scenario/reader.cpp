#include "app/scenario/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/scenario/describe.hpp"
#include "app/scenario/names.hpp"
#include "app/scenario/object_layout.hpp"
#include "app/scenario/reading.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

bool is_note(std::string_view key) {
  return key.starts_with("x-");
}

/// The object in messages: `database "db"`.
std::string title(const ObjectLayout& layout, std::string_view name) {
  return name.empty() ? layout.label() : fmt::format("{} \"{}\"", layout.label(), name);
}

void report_unknown(Reading& reading, const ObjectLayout& layout, const Node& member,
                    std::string_view name) {
  const auto others = layout.others_with(member.key);
  const auto keys = layout.keys();
  std::string hint = suggestion(member.key, keys);
  if (!others.empty() && nearest(member.key, keys).empty())
    hint = fmt::format("that is a key of {}", listed(others, 4));
  if (keys.empty()) hint = "it takes no keys";
  PointerStep step(reading, member.key);
  reading.refuse(member.key_place,
                 fmt::format("unknown key \"{}\" in {}", member.key, title(layout, name)), hint);
}

/// Whether a key that would stand for an entry of its own is more likely another key, misspelt:
/// near to one, or with a value that no entry has.
bool is_misspelt(const ObjectLayout& layout, const Field& others, const Node& member) {
  if (!nearest(member.key, layout.keys()).empty()) return true;
  return others.type->element->kind == FieldKind::table && member.kind != Node::Kind::object &&
         member.kind != Node::Kind::null;
}

/// Reads what is there. Returns the unknown keys; `good` turns false after any error.
std::vector<std::string_view> read_members(Reading& reading, const ObjectLayout& layout,
                                           const Node& node, std::string_view name, bool& good) {
  std::vector<std::string_view> unknown;
  for (const Node& member : node.children) {
    if (is_note(member.key)) continue;
    const ObjectLayout::Row* row = layout.find(member.key);
    if (row && row->field->other_keys && is_misspelt(layout, *row->field, member)) row = nullptr;
    if (!row) {
      good = false;
      if (layout.is_excused(member.key)) continue;
      report_unknown(reading, layout, member, name);
      unknown.push_back(member.key);
      continue;
    }
    if (row->chooses) continue;
    PointerStep step(reading, member.key);
    void* target = row->field->member(row->object);
    good &= row->field->other_keys ? reading.entry(*row->field, *row->field->type, member, target)
                                   : reading.value(*row->field, *row->field->type, member, target);
  }
  return unknown;
}

bool require_members(Reading& reading, const ObjectLayout& layout, const Node& node,
                     std::string_view name, const std::vector<std::string_view>& unknown) {
  bool good = true;
  for (const ObjectLayout::Row& row : layout.rows()) {
    const Field& field = *row.field;
    const bool required = field.presence == Field::Presence::required && !row.chooses;
    if (!required || node.find(field.key)) continue;
    good = false;
    const std::string_view key[] = {field.key};
    const bool misspelt = std::any_of(unknown.begin(), unknown.end(),
                                      [&](auto wrong) { return !nearest(wrong, key).empty(); });
    if (misspelt) continue;
    const std::string value = field.example.empty() ? "..." : as_json_text(field.example);
    reading.refuse(node.heading(),
                   fmt::format("missing key \"{}\" in {}", field.key, title(layout, name)),
                   fmt::format("for example \"{}\": {}", field.key, value));
  }
  return good;
}

bool is_setting(const Reading& reading, const Node& node) {
  return reading.diagnostics.sources.name(node.key_place.file).starts_with("--");
}

}  // namespace

const Node& later_of(const Reading& reading, const Node& first, const Node& second) {
  // A file is read before the one that it extends, and both before any setting.
  const bool is_first_later =
      is_setting(reading, second)
          ? is_setting(reading, first) && first.key_place.file > second.key_place.file
          : is_setting(reading, first) || first.key_place.file < second.key_place.file;
  return is_first_later ? first : second;
}

std::string way_out(const Reading& reading, const Node& first, const Node& second,
                    std::string otherwise) {
  if (first.key_place.file == second.key_place.file) return otherwise;
  const Node& later = later_of(reading, first, second);
  const Node& earlier = &later == &first ? second : first;
  const Location given = reading.diagnostics.sources.locate(earlier.key_place);
  return fmt::format("\"{}\" was given at {}:{}:{}; {} takes it out", earlier.key, given.file,
                     given.line, given.column,
                     is_setting(reading, later)
                         ? std::string("a --set of it to null")
                         : fmt::format("\"{}\": null beside this", earlier.key));
}

namespace {

bool check_exclusions(Reading& reading, const ObjectLayout& layout, const Node& node,
                      std::string_view name) {
  bool good = true;
  for (const ObjectLayout::Part& part : layout.parts()) {
    for (const Exclusion& exclusion : part.table->exclusions) {
      std::vector<std::string_view> present;
      for (std::string_view key : exclusion.keys)
        if (node.find(key)) present.push_back(key);
      if (present.size() > 1) {
        const Node &first = *node.find(present[0]), &second = *node.find(present[1]);
        const Node& later = later_of(reading, first, second);
        PointerStep step(reading, later.key);
        good = reading.refuse(later.heading(),
                              fmt::format("\"{}\" and \"{}\" exclude each other in {}", present[0],
                                          present[1], title(layout, name)),
                              way_out(reading, first, second, {}));
      } else if (present.empty() && exclusion.one_required) {
        good = reading.refuse(node.heading(), fmt::format("{} needs one of {}", title(layout, name),
                                                          listed(exclusion.keys)));
      }
    }
  }
  return good;
}

bool run_checks(Reading& reading, const ObjectLayout& layout, const Node& node) {
  Findings findings;
  for (const ObjectLayout::Part& part : layout.parts())
    for (const auto& check : part.table->checks)
      check(part.object, findings);
  bool good = true;
  for (const Finding& finding : findings.all()) {
    const std::string below = finding.key.empty() ? "" : '/' + finding.key;
    const Place place = place_of(node, below);
    if (finding.is_warning)
      reading.diagnostics.warning(place, reading.pointer + below, finding.message, finding.hint);
    else
      reading.diagnostics.error(place, reading.pointer + below, finding.message, finding.hint);
    good &= finding.is_warning;
  }
  return good;
}

bool sum_is_one(Reading& reading, const Node& node, const FieldType& type, const void* holder) {
  double sum = 0;
  for (std::size_t i = 0; i < type.size(holder); ++i)
    sum += static_cast<const Ratio*>(type.at(holder, i))->value;
  if (std::fabs(sum - 1) < 1e-9) return true;
  return reading.refuse(node.heading(), fmt::format("the shares sum to {:.6g}%", sum * 100),
                        "they must sum to 100%");
}

}  // namespace

bool Reading::wrong_type(const Field& field, const FieldType& type, const Node& node,
                         std::string hint) {
  if (node.kind == Node::Kind::null)
    return refuse(node.place, "null has no meaning here",
                  "it removes a key of a file that is extended");
  return refuse(node.place,
                fmt::format("expected {}, found {}", expectation(field, type), describe(node)),
                std::move(hint));
}

bool Reading::object(const FieldTable& table, const Node& node, void* object,
                     std::string_view name) {
  if (node.kind != Node::Kind::object) {
    if (node.kind == Node::Kind::null) return wrong_type({}, scalar(FieldKind::boolean), node);
    std::vector<std::string_view> keys;
    all_keys(table, keys);
    return refuse(node.place,
                  fmt::format("expected an object ({}), found {}", table.name, describe(node)),
                  "with " + listed(keys, 6));
  }
  ObjectLayout layout(*this, table, node, object);
  bool good = layout.is_good();
  const auto unknown = read_members(*this, layout, node, name, good);
  layout.report_missing_choices(unknown);
  good &= require_members(*this, layout, node, name, unknown);
  good &= check_exclusions(*this, layout, node, name);
  return good && run_checks(*this, layout, node);
}

bool Reading::value(const Field& field, const FieldType& type, const Node& node, void* target) {
  switch (type.kind) {
    case FieldKind::optional:
      return value(field, *type.element, node, type.make(target, 0));
    case FieldKind::list:
      return list(field, type, node, target);
    case FieldKind::named:
      return named(field, type, node, target);
    case FieldKind::either:
      return either(field, type, node, target);
    case FieldKind::table:
      return object(type.table(), node, target);
    case FieldKind::distribution:
      return read_distribution(*this, field, type, node, *static_cast<Distribution*>(target));
    default:
      return read_scalar(*this, field, type, node, target);
  }
}

bool Reading::list(const Field& field, const FieldType& type, const Node& node, void* holder) {
  if (node.kind != Node::Kind::array) return wrong_type(field, type, node);
  type.clear(holder);
  bool good = true;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    PointerStep step(*this, i);
    good &= value(field, *type.element, node.children[i], type.make(holder, i));
  }
  if (node.children.size() < field.fewest)
    good = refuse(node.heading(), fmt::format("{} needs at least {} item{}", field.key,
                                              field.fewest, field.fewest == 1 ? "" : "s"));
  return good;
}

bool Reading::named(const Field& field, const FieldType& type, const Node& node, void* holder) {
  if (node.kind != Node::Kind::object) return wrong_type(field, type, node);
  type.clear(holder);
  bool good = true;
  for (const Node& member : node.children) {
    if (is_note(member.key)) continue;
    PointerStep step(*this, member.key);
    good &= entry(field, type, member, holder);
  }
  if (type.size(holder) < field.fewest)
    good = refuse(node.heading(), fmt::format("{} needs at least {} entr{}", field.key,
                                              field.fewest, field.fewest == 1 ? "y" : "ies"));
  return good && (!field.sums_to_one || sum_is_one(*this, node, type, holder));
}

bool Reading::entry(const Field& field, const FieldType& type, const Node& member, void* holder) {
  bool good = true;
  const std::string fault = name_fault(member.key, field.names);
  if (!fault.empty()) good = refuse(member.key_place, fault);
  void* target = type.make_named(holder, member.key);
  const bool is_table = type.element->kind == FieldKind::table;
  good &= is_table ? object(type.element->table(), member, target, member.key)
                   : value(field, *type.element, member, target);
  return good;
}

bool read_object(const FieldTable& table, const Node& node, void* object, Diagnostics& diagnostics,
                 ReadResult& result, const std::string& pointer) {
  Reading reading(diagnostics, result, pointer);
  return reading.object(table, node, object);
}

}  // namespace headroom
