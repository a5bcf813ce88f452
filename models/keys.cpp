#include "models/keys.hpp"

#include <algorithm>

#include "models/draw.hpp"

namespace headroom {

const FieldTable& fields_of(const HotKeys*) {
  using P = HotKeys;
  static const auto table =
      FieldTable::of<P>("hot", "A few keys that get a share of all requests for themselves.")
          .required("share", &P::share, "Of the requests; the others follow `zipf`.",
                    example("20%"))
          .required("count", &P::count, "How many keys share it evenly.", at_least(1.0),
                    example("3"));
  return table;
}

const FieldTable& fields_of(const KeySpacePlan*) {
  using P = KeySpacePlan;
  static const auto table =
      FieldTable::of<P>("keys", "A set of keys and how often each is asked for.")
          .optional("count", &P::count, "How many keys there are.", between(1.0, 1e12),
                    example("1000000"), absent_means("as many as the replayed file holds"))
          .with_default("zipf", &P::zipf,
                        "The key of rank r is asked for in proportion to 1 / r^zipf; 0: all alike.",
                        at_most(20.0), example("0.9"))
          .optional("value_size", &P::value_size,
                    "Size of a value; drawn once for each key, then always the same.", sizes(),
                    example("\"2kB\""), absent_means("as the replayed file says, else 1 byte"))
          .optional("hot", &P::hot, "The first few keys get a share of all requests.",
                    example(R"({"share": "20%", "count": 3})"), absent_means("none"))
          .optional("replay", &P::replay,
                    "A file of keys: request n of a workload asks for the n-th, from the start "
                    "again after the last. CSV with a key a line (key or key,size), or records "
                    "of oracleGeneral (.bin).",
                    example("\"keys.csv\""))
          .exactly_one_of({"count", "replay"})
          .check([](const P& plan, Findings& findings) {
            if (plan.replay && plan.zipf != 0)
              findings.error("zipf", "does nothing where keys are replayed", "take it out");
            if (plan.replay && plan.hot)
              findings.error("hot", "does nothing where keys are replayed", "take it out");
            if (plan.hot && plan.count && plan.hot->count >= *plan.count)
              findings.error("hot/count", "leaves no other key of " + std::to_string(*plan.count),
                             "fewer hot keys, or none");
          });
  return table;
}

namespace {

std::uint64_t ranked(const KeySpacePlan& plan) {
  const std::uint64_t hot = plan.hot ? plan.hot->count : 0;
  return std::max<std::uint64_t>(1, plan.items() - hot);
}

}  // namespace

KeySpace::KeySpace(const KeySpacePlan& plan, std::uint8_t number, std::string_view name)
    : plan_(plan),
      number_(number),
      draws_(sim::hash_name(name)),
      sizes_(sim::mix(draws_, sim::hash_name("value_size"))),
      hot_(plan.hot ? plan.hot->count : 0),
      popularity_(ranked(plan), plan.zipf) {}

std::uint64_t KeySpace::item_for(const Request& request) const {
  if (plan_.replay) return plan_.replayed[request.number % plan_.replayed.size()];
  sim::Keyed draws(sim::mix(request.origin, draws_));
  if (hot_ > 0) {
    const double rank = draws.uniform() / plan_.hot->share.value;
    if (rank < 1)
      return std::min(hot_ - 1, static_cast<std::uint64_t>(rank * static_cast<double>(hot_)));
  }
  return hot_ + popularity_.draw(draws);
}

std::int64_t KeySpace::value_size(const Request& request) const {
  if (plan_.value_size) {
    sim::Keyed draws(sim::mix(sizes_, request.key));
    return draw_count(*plan_.value_size, draws);
  }
  if (plan_.replayed_sizes.empty()) return 1;
  return plan_.replayed_sizes[request.number % plan_.replayed_sizes.size()];
}

}  // namespace headroom
