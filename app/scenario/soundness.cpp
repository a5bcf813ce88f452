#include <fmt/format.h>

#include <set>

#include "app/scenario/describe.hpp"
#include "app/scenario/reading.hpp"
#include "app/scenario/resolved.hpp"

namespace headroom {

namespace {

/// Walks a table and those it refers to, and tries every example and every default.
class Soundness {
 public:
  bool check(const FieldTable& table);
  std::string why;

 private:
  bool check_field(const FieldTable& table, const Field& field);
  bool check_type(const FieldType& type);
  bool reads(const FieldTable& table, const Field& field, const std::string& json,
             const char* what);

  std::set<const FieldTable*> seen_;
};

bool Soundness::check(const FieldTable& table) {
  if (!seen_.insert(&table).second) return true;
  std::set<std::string_view> keys;
  for (const Field& field : table.fields) {
    if (!field.key.empty() && !keys.insert(field.key).second) {
      why = fmt::format("{} declares \"{}\" twice", table.name, field.key);
      return false;
    }
    if (!check_field(table, field) || !check_type(*field.type)) return false;
  }
  return true;
}

bool Soundness::check_type(const FieldType& type) {
  if (type.kind == FieldKind::table) return check(type.table());
  if (type.element) return check_type(*type.element);
  for (const FieldType* alternative : type.alternatives)
    if (alternative && !check_type(*alternative)) return false;
  return true;
}

bool Soundness::check_field(const FieldTable& table, const Field& field) {
  if (field.role != Field::Role::inlined && field.doc.empty()) {
    why = fmt::format("{}.{} has no sentence", table.name, field.key);
    return false;
  }
  if (field.role != Field::Role::plain) return true;
  if (!field.example.empty() && !reads(table, field, as_json_text(field.example), "example"))
    return false;
  if (field.presence != Field::Presence::with_default) return true;
  const auto value = written(field, *field.type, field.member(table.pristine.get()));
  return reads(table, field, value.dump(), "default");
}

bool Soundness::reads(const FieldTable& table, const Field& field, const std::string& json,
                      const char* what) {
  Diagnostics diagnostics;
  const std::uint32_t file = diagnostics.sources.add(what, json);
  const auto node = parse_document(file, diagnostics);
  const std::shared_ptr<void> scratch = table.make();
  ReadResult result;
  Reading reading(diagnostics, result, {});
  if (node && reading.value(field, *field.type, *node, field.member(scratch.get()))) return true;
  // A file named in an example need not exist.
  if (json.find("\"empirical\"") != std::string::npos) return true;
  why = fmt::format("the {} of {}.{} does not read:\n{}", what, table.name, field.key,
                    diagnostics.text());
  return false;
}

}  // namespace

bool table_is_sound(const FieldTable& table, std::string& why) {
  Soundness soundness;
  const bool good = soundness.check(table);
  why = soundness.why;
  return good;
}

}  // namespace headroom
