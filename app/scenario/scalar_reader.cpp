#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstring>

#include "app/scenario/describe.hpp"
#include "app/scenario/names.hpp"
#include "app/scenario/reading.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

template <class T>
T& as(void* target) {
  return *static_cast<T*>(target);
}

bool out_of_range(Reading& reading, const Field& field, const FieldType& type, const Node& node) {
  std::string expected = "expected " + expectation(field, type);
  if (range_text(field, type).empty())
    expected += node.text.starts_with('-') ? ", at least 0" : ", below 9.2e18";
  return reading.refuse(node.place, fmt::format("{} is out of range", node.text), expected);
}

template <class Integer>
bool parses_whole(const std::string& text, Integer& whole) {
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, whole);
  return error == std::errc() && end == last;
}

/// A whole number from its literal; 1e6 and 2.0 are whole too.
bool read_integer(Reading& reading, const Field& field, const FieldType& type, const Node& node,
                  std::int64_t& whole) {
  const char* last = node.text.data() + node.text.size();
  double real = 0;
  std::from_chars(node.text.data(), last, real);
  if (real != std::floor(real))
    return reading.refuse(node.place, node.text + " is not an integer",
                          "expected " + expectation(field, type));
  if (!effective_range(field, type).contains(real)) return out_of_range(reading, field, type, node);
  if (parses_whole(node.text, whole)) return true;
  std::uint64_t large = 0;
  if (type.kind == FieldKind::count && !type.integer_signed && parses_whole(node.text, large)) {
    whole = static_cast<std::int64_t>(large);  // the bits of a seed above 2^63
    return true;
  }
  if (std::fabs(real) >= 9.2e18) return out_of_range(reading, field, type, node);
  whole = static_cast<std::int64_t>(real);
  return true;
}

void store_integer(const FieldType& type, std::int64_t whole, void* target) {
  // Little or big endian: the value is converted to its width first.
  switch (type.integer_bytes) {
    case 1:
      as<std::uint8_t>(target) = static_cast<std::uint8_t>(whole);
      break;
    case 2:
      as<std::uint16_t>(target) = static_cast<std::uint16_t>(whole);
      break;
    case 4:
      as<std::uint32_t>(target) = static_cast<std::uint32_t>(whole);
      break;
    default:
      as<std::uint64_t>(target) = static_cast<std::uint64_t>(whole);
  }
}

bool read_count(Reading& reading, const Field& field, const FieldType& type, const Node& node,
                void* target) {
  if (node.kind != Node::Kind::number) {
    double ignored = 0;
    const char* last = node.text.data() + node.text.size();
    const bool quoted_number = node.kind == Node::Kind::string && !node.text.empty() &&
                               std::from_chars(node.text.data(), last, ignored).ptr == last;
    return reading.wrong_type(field, type, node,
                              quoted_number ? "write " + node.text + " without quotes" : "");
  }
  std::int64_t whole = 0;
  if (!read_integer(reading, field, type, node, whole)) return false;
  store_integer(type, whole, target);
  return true;
}

bool read_limit(Reading& reading, const Field& field, const FieldType& type, const Node& node,
                Limit& limit) {
  if (node.kind == Node::Kind::string && node.text == "unlimited") {
    if (!std::isinf(effective_range(field, type).high))
      return out_of_range(reading, field, type, node);
    limit = Limit::unlimited();
    return true;
  }
  if (node.kind == Node::Kind::string &&
      !nearest(node.text, std::array{std::string_view("unlimited")}).empty())
    return reading.wrong_type(field, type, node, "did you mean \"unlimited\"?");
  return read_count(reading, field, type, node, &limit.count);
}

bool read_choice(Reading& reading, const Field& field, const FieldType& type, const Node& node,
                 std::size_t& index) {
  if (node.kind != Node::Kind::string) return reading.wrong_type(field, type, node);
  const Choices choices = choices_for(field, type);
  for (index = 0; index < choices.size(); ++index)
    if (choices[index].name == node.text) return true;
  return reading.refuse(node.place, fmt::format("unknown {} \"{}\"", field.key, node.text),
                        suggestion(node.text, names_of(choices)));
}

bool read_text(Reading& reading, const Field& field, const FieldType& type, const Node& node,
               std::string& text) {
  if (node.kind != Node::Kind::string) return reading.wrong_type(field, type, node);
  std::size_t index = 0;
  if (field.choices && !read_choice(reading, field, type, node, index)) return false;
  const std::string fault = field.is_name ? name_fault(node.text, field.names) : std::string();
  if (!fault.empty()) return reading.refuse(node.place, fault);
  text = node.text;
  return true;
}

bool read_reference(Reading& reading, const Field& field, const FieldType& type, const Node& node,
                    void* target) {
  if (node.kind != Node::Kind::string || node.text.empty())
    return reading.wrong_type(field, type, node);
  FoundReference found{type.reference, node.text, {}, node.place, reading.pointer};
  if (type.kind == FieldKind::call_target) {
    const std::size_t dot = node.text.find('.');
    found.kind = RefKind::call_target;
    found.name = node.text.substr(0, dot);
    found.endpoint = dot == std::string::npos ? "" : node.text.substr(dot + 1);
    if (found.name.empty() || (dot != std::string::npos && found.endpoint.empty()))
      return reading.wrong_type(field, type, node);
    as<CallTarget>(target) = {found.name, found.endpoint};
  } else {
    as<ServiceRef>(target).name = node.text;  // every Ref is one string
  }
  reading.result.references.push_back(std::move(found));
  return true;
}

bool read_form(Reading& reading, const Field& field, const FieldType& type, const Node& node,
               void* target) {
  if (node.kind != Node::Kind::string) return reading.wrong_type(field, type, node);
  const TextForm& form = type.form();
  std::string why;
  if (form.parse(node.text, target, why)) return true;
  return reading.refuse(node.place,
                        why.empty() ? fmt::format("\"{}\" does not read", node.text) : why,
                        fmt::format("expected {}", form.expects));
}

bool read_boolean(Reading& reading, const Field& field, const FieldType& type, const Node& node,
                  bool& truth) {
  const bool quoted =
      node.kind == Node::Kind::string && (node.text == "true" || node.text == "false");
  if (node.kind != Node::Kind::boolean)
    return reading.wrong_type(field, type, node,
                              quoted ? "write " + node.text + " without quotes" : "");
  truth = node.truth;
  return true;
}

void store_quantity(const FieldType& type, const ReadNumber& number, void* target) {
  switch (type.kind) {
    case FieldKind::duration:
      as<sim::Duration>(target) = sim::Duration::ns(number.integer);
      break;
    case FieldKind::bytes:
      as<Bytes>(target).count = number.integer;
      break;
    case FieldKind::rate:
      as<Rate>(target).per_s = number.value;
      break;
    case FieldKind::bandwidth:
      as<Bandwidth>(target).bytes_per_s = number.value;
      break;
    case FieldKind::ratio:
      as<Ratio>(target).value = number.value;
      break;
    case FieldKind::percentile:
      as<Percentile>(target).percent = number.value;
      break;
    default:
      as<double>(target) = number.value;
  }
}

}  // namespace

bool read_quantity(Reading& reading, const Field& field, const FieldType& type, const Node& node,
                   ReadNumber& number) {
  const Quantity quantity = *quantity_of(field, type);
  const bool bare = node.kind == Node::Kind::number;
  const bool wants_bare = quantity == Quantity::number || quantity == Quantity::ratio;
  const bool is_text = node.kind == Node::Kind::string;
  if (bare && !wants_bare)
    return reading.wrong_type(field, type, node, with_unit(quantity, node.text));
  if (!bare && !(is_text && quantity != Quantity::number)) {
    const auto inside = is_text ? parse_quantity(Quantity::number, node.text) : ParsedQuantity{};
    return reading.wrong_type(field, type, node,
                              inside.value ? "write " + node.text + " without quotes" : "");
  }
  const ParsedQuantity parsed = parse_quantity(quantity, node.text);
  if (!parsed.value) return reading.refuse(node.place, parsed.message, parsed.hint);
  if (!effective_range(field, type).contains(*parsed.value)) {
    const bool means_percent = bare && type.kind == FieldKind::ratio && *parsed.value > 1 &&
                               effective_range(field, type).contains(*parsed.value / 100);
    if (means_percent)
      return reading.refuse(node.place, node.text + " is out of range",
                            fmt::format("write \"{}%\", or a share of 1", node.text));
    return out_of_range(reading, field, type, node);
  }
  number = {*parsed.value, parsed.integer};
  return true;
}

bool read_scalar(Reading& reading, const Field& field, const FieldType& type, const Node& node,
                 void* target) {
  switch (type.kind) {
    case FieldKind::count:
      return read_count(reading, field, type, node, target);
    case FieldKind::limit:
      return read_limit(reading, field, type, node, as<Limit>(target));
    case FieldKind::boolean:
      return read_boolean(reading, field, type, node, as<bool>(target));
    case FieldKind::text:
      return read_text(reading, field, type, node, as<std::string>(target));
    case FieldKind::reference:
    case FieldKind::call_target:
      return read_reference(reading, field, type, node, target);
    case FieldKind::form:
      return read_form(reading, field, type, node, target);
    case FieldKind::choice: {
      std::size_t index = 0;
      if (!read_choice(reading, field, type, node, index)) return false;
      type.store_choice(target, index);
      return true;
    }
    default: {
      ReadNumber number;
      if (!read_quantity(reading, field, type, node, number)) return false;
      store_quantity(type, number, target);
      return true;
    }
  }
}

}  // namespace headroom
