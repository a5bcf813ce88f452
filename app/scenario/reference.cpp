#include "app/scenario/reference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/scenario/describe.hpp"
#include "app/scenario/distribution_forms.hpp"
#include "app/scenario/resolved.hpp"

namespace headroom {

namespace {

/// A cell of a Markdown table: pipes would end it.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, 1, '\\');
  return text;
}

std::string in_code(const std::string& text) {
  return text.empty() ? "" : '`' + text + '`';
}

void gather(const FieldType& type, std::vector<const FieldTable*>& tables);

void gather(const FieldTable& table, std::vector<const FieldTable*>& tables) {
  if (std::find(tables.begin(), tables.end(), &table) != tables.end()) return;
  tables.push_back(&table);
  for (const Field& field : table.fields)
    gather(*field.type, tables);
}

void gather(const FieldType& type, std::vector<const FieldTable*>& tables) {
  if (type.kind == FieldKind::table) gather(type.table(), tables);
  if (type.element) gather(*type.element, tables);
  for (const FieldType* alternative : type.alternatives)
    if (alternative) gather(*alternative, tables);
}

std::string default_of(const FieldTable& table, const Field& field) {
  switch (field.presence) {
    case Field::Presence::required:
      return "required";
    case Field::Presence::optional:
      return std::string(field.absent_means);
    case Field::Presence::with_default:
      if (!field.absent_means.empty()) return std::string(field.absent_means);
      break;
  }
  return in_code(written(field, *field.type, field.member(table.pristine.get())).dump());
}

std::string row(const FieldTable& table, const Field& field) {
  std::string meaning(field.doc);
  const std::string range = range_text(field, *field.type);
  if (!range.empty()) meaning += " Range: " + range + ".";
  const std::string example = field.example.empty() ? "" : as_json_text(field.example);
  const std::string type =
      field.role == Field::Role::by_kind ? "choice" : type_words(field, *field.type);
  return fmt::format("| `{}` | {} | {} | {} | {} |\n", field.key, cell(type),
                     cell(default_of(table, field)), cell(meaning), cell(in_code(example)));
}

void add_rows(const FieldTable& table, std::string& text) {
  for (const Field& field : table.fields) {
    if (field.role == Field::Role::inlined)
      add_rows(field.type->table(), text);
    else if (field.role != Field::Role::one_of)
      text += row(table, field);
  }
}

std::string alternatives_text(const Field& field) {
  const bool by_key = field.role == Field::Role::one_of;
  std::string text =
      fmt::format("\n{} {}:\n\n", field.doc,
                  by_key ? "Exactly one of these keys" : fmt::format("By `{}`", field.key));
  for (const FieldType* alternative : field.type->alternatives) {
    if (!alternative) continue;
    const FieldTable& table = alternative->table();
    text += fmt::format("- `{}`: {}", by_key ? table.tag() : table.name, table.doc);
    text += table.origin.empty() ? "\n" : fmt::format(" Source: {}.\n", table.origin);
  }
  return text;
}

std::string choices_text(const Field& field, const FieldType& type) {
  if (type.element) return choices_text(field, *type.element);
  const Choices choices = choices_for(field, type);
  if (choices.empty()) return {};
  std::string text = fmt::format("\n`{}` is one of:\n\n", field.key);
  for (const Choice& choice : choices) {
    text += fmt::format("- `{}`: {}", choice.name, choice.doc);
    text += choice.source.empty() ? "\n" : fmt::format(" Source: {}.\n", choice.source);
  }
  return text;
}

void add_lists(const FieldTable& table, std::string& text) {
  for (const Field& field : table.fields) {
    if (field.role == Field::Role::inlined)
      add_lists(field.type->table(), text);
    else if (field.role == Field::Role::plain)
      text += choices_text(field, *field.type);
    else
      text += alternatives_text(field);
  }
}

std::string section(const FieldTable& table) {
  std::string text = fmt::format("## {}\n\n{}\n", table.name, table.doc);
  if (!table.origin.empty()) text += fmt::format("Source: {}.\n", table.origin);
  std::string rows;
  add_rows(table, rows);
  if (!rows.empty())
    text += "\n| key | type | default | meaning | example |\n|---|---|---|---|---|\n" + rows;
  for (const Exclusion& exclusion : table.exclusions) {
    text += exclusion.one_required ? "\nExactly one of" : "\nAt most one of";
    for (std::size_t i = 0; i < exclusion.keys.size(); ++i)
      text += fmt::format("{} `{}`", i == 0 ? "" : ",", exclusion.keys[i]);
    text += ".\n";
  }
  add_lists(table, text);
  return text + '\n';
}

}  // namespace

std::vector<const FieldTable*> tables_of(const FieldTable& root) {
  std::vector<const FieldTable*> tables;
  gather(root, tables);
  return tables;
}

std::string reference_markdown(const FieldTable& root) {
  std::string text = "# Reference of the scenario file\n\n";
  for (const FieldTable* table : tables_of(root))
    text += section(*table);
  text +=
      "## distributions\n\nA bare value is a constant.\n\n| distribution | meaning | example "
      "|\n|---|---|---|\n";
  for (const DistributionForm& form : distribution_forms())
    text += fmt::format("| `{}` | {} | `{}` |\n", form.tag, form.doc, form.example);
  return text;
}

}  // namespace headroom
