#include "app/scenario/resolved.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "app/scenario/describe.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

template <class T>
const T& as(const void* value) {
  return *static_cast<const T*>(value);
}

Json count_json(const FieldType& type, const void* value) {
  switch (type.integer_bytes) {
    case 1:
      return type.integer_signed ? Json(as<std::int8_t>(value)) : Json(as<std::uint8_t>(value));
    case 2:
      return type.integer_signed ? Json(as<std::int16_t>(value)) : Json(as<std::uint16_t>(value));
    case 4:
      return type.integer_signed ? Json(as<std::int32_t>(value)) : Json(as<std::uint32_t>(value));
    default:
      return type.integer_signed ? Json(as<std::int64_t>(value)) : Json(as<std::uint64_t>(value));
  }
}

/// A whole number without its ".0".
Json number_json(double number) {
  if (number == std::floor(number) && std::fabs(number) < 1e15)
    return static_cast<std::int64_t>(number);
  return number;
}

Json amount_json(Quantity quantity, double base) {
  if (quantity == Quantity::number) return number_json(base);
  return print_quantity(quantity, base);
}

Json distribution_json(Quantity quantity, const Distribution& d);

Json parts_json(Quantity quantity, const Distribution& d, const char* key) {
  Json list = Json::array();
  for (std::size_t i = 0; i < d.parts.size(); ++i) {
    const Distribution& part = d.parts[i];
    const bool mean = std::string_view(key) == "mean";
    const Json of = mean ? amount_json(quantity, part.a) : distribution_json(quantity, part);
    list.push_back({{"p", d.weights[i]}, {key, of}});
  }
  return list;
}

/// One that was not read from a file, so there is no text of its author to repeat.
Json distribution_json(Quantity quantity, const Distribution& d) {
  if (!d.written.empty()) return Json::parse(d.written, nullptr, false);
  const auto amount = [&](double base) { return amount_json(quantity, base); };
  using Kind = Distribution::Kind;
  switch (d.kind) {
    case Kind::constant:
      return amount(d.a);
    case Kind::exponential:
      return {{"exp", amount(d.a)}};
    case Kind::uniform:
      return {{"uniform", Json::array({amount(d.a), amount(d.b)})}};
    case Kind::lognormal: {
      const double mean = std::exp(d.a + d.b * d.b / 2), cv = std::sqrt(std::expm1(d.b * d.b));
      return {{"lognormal", {{"mean", amount(mean)}, {"cv", cv}}}};
    }
    case Kind::gamma:
      return {{"gamma", {{"mean", amount(d.a)}, {"cv", 1 / std::sqrt(d.b)}}}};
    case Kind::erlang:
      return {{"erlang", {{"mean", amount(d.a)}, {"k", number_json(d.b)}}}};
    case Kind::weibull:
      return {{"weibull", {{"mean", amount(d.a * std::tgamma(1 + 1 / d.b))}, {"shape", d.b}}}};
    case Kind::pareto:
      return {{"pareto", {{"min", amount(d.a)}, {"shape", d.b}}}};
    case Kind::hyperexponential:
      return {{"hyperexp", parts_json(quantity, d, "mean")}};
    case Kind::mixture:
      return {{"mixture", parts_json(quantity, d, "of")}};
    case Kind::shifted:
      return {
          {"shifted", {{"by", amount(d.a)}, {"of", distribution_json(quantity, d.parts.at(0))}}}};
    case Kind::empirical:
      return {{"empirical", d.file}};
  }
  return nullptr;
}

Json list_json(const Field& field, const FieldType& type, const void* holder) {
  Json list = Json::array();
  for (std::size_t i = 0; i < type.size(holder); ++i)
    list.push_back(written(field, *type.element, type.at(holder, i)));
  return list;
}

Json named_json(const Field& field, const FieldType& type, const void* holder) {
  Json object = Json::object();
  // Appended: by key each would be looked for among all others.
  auto& members = object.get_ref<Json::object_t&>();
  for (std::size_t i = 0; i < type.size(holder); ++i)
    members.emplace_back(type.name_at(holder, i),
                         written(field, *type.element, type.at(holder, i)));
  return object;
}

Json either_json(const Field& field, const FieldType& type, const void* holder) {
  const std::size_t current = type.size(holder);
  const FieldType* alternative = type.alternatives[current];
  return alternative ? written(field, *alternative, type.at(holder, current)) : Json();
}

void add_fields(const FieldTable& table, const void* object, Json& json);

void add_choice(const Field& field, const void* holder, Json& json) {
  const std::size_t current = field.type->size(holder);
  const FieldType* alternative = field.type->alternatives[current];
  if (!alternative) return;
  const FieldTable& table = alternative->table();
  if (field.role == Field::Role::by_kind) json[std::string(field.key)] = std::string(table.name);
  add_fields(table, field.type->at(holder, current), json);
}

/// A default among keys that exclude each other stays unwritten, or it would exclude what was
/// given.
bool stays_silent(const FieldTable& table, const Field& field, const Json& value) {
  if (field.presence != Field::Presence::with_default) return false;
  for (const Exclusion& exclusion : table.exclusions) {
    if (std::find(exclusion.keys.begin(), exclusion.keys.end(), field.key) == exclusion.keys.end())
      continue;
    return value == written(field, *field.type, field.member(table.pristine.get()));
  }
  return false;
}

void add_fields(const FieldTable& table, const void* object, Json& json) {
  for (const Field& field : table.fields) {
    const void* member = field.member(object);
    if (field.role == Field::Role::inlined) {
      add_fields(field.type->table(), member, json);
    } else if (field.role != Field::Role::plain) {
      add_choice(field, member, json);
    } else {
      const bool absent = field.type->kind == FieldKind::optional && field.type->size(member) == 0;
      if (absent) continue;
      Json value = written(field, *field.type, member);
      if (field.other_keys)
        json.update(value);
      else if (!stays_silent(table, field, value)) json[std::string(field.key)] = std::move(value);
    }
  }
}

}  // namespace

Json written(const Field& field, const FieldType& type, const void* value) {
  switch (type.kind) {
    case FieldKind::duration:
      return print(as<sim::Duration>(value));
    case FieldKind::rate:
      return print(as<Rate>(value));
    case FieldKind::bytes:
      return print(as<Bytes>(value));
    case FieldKind::bandwidth:
      return print(as<Bandwidth>(value));
    case FieldKind::ratio:
      return print(as<Ratio>(value));
    case FieldKind::percentile:
      return print(as<Percentile>(value));
    case FieldKind::count:
      return count_json(type, value);
    case FieldKind::limit: {
      const Limit limit = as<Limit>(value);
      return limit.is_unlimited() ? Json("unlimited") : Json(limit.count);
    }
    case FieldKind::number:
      return number_json(as<double>(value));
    case FieldKind::boolean:
      return as<bool>(value);
    case FieldKind::text:
      return as<std::string>(value);
    case FieldKind::choice:
      return std::string(type.choices()[type.load_choice(value)].name);
    case FieldKind::distribution:
      return distribution_json(*quantity_of(field, type), as<Distribution>(value));
    case FieldKind::reference:
      return as<ServiceRef>(value).name;
    case FieldKind::call_target: {
      const auto& target = as<CallTarget>(value);
      return target.endpoint.empty() ? target.service : target.service + '.' + target.endpoint;
    }
    case FieldKind::form:
      return type.form().print(value);
    case FieldKind::table:
      return resolved(type.table(), value);
    case FieldKind::list:
      return list_json(field, type, value);
    case FieldKind::named:
      return named_json(field, type, value);
    case FieldKind::optional:
      return type.size(value) ? written(field, *type.element, type.at(value, 0)) : Json();
    case FieldKind::either:
      return either_json(field, type, value);
  }
  return nullptr;
}

Json resolved(const FieldTable& table, const void* object) {
  Json json = Json::object();
  add_fields(table, object, json);
  return json;
}

}  // namespace headroom
