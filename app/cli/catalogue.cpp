#include "app/cli/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/scenario/describe.hpp"
#include "app/scenario/distribution_forms.hpp"
#include "app/scenario/plan.hpp"
#include "app/scenario/reference.hpp"
#include "models/cache/policy.hpp"

namespace headroom {

namespace {

template <class T>
const FieldTable& table_of() {
  return fields_of(static_cast<const T*>(nullptr));
}

std::vector<CatalogueEntry> entries_of(Choices choices) {
  std::vector<CatalogueEntry> entries;
  for (const Choice& choice : choices)
    entries.push_back({choice.name, choice.doc, choice.source});
  return entries;
}

/// Of alternatives the tagged ones go by the key that tells them.
std::vector<CatalogueEntry> alternatives_of(const Field& field) {
  std::vector<CatalogueEntry> entries;
  for (const FieldType* type : field.type->alternatives) {
    if (type == nullptr) continue;
    const FieldTable& alternative = type->table();
    const auto name = field.role == Field::Role::by_kind ? alternative.name : alternative.tag();
    entries.push_back({name, alternative.doc, alternative.origin});
  }
  return entries;
}

std::vector<CatalogueEntry> alternatives_of(const FieldTable& table, Field::Role role) {
  for (const Field& field : table.fields)
    if (field.role == role) return alternatives_of(field);
  return {};
}

/// The keys of a table as entries.
std::vector<CatalogueEntry> keys_of(const FieldTable& table) {
  std::vector<CatalogueEntry> entries;
  for (const Field& field : table.fields) {
    if (field.role == Field::Role::plain) entries.push_back({field.key, field.doc, {}});
  }
  return entries;
}

std::vector<CatalogueEntry> distributions() {
  std::vector<CatalogueEntry> entries;
  for (const auto& form : distribution_forms())
    entries.push_back({form.tag, form.doc, form.source});
  return entries;
}

std::vector<CatalogueEntry> choices_of_field(const Field& field, const FieldType& type) {
  if (type.element) return choices_of_field(field, *type.element);
  auto entries = entries_of(choices_for(field, type));
  for (const FieldType* alternative : type.alternatives) {
    if (alternative == nullptr) continue;
    const auto more = choices_of_field(field, *alternative);
    entries.insert(entries.end(), more.begin(), more.end());
  }
  return entries;
}

/// Whatever else a scenario chooses from.
void add_rest(std::vector<CatalogueFamily>& families) {
  for (const FieldTable* table : tables_of(table_of<ScenarioPlan>())) {
    for (const Field& field : table->fields) {
      if (field.role == Field::Role::inlined) continue;
      auto entries = field.role == Field::Role::plain ? choices_of_field(field, *field.type)
                                                      : alternatives_of(field);
      const bool is_listed = std::any_of(families.begin(), families.end(), [&](const auto& family) {
        return family.entries == entries;
      });
      if (entries.empty() || is_listed) continue;
      families.push_back(
          {fmt::format("{}.{}", table->name, field.key), field.doc, std::move(entries)});
    }
  }
}

}  // namespace

std::vector<CatalogueFamily> catalogue() {
  using Role = Field::Role;
  std::vector<CatalogueFamily> families{
      {"kinds", "what a service may be (services.NAME.kind)",
       alternatives_of(table_of<ServicePlan>(), Role::by_kind)},
      {"policies", "how a load balancer chooses (policy)", entries_of(balancer_policies())},
      {"eviction", "which entry leaves a full cache (eviction)", entries_of(eviction_policies())},
      {"stampede", "what happens when many miss one key of a cache (stampede)",
       entries_of(choices_of(Stampede{}))},
      {"write", "who writes what is set in a cache to its store (write)",
       entries_of(choices_of(WritePolicy{}))},
      {"operations", "what a call does to its key (op)", entries_of(choices_of(Operation{}))},
      {"arrivals", "when requests come (workloads.NAME.arrivals)",
       alternatives_of(table_of<ArrivalsChoice>(), Role::one_of)},
      {"distributions", "of times, sizes and counts; a bare value is a constant", distributions()},
      {"disciplines", "the order of the queue (discipline)", entries_of(choices_of(Discipline{}))},
      {"admission", "what a replica lets in (admission)", keys_of(table_of<AdmissionPlan>())},
      {"steps", "what an endpoint does (endpoints)",
       alternatives_of(table_of<Step>(), Role::one_of)},
      {"client", "what a client does around its calls", keys_of(table_of<ClientPlan>())},
      {"jitter", "of a retry's backoff", entries_of(choices_of(Jitter{}))},
      {"crash", "what callers of a crashed server see", entries_of(choices_of(Crash{}))},
      {"failures", "what may go wrong (failures)",
       alternatives_of(table_of<FailurePlan>(), Role::one_of)},
  };
  add_rest(families);
  return families;
}

}  // namespace headroom
