#include "app/study/audit.hpp"

#include <algorithm>

#include "models/consistency/shrink.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

consistency::History checked_history(const StoreHistory& recorded) {
  consistency::History history;
  history.timed = true;
  history.ordered = recorded.ordered;
  for (std::size_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOperation& each = recorded.operations[i];
    const bool is_read = each.f == Function::read;
    const bool is_known = each.end == HistoryEvent::Type::ok;
    if (each.end == HistoryEvent::Type::fail || (is_read && !is_known)) continue;
    consistency::Operation operation;
    operation.call = each.call.count_ns();
    operation.ret = is_known ? each.ret.count_ns() : consistency::open_end;
    operation.value = each.value;
    operation.expected = each.expected;
    operation.key = each.key;
    operation.process = each.process;
    operation.place = static_cast<std::uint32_t>(i);
    operation.f = each.f;
    operation.beside = (each.session & onlooker) != 0;
    history.operations.push_back(operation);
  }
  return history;
}

consistency::Question question_of(const StoreHistory& recorded) {
  using consistency::Model;
  return {recorded.counts ? Model::counter : Model::cas_register, no_value, {}};
}

namespace {

/// What the store says of its order is a witness: where it explains everything, a checker that
/// finds a violation is wrong.
void hold_against_witness(const consistency::History& history,
                          const consistency::Finding& finding) {
  const bool explains = history.ordered && consistency::explained_by_order(history);
  HEADROOM_CHECK(!explains || finding.holds != consistency::Holds::no);
}

}  // namespace

StoreAudit audit(const StoreHistory& recorded, std::optional<sim::Time> healed, sim::Time end) {
  const consistency::History history = checked_history(recorded);
  StoreAudit audit;
  audit.service = recorded.service;
  audit.operations = history.operations.size();
  audit.left_out = recorded.left_out;
  audit.answers = recorded.answers;
  const consistency::Question question = question_of(recorded);
  std::vector<consistency::Finding> found = consistency::check_all(history, question);
  hold_against_witness(history, found.front());
  consistency::Finding weakest;
  for (std::size_t i = 0; i < consistency::guarantees; ++i) {
    const auto guarantee = static_cast<consistency::Guarantee>(i);
    consistency::Finding& finding = found[i];
    audit.said.push_back({guarantee, finding.holds, finding.text});
    if (finding.holds != consistency::Holds::no) continue;
    audit.refuted = guarantee;
    weakest = std::move(finding);
  }
  if (audit.refuted) {
    weakest = consistency::smallest(*audit.refuted, history, question, weakest);
    audit.text = weakest.text;
    for (const std::uint32_t index : weakest.operations)
      audit.anomaly.push_back(recorded.operations[history.operations[index].place]);
  }
  audit.staleness = consistency::staleness(history);
  audit.losses = consistency::losses(history, recorded.held);
  if (healed)
    audit.convergence = consistency::convergence(history, healed->count_ns(), end.count_ns());
  return audit;
}

RecordedHistory events_of(const std::vector<RecordedOperation>& operations) {
  struct Numbered {
    std::uint32_t number;
    HistoryEvent event;
  };
  std::vector<Numbered> all;
  for (const RecordedOperation& each : operations) {
    HistoryEvent event;
    event.time = each.call;
    event.key = each.key;
    event.process = each.process;
    event.f = each.f;
    event.expected = each.expected;
    if (each.f != Function::read) event.value = each.value;
    all.push_back({each.began, event});
    if (each.ended == 0) continue;
    event.time = each.ret;
    event.type = each.end;
    if (each.end == HistoryEvent::Type::ok) event.value = each.value;
    all.push_back({each.ended, event});
  }
  std::sort(all.begin(), all.end(),
            [](const Numbered& a, const Numbered& b) { return a.number < b.number; });
  RecordedHistory events;
  for (const Numbered& each : all)
    events.push_back(each.event);
  return events;
}

}  // namespace headroom
