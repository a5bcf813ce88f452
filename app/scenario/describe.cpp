#include "app/scenario/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double largest_integer(const FieldType& type) {
  return std::ldexp(1.0, 8 * type.integer_bytes - (type.integer_signed ? 1 : 0)) - 1;
}

std::string bound_text(const Field& field, const FieldType& type, double bound) {
  const auto quantity = quantity_of(field, type);
  const bool is_whole = bound == std::floor(bound) && std::fabs(bound) < 1e15;
  if (is_whole && quantity.value_or(Quantity::number) == Quantity::number)
    return fmt::format("{:.0f}", bound);
  if (quantity) return print_quantity(*quantity, bound);
  return bound >= 1.8e19 ? std::to_string(UINT64_MAX) : std::to_string(INT64_MAX);
}

std::string_view reference_words(RefKind kind) {
  switch (kind) {
    case RefKind::service:
      return "name of a service";
    case RefKind::workload:
      return "name of a workload";
    case RefKind::zone:
      return "name of a zone";
    case RefKind::key_space:
      return "name of a key space";
    case RefKind::call_target:
      return "service or service.endpoint";
  }
  return {};
}

std::string_view references_words(RefKind kind) {
  switch (kind) {
    case RefKind::service:
      return "names of services";
    case RefKind::workload:
      return "names of workloads";
    case RefKind::zone:
      return "names of zones";
    case RefKind::key_space:
      return "names of key spaces";
    case RefKind::call_target:
      return "services or service.endpoint";
  }
  return {};
}

/// What a list holds: "times", "names of zones".
std::string plural_words(const Field& field, const FieldType& type) {
  if (!choices_for(field, type).empty()) return "choices";
  switch (type.kind) {
    case FieldKind::bandwidth:
    case FieldKind::bytes:
    case FieldKind::count:
    case FieldKind::duration:
    case FieldKind::number:
    case FieldKind::percentile:
    case FieldKind::rate:
    case FieldKind::ratio:
    case FieldKind::text:
      return type_words(field, type) + "s";
    case FieldKind::table:
      return type_words(field, type) + " objects";
    case FieldKind::list:
      return "lists of " + plural_words(field, *type.element);
    case FieldKind::form:
      return "items, each " + type_words(field, type);
    case FieldKind::reference:
    case FieldKind::call_target:
      return std::string(references_words(
          type.kind == FieldKind::reference ? type.reference : RefKind::call_target));
    default:
      return type_words(field, type);
  }
}

std::string either_words(const Field& field, const FieldType& type,
                         std::string (*words)(const Field&, const FieldType&)) {
  std::string text;
  for (const FieldType* alternative : type.alternatives) {
    if (!alternative) continue;
    if (!text.empty()) text += " or ";
    text += words(field, *alternative);
  }
  return text;
}

}  // namespace

std::optional<Quantity> quantity_of(const Field& field, const FieldType& type) {
  switch (type.kind) {
    case FieldKind::duration:
      return Quantity::time;
    case FieldKind::rate:
      return Quantity::rate;
    case FieldKind::bytes:
      return Quantity::bytes;
    case FieldKind::bandwidth:
      return Quantity::bandwidth;
    case FieldKind::ratio:
      return Quantity::ratio;
    case FieldKind::percentile:
      return Quantity::percentile;
    case FieldKind::number:
      return Quantity::number;
    case FieldKind::distribution:
      return field.unit == Unit::time    ? Quantity::time
             : field.unit == Unit::bytes ? Quantity::bytes
                                         : Quantity::number;
    default:
      return std::nullopt;
  }
}

Range effective_range(const Field& field, const FieldType& type) {
  Range range = field.range;
  if (range.low == -infinity) range.low = 0;
  if (type.kind == FieldKind::ratio && range.high == infinity) range.high = 1;
  if (type.kind == FieldKind::count) range.high = std::min(range.high, largest_integer(type));
  if (type.kind == FieldKind::count && !type.integer_signed) range.low = std::max(range.low, 0.0);
  return range;
}

std::string range_text(const Field& field, const FieldType& type) {
  if (type.kind == FieldKind::optional || type.kind == FieldKind::list ||
      type.kind == FieldKind::named)
    return range_text(field, *type.element);
  if (type.kind == FieldKind::either) {
    for (const FieldType* alternative : type.alternatives)
      if (alternative)
        if (std::string text = range_text(field, *alternative); !text.empty()) return text;
    return {};
  }
  const bool is_count = type.kind == FieldKind::count || type.kind == FieldKind::limit;
  if (!is_count && !quantity_of(field, type)) return {};
  const Range range = effective_range(field, type);
  const std::string low = bound_text(field, type, range.low);
  if (range.high == infinity) {
    if (range.low == 0 && !range.low_open) return {};
    return (range.low_open ? "above " : "at least ") + low;
  }
  const std::string high = bound_text(field, type, range.high);
  if (low == high) return "always " + low;
  if (range.low_open || range.high_open)
    return fmt::format("{} {} and {} {}", range.low_open ? "above" : "at least", low,
                       range.high_open ? "below" : "at most", high);
  return low + " to " + high;
}

std::string expectation(const Field& field, const FieldType& type) {
  const Choices choices = choices_for(field, type);
  if (!choices.empty()) return "one of " + listed(names_of(choices));
  const std::string range = range_text(field, type);
  const std::string within = range.empty() ? "" : ", " + range;
  switch (type.kind) {
    case FieldKind::count:
      return "an integer" + within;
    case FieldKind::limit:
      return "an integer" + within + " or \"unlimited\"";
    case FieldKind::boolean:
      return "true or false";
    case FieldKind::text:
      return field.is_name ? "a name" : "a text in quotes";
    case FieldKind::distribution: {
      const Quantity quantity = *quantity_of(field, type);
      const std::string_view kind = quantity == Quantity::number ? "{\"uniform\": [1, 5]}"
                                    : quantity == Quantity::time ? "{\"exp\": \"5ms\"}"
                                                                 : "{\"exp\": \"2kB\"}";
      return fmt::format("{} or a distribution such as {}", what_it_looks_like(quantity), kind);
    }
    case FieldKind::reference:
      return "the " + std::string(reference_words(type.reference));
    case FieldKind::call_target:
      return "the name of a service, or service.endpoint";
    case FieldKind::form:
      return std::string(type.form().expects);
    case FieldKind::table:
      return "an object (" + std::string(type.table().name) + ")";
    case FieldKind::list:
      return "a list of " + plural_words(field, *type.element);
    case FieldKind::named:
      return "an object by name";
    case FieldKind::optional:
      return expectation(field, *type.element);
    case FieldKind::either:
      return either_words(field, type, &expectation);
    default:
      return std::string(what_it_looks_like(*quantity_of(field, type))) + within;
  }
}

std::string type_words(const Field& field, const FieldType& type) {
  if (!choices_for(field, type).empty()) return "choice";
  switch (type.kind) {
    case FieldKind::duration:
      return "time";
    case FieldKind::rate:
      return "rate";
    case FieldKind::bytes:
      return "size";
    case FieldKind::bandwidth:
      return "bandwidth";
    case FieldKind::ratio:
      return "ratio";
    case FieldKind::percentile:
      return "percentile";
    case FieldKind::count:
      return "integer";
    case FieldKind::limit:
      return "integer or \"unlimited\"";
    case FieldKind::number:
      return "number";
    case FieldKind::boolean:
      return "true or false";
    case FieldKind::text:
      return "text";
    case FieldKind::choice:
      return "choice";
    case FieldKind::distribution:
      return field.unit == Unit::time    ? "distribution of times"
             : field.unit == Unit::bytes ? "distribution of sizes"
                                         : "distribution of numbers";
    case FieldKind::reference:
      return std::string(reference_words(type.reference));
    case FieldKind::call_target:
      return std::string(reference_words(RefKind::call_target));
    case FieldKind::form:
      return std::string(type.form().expects);
    case FieldKind::table:
      return "`" + std::string(type.table().name) + "`";
    case FieldKind::list:
      return "list of " + plural_words(field, *type.element);
    case FieldKind::named:
      return "by name: " + type_words(field, *type.element);
    case FieldKind::optional:
      return type_words(field, *type.element);
    case FieldKind::either:
      return either_words(field, type, &type_words);
  }
  return {};
}

Choices choices_for(const Field& field, const FieldType& type) {
  if (type.kind == FieldKind::choice) return type.choices();
  if (type.kind == FieldKind::text && field.choices) return field.choices();
  return {};
}

std::vector<std::string_view> names_of(Choices choices) {
  std::vector<std::string_view> names;
  for (const Choice& choice : choices)
    names.push_back(choice.name);
  return names;
}

std::string as_json_text(std::string_view example) {
  if (nlohmann::json::accept(example)) return std::string(example);
  return nlohmann::json(example).dump();
}

}  // namespace headroom
