#include "app/scenario/schema.hpp"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "app/scenario/describe.hpp"
#include "app/scenario/distribution_forms.hpp"
#include "app/scenario/resolved.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

/// What an object may hold under one choice of its alternatives.
struct Shape {
  Json properties = Json::object();
  Json required = Json::array();
  Json others = false;  ///< What may stand under any other key.
};

/// One number with any of these units, as a regular expression.
std::string quantity_pattern(const char* units) {
  return std::string(R"(^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)") + units + "$";
}

Json quantity_schema(Quantity quantity) {
  const auto text = [](const char* units) -> Json {
    return {{"type", "string"}, {"pattern", quantity_pattern(units)}};
  };
  switch (quantity) {
    case Quantity::time:
      return text("(ns|us|ms|s|min|h|d)");
    case Quantity::rate:
      return text("[kM]?/(s|min|h)");
    case Quantity::bytes:
      return text("([kMGT]?B|[KMGT]iB)");
    case Quantity::bandwidth:
      return text("([kMGT]?bit|[kMGT]?B|[KMG]iB)/s");
    case Quantity::ratio:
      return {{"type", {"number", "string"}}, {"pattern", quantity_pattern("%?")}};
    case Quantity::percentile:
      return {{"type", "string"}, {"pattern", R"(^p[0-9]+(\.[0-9]+)?$)"}};
    case Quantity::number:
      return {{"type", "number"}};
  }
  return Json::object();
}

class SchemaWriter {
 public:
  Json write(const FieldTable& root);

 private:
  Json reference_to(const FieldTable& table);
  Json distribution(Unit unit);
  Json distribution_forms_schema(const Json& amount, const Json& self);
  Json object(const FieldTable& table);
  std::vector<Shape> shapes(const FieldTable& table);
  Json type(const Field& field, const FieldType& of);
  Json property(const FieldTable& table, const Field& field);

  std::map<const FieldTable*, std::string> names_;
  std::vector<const FieldTable*> waiting_;
  Json definitions_ = Json::object();
};

void restrict_range(const Field& field, const FieldType& of, Json& schema) {
  const Range range = effective_range(field, of);
  if (std::isfinite(range.low)) schema[range.low_open ? "exclusiveMinimum" : "minimum"] = range.low;
  if (std::isfinite(range.high))
    schema[range.high_open ? "exclusiveMaximum" : "maximum"] = range.high;
}

Json choice_schema(Choices choices) {
  Json names = Json::array();
  for (const Choice& choice : choices)
    names.push_back(std::string(choice.name));
  return {{"type", "string"}, {"enum", names}};
}

std::string definition_path(const std::string& name) {
  return "#/definitions/" + name;
}

Json SchemaWriter::reference_to(const FieldTable& table) {
  const auto found = names_.find(&table);
  if (found != names_.end()) return {{"$ref", definition_path(found->second)}};
  std::string name;
  for (char c : table.name)
    name += c == ' ' ? '_' : c;
  const std::string wanted = name;
  const auto is_taken = [&](const std::string& candidate) {
    for (const auto& [other, taken] : names_)
      if (taken == candidate) return true;
    return false;
  };
  for (int i = 2; is_taken(name); ++i)
    name = wanted + '_' + std::to_string(i);
  names_[&table] = name;
  waiting_.push_back(&table);
  return {{"$ref", definition_path(name)}};
}

Json one_key(const std::string& key, Json value) {
  return {{"type", "object"},
          {"properties", {{key, std::move(value)}}},
          {"required", {key}},
          {"patternProperties", {{"^x-", true}}},
          {"additionalProperties", false}};
}

Json two_keys(const char* a, Json first, const char* b, Json second) {
  return {{"type", "object"},
          {"properties", {{a, std::move(first)}, {b, std::move(second)}}},
          {"required", {a, b}},
          {"patternProperties", {{"^x-", true}}},
          {"additionalProperties", false}};
}

Json list_of(Json items) {
  return {{"type", "array"}, {"items", std::move(items)}, {"minItems", 1}};
}

Json SchemaWriter::distribution_forms_schema(const Json& amount, const Json& self) {
  const Json number = {{"type", "number"}, {"minimum", 0}};
  const Json share = quantity_schema(Quantity::ratio);
  Json pair = {{"type", "array"}, {"items", amount}, {"minItems", 2}, {"maxItems", 2}};
  Json lognormal = {
      {"oneOf", {two_keys("p50", amount, "p99", amount), two_keys("mean", amount, "cv", number)}}};
  Json above_one = {{"type", "number"}, {"exclusiveMinimum", 1}};
  return Json::array(
      {one_key("exp", amount), one_key("uniform", pair), one_key("lognormal", lognormal),
       one_key("gamma", two_keys("mean", amount, "cv", number)),
       one_key("erlang", two_keys("mean", amount, "k", {{"type", "integer"}, {"minimum", 1}})),
       one_key("weibull", two_keys("mean", amount, "shape", number)),
       one_key("pareto", two_keys("min", amount, "shape", above_one)),
       one_key("hyperexp", list_of(two_keys("p", share, "mean", amount))),
       one_key("mixture", list_of(two_keys("p", share, "of", self))),
       one_key("shifted", two_keys("by", amount, "of", self)),
       one_key("empirical", {{"type", "string"}})});
}

Json SchemaWriter::distribution(Unit unit) {
  const std::string name = unit == Unit::time    ? "distribution_of_times"
                           : unit == Unit::bytes ? "distribution_of_sizes"
                                                 : "distribution_of_numbers";
  const Json self = {{"$ref", definition_path(name)}};
  if (definitions_.contains(name)) return self;
  definitions_[name] = Json::object();
  const Json amount = quantity_schema(unit == Unit::time    ? Quantity::time
                                      : unit == Unit::bytes ? Quantity::bytes
                                                            : Quantity::number);
  Json any = Json::array({amount});
  for (const Json& form : distribution_forms_schema(amount, self))
    any.push_back(form);
  definitions_[name] = {{"description", "A value or one tagged distribution."}, {"anyOf", any}};
  return self;
}

Json SchemaWriter::type(const Field& field, const FieldType& of) {
  const Choices choices = choices_for(field, of);
  if (!choices.empty()) return choice_schema(choices);
  switch (of.kind) {
    case FieldKind::count: {
      Json schema = {{"type", "integer"}};
      restrict_range(field, of, schema);
      return schema;
    }
    case FieldKind::limit: {
      Json count = {{"type", "integer"}};
      restrict_range(field, of, count);
      return {{"anyOf", Json::array({count, Json{{"const", "unlimited"}}})}};
    }
    case FieldKind::number: {
      Json schema = {{"type", "number"}};
      restrict_range(field, of, schema);
      return schema;
    }
    case FieldKind::boolean:
      return {{"type", "boolean"}};
    case FieldKind::distribution:
      return distribution(field.unit);
    case FieldKind::table:
      return reference_to(of.table());
    case FieldKind::list: {
      Json schema = {{"type", "array"}, {"items", type(field, *of.element)}};
      if (field.fewest > 0) schema["minItems"] = field.fewest;
      return schema;
    }
    case FieldKind::named:
      return {{"type", "object"},
              {"patternProperties", {{"^x-", true}}},
              {"additionalProperties", type(field, *of.element)}};
    case FieldKind::optional:
      return type(field, *of.element);
    case FieldKind::either: {
      Json any = Json::array();
      for (const FieldType* alternative : of.alternatives)
        if (alternative) any.push_back(type(field, *alternative));
      return {{"anyOf", any}};
    }
    default:
      break;
  }
  const auto quantity = quantity_of(field, of);
  return quantity ? quantity_schema(*quantity) : Json{{"type", "string"}};
}

Json SchemaWriter::property(const FieldTable& table, const Field& field) {
  Json schema = type(field, *field.type);
  // Draft-07 ignores what stands beside a $ref, so that is wrapped.
  if (schema.contains("$ref")) schema = {{"allOf", Json::array({schema})}};
  schema["description"] = std::string(field.doc);
  if (field.presence == Field::Presence::with_default)
    schema["default"] = written(field, *field.type, field.member(table.pristine.get()));
  if (!field.example.empty())
    schema["examples"] = Json::array({Json::parse(as_json_text(field.example))});
  return schema;
}

std::vector<Shape> SchemaWriter::shapes(const FieldTable& table) {
  std::vector<Shape> result(1);
  const auto multiply = [&](const std::vector<Shape>& by) {
    std::vector<Shape> product;
    for (const Shape& left : result) {
      for (const Shape& right : by) {
        Shape& both = product.emplace_back(left);
        both.properties.update(right.properties);
        for (const Json& key : right.required)
          both.required.push_back(key);
      }
    }
    result = std::move(product);
  };
  for (const Field& field : table.fields) {
    const std::string key(field.key);
    const bool required = field.presence == Field::Presence::required;
    if (field.role == Field::Role::plain) {
      for (Shape& shape : result) {
        if (field.other_keys) {
          shape.others = type(field, *field.type->element);
          continue;
        }
        shape.properties[key] = property(table, field);
        if (required) shape.required.push_back(key);
      }
    } else if (field.role == Field::Role::inlined) {
      multiply(shapes(field.type->table()));
    } else {
      std::vector<Shape> choices;
      for (const FieldType* alternative : field.type->alternatives) {
        if (!alternative) choices.emplace_back();
        if (!alternative) continue;
        for (Shape& shape : shapes(alternative->table())) {
          Shape& choice = choices.emplace_back();
          if (field.role == Field::Role::by_kind) {
            choice.properties[key] = {{"const", std::string(alternative->table().name)}};
            choice.required.push_back(key);
          }
          choice.properties.update(shape.properties);
          for (const Json& name : shape.required)
            choice.required.push_back(name);
        }
      }
      multiply(choices);
    }
  }
  return result;
}

Json SchemaWriter::object(const FieldTable& table) {
  Json alternatives = Json::array();
  for (const Shape& shape : shapes(table)) {
    Json schema = {{"type", "object"}, {"properties", shape.properties}};
    if (!shape.required.empty()) schema["required"] = shape.required;
    schema["patternProperties"] = {{"^x-", true}};
    schema["additionalProperties"] = shape.others;
    alternatives.push_back(std::move(schema));
  }
  Json result = alternatives.size() == 1 ? alternatives[0] : Json{{"anyOf", alternatives}};
  result["description"] = std::string(table.doc);
  for (const Exclusion& exclusion : table.exclusions) {
    if (!exclusion.one_required) continue;
    Json one = Json::array();
    for (std::string_view key : exclusion.keys)
      one.push_back({{"required", {std::string(key)}}});
    result["oneOf"] = one;
  }
  return result;
}

Json SchemaWriter::write(const FieldTable& root) {
  const Json top = reference_to(root);
  while (!waiting_.empty()) {
    const FieldTable* table = waiting_.back();
    waiting_.pop_back();
    definitions_[names_[table]] = object(*table);
  }
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", std::string(root.doc)}};
  schema["allOf"] = Json::array({top});
  schema["definitions"] = definitions_;
  return schema;
}

}  // namespace

Json json_schema(const FieldTable& root) {
  return SchemaWriter().write(root);
}

}  // namespace headroom
