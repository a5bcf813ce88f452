#include <limits>

#include "app/scenario/describe.hpp"
#include "app/scenario/reading.hpp"

namespace headroom {

namespace {

/// Whether a value of that JSON kind could be of the type at all.
bool accepts(const Field& field, const FieldType& type, Node::Kind kind) {
  switch (type.kind) {
    case FieldKind::table:
    case FieldKind::named:
      return kind == Node::Kind::object;
    case FieldKind::list:
      return kind == Node::Kind::array;
    case FieldKind::boolean:
      return kind == Node::Kind::boolean;
    case FieldKind::count:
    case FieldKind::number:
      return kind == Node::Kind::number;
    case FieldKind::limit:
    case FieldKind::ratio:
      return kind == Node::Kind::number || kind == Node::Kind::string;
    case FieldKind::distribution:
      return kind == Node::Kind::object ||
             kind == (field.unit == Unit::count ? Node::Kind::number : Node::Kind::string);
    case FieldKind::optional:
      return accepts(field, *type.element, kind);
    case FieldKind::either:
      for (const FieldType* alternative : type.alternatives)
        if (alternative && accepts(field, *alternative, kind)) return true;
      return false;
    default:
      return kind == Node::Kind::string;
  }
}

/// Whether a text that begins as a number does could be meant as one of that kind.
bool is_amount(FieldKind kind) {
  return kind == FieldKind::duration || kind == FieldKind::rate || kind == FieldKind::bytes ||
         kind == FieldKind::bandwidth || kind == FieldKind::ratio;
}

}  // namespace

bool Reading::either(const Field& field, const FieldType& type, const Node& node, void* holder) {
  const std::size_t references = result.references.size();
  const std::size_t mark = diagnostics.mark();
  std::vector<Diagnostic> best;
  std::size_t fitting = 0, amounts = 0, fewest = std::numeric_limits<std::size_t>::max();
  const bool begins_as_number =
      node.kind == Node::Kind::string && !node.text.empty() &&
      std::string_view("+-.0123456789").find(node.text[0]) != std::string_view::npos;
  for (std::size_t i = 0; i < type.alternatives.size(); ++i) {
    const FieldType* alternative = type.alternatives[i];
    if (!alternative || !accepts(field, *alternative, node.kind)) continue;
    ++fitting;
    if (value(field, *alternative, node, type.make(holder, i))) return true;
    result.references.resize(references);
    std::vector<Diagnostic> errors = diagnostics.take_since(mark);
    const bool is_meant = begins_as_number && is_amount(alternative->kind);
    amounts += is_meant ? 1 : 0;
    if (is_meant || (amounts == 0 && errors.size() < fewest)) {
      fewest = errors.size();
      best = std::move(errors);
    }
  }
  // Where several could be meant and it is one short text, all are named; else the nearest speaks.
  if (amounts == 1) {
    diagnostics.put_back(std::move(best));
    return false;
  }
  const bool is_short = node.kind != Node::Kind::object && node.kind != Node::Kind::array;
  if (fitting == 0 || (fitting > 1 && is_short)) {
    const std::string hint = fitting > 1 && !best.empty() ? best.front().hint : std::string();
    return wrong_type(field, type, node, hint);
  }
  diagnostics.put_back(std::move(best));
  return false;
}

}  // namespace headroom
