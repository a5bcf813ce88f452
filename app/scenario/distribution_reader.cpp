#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/scenario/describe.hpp"
#include "app/scenario/distribution_forms.hpp"
#include "app/scenario/empirical_file.hpp"
#include "app/scenario/reading.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

using Kind = Distribution::Kind;

constexpr DistributionForm forms[] = {
    {"exp", "Exponential of that mean: memoryless, cv 1.", "", R"({"exp": "6ms"})"},
    {"uniform", "Any value between two bounds alike.", "", R"({"uniform": ["1ms", "3ms"]})"},
    {"lognormal", "Skewed to the right, from p50 and p99 or mean and cv.", "",
     R"({"lognormal": {"p50": "2ms", "p99": "15ms"}})"},
    {"gamma", "From mean and cv; cv below 1 is more regular than exponential, above 1 less.", "",
     R"({"gamma": {"mean": "20ms", "cv": 1.5}})"},
    {"erlang", "Sum of k exponentials: cv is one over the root of k.", "Erlang 1917",
     R"({"erlang": {"mean": "10ms", "k": 4}})"},
    {"weibull", "From mean and shape; a shape below 1 has a long tail.", "Weibull 1951",
     R"({"weibull": {"mean": "10ms", "shape": 0.8}})"},
    {"pareto", "Power-law tail above a minimum; the mean is finite for shapes above 1.", "",
     R"({"pareto": {"min": "1ms", "shape": 2.1}})"},
    {"hyperexp", "One of several exponentials: cv above 1.", "",
     R"({"hyperexp": [{"p": 0.9, "mean": "1ms"}, {"p": 0.1, "mean": "50ms"}]})"},
    {"mixture", "One of several distributions.", "",
     R"({"mixture": [{"p": 0.4, "of": "1ms"}, {"p": 0.6, "of": {"exp": "9ms"}}]})"},
    {"shifted", "A constant plus a distribution.", "",
     R"({"shifted": {"by": "0.2ms", "of": {"exp": "1ms"}}})"},
    {"empirical",
     "Values of a file: a value or value,weight per line (bare times are seconds), or .hgrm; "
     "between "
     "two percentiles of such a listing all values are as likely.",
     "", R"({"empirical": "service_times.csv"})"},
};

/// The standard normal quantile of 0.99.
constexpr double z99 = 2.3263478740408408;

class DistributionReader {
 public:
  DistributionReader(Reading& reading, const Field& field, const FieldType& type)
      : reading_(reading), field_(field), type_(type), quantity_(*quantity_of(field, type)) {}

  bool read(const Node& node, Distribution& d);

 private:
  /// A value in the unit of the field.
  bool amount(const Node& node, double& value) {
    ReadNumber number;
    if (!read_quantity(reading_, field_, type_, node, number)) return false;
    value = number.value;
    return true;
  }
  /// A positive plain number such as a shape.
  bool plain(const Node& node, double& value, double low, double high) {
    static constexpr FieldType number = scalar(FieldKind::number);
    Field field;
    field.range = {low, high, false, false};
    ReadNumber read;
    if (!read_quantity(reading_, field, number, node, read)) return false;
    value = read.value;
    return true;
  }
  bool probability(const Node& node, double& p) {
    static constexpr FieldType ratio = scalar(FieldKind::ratio);
    ReadNumber read;
    if (!read_quantity(reading_, {}, ratio, node, read)) return false;
    p = read.value;
    return true;
  }
  /// Reads the parameter `key`, which must be there.
  template <class Read>
  bool parameter(const Node& node, std::string_view key, Read read) {
    const Node* child = node.find(key);
    if (!child)
      return reading_.refuse(node.heading(), fmt::format("missing \"{}\"", key),
                             example_hint(node.key));
    PointerStep step(reading_, key);
    return read(*child);
  }
  bool amount_of(const Node& node, std::string_view key, double& value) {
    return parameter(node, key, [&](const Node& child) { return amount(child, value); });
  }
  bool plain_of(const Node& node, std::string_view key, double& value, double low, double high) {
    return parameter(node, key, [&](const Node& child) { return plain(child, value, low, high); });
  }
  bool only_keys(const Node& node, std::initializer_list<std::string_view> keys);
  static std::string example_hint(std::string_view tag);

  bool form(std::string_view tag, const Node& node, Distribution& d);
  bool uniform(const Node& node, Distribution& d);
  bool lognormal(const Node& node, Distribution& d);
  bool gamma(const Node& node, Distribution& d);
  bool erlang(const Node& node, Distribution& d);
  bool weibull(const Node& node, Distribution& d);
  bool pareto(const Node& node, Distribution& d);
  bool parts(const Node& node, std::string_view key, Distribution& d);
  bool shifted(const Node& node, Distribution& d);
  bool empirical(const Node& node, Distribution& d);
  bool must_be_positive(const Node& node, std::string_view key, double value) {
    if (value > 0) return true;
    return reading_.refuse(node.find(key)->place, fmt::format("\"{}\" must be above 0 here", key));
  }

  Reading& reading_;
  const Field& field_;
  const FieldType& type_;
  Quantity quantity_;
};

std::string DistributionReader::example_hint(std::string_view tag) {
  for (const DistributionForm& form : forms)
    if (form.tag == tag) return fmt::format("for example {}", form.example);
  return {};
}

bool DistributionReader::only_keys(const Node& node, std::initializer_list<std::string_view> keys) {
  if (node.kind != Node::Kind::object)
    return reading_.refuse(node.place, fmt::format("expected an object, found {}", describe(node)),
                           example_hint(node.key));
  const std::vector<std::string_view> valid(keys);
  bool good = true;
  for (const Node& child : node.children) {
    if (child.key.starts_with("x-") ||
        std::find(valid.begin(), valid.end(), child.key) != valid.end())
      continue;
    PointerStep step(reading_, child.key);
    good = reading_.refuse(child.key_place,
                           fmt::format("unknown key \"{}\" in {}", child.key, node.key),
                           suggestion(child.key, valid));
  }
  return good;
}

bool DistributionReader::read(const Node& node, Distribution& d) {
  if (node.kind != Node::Kind::object) {
    const bool of_one_value = node.kind == Node::Kind::string || node.kind == Node::Kind::number;
    return of_one_value ? amount(node, d.a) : reading_.wrong_type(field_, type_, node);
  }
  std::vector<std::string_view> tags;
  for (const DistributionForm& form : forms)
    tags.push_back(form.tag);
  const Node* chosen = nullptr;
  bool good = true;
  for (const Node& child : node.children) {
    if (child.key.starts_with("x-")) continue;
    PointerStep step(reading_, child.key);
    if (std::find(tags.begin(), tags.end(), child.key) == tags.end()) {
      good = reading_.refuse(child.key_place, fmt::format("unknown distribution \"{}\"", child.key),
                             suggestion(child.key, tags));
    } else if (chosen) {
      good = reading_.refuse(
          child.key_place,
          fmt::format("\"{}\" and \"{}\" exclude each other", chosen->key, child.key),
          way_out(reading_, *chosen, child, "a distribution is one of them"));
    } else {
      chosen = &child;
    }
  }
  if (!chosen)
    return good &&
           reading_.refuse(node.heading(), "the distribution is empty", "one of " + listed(tags));
  PointerStep step(reading_, chosen->key);
  return form(chosen->key, *chosen, d) && good;
}

bool DistributionReader::form(std::string_view tag, const Node& node, Distribution& d) {
  if (tag == "exp") {
    d.kind = Kind::exponential;
    return amount(node, d.a);
  }
  if (tag == "uniform") return uniform(node, d);
  if (tag == "lognormal") return lognormal(node, d);
  if (tag == "gamma") return gamma(node, d);
  if (tag == "erlang") return erlang(node, d);
  if (tag == "weibull") return weibull(node, d);
  if (tag == "pareto") return pareto(node, d);
  if (tag == "hyperexp") {
    d.kind = Kind::hyperexponential;
    return parts(node, "mean", d);
  }
  if (tag == "mixture") {
    d.kind = Kind::mixture;
    return parts(node, "of", d);
  }
  return tag == "shifted" ? shifted(node, d) : empirical(node, d);
}

bool DistributionReader::uniform(const Node& node, Distribution& d) {
  d.kind = Kind::uniform;
  if (node.kind != Node::Kind::array || node.children.size() != 2)
    return reading_.refuse(node.place,
                           fmt::format("expected a list of two bounds, found {}", describe(node)),
                           example_hint("uniform"));
  const auto bound = [&](std::size_t i, double& value) {
    PointerStep step(reading_, i);
    return amount(node.children[i], value);
  };
  const bool low = bound(0, d.a), high = bound(1, d.b);
  if (!low || !high) return false;
  if (d.a <= d.b) return true;
  return reading_.refuse(node.heading(), "the lower bound is above the upper one",
                         "write the smaller one first");
}

bool DistributionReader::lognormal(const Node& node, Distribution& d) {
  d.kind = Kind::lognormal;
  if (!only_keys(node, {"p50", "p99", "mean", "cv"})) return false;
  const bool by_moments = node.find("mean") || node.find("cv");
  if (by_moments && (node.find("p50") || node.find("p99")))
    return reading_.refuse(node.heading(), "percentiles and moments exclude each other",
                           "p50 and p99, or mean and cv");
  double first = 0, second = 0;
  if (by_moments) {
    const bool mean = amount_of(node, "mean", first), cv = plain_of(node, "cv", second, 0, 1000);
    if (!mean || !cv || !must_be_positive(node, "mean", first)) return false;
    const double variance = std::log1p(second * second);
    d.a = std::log(first) - variance / 2;
    d.b = std::sqrt(variance);
    return true;
  }
  const bool p50 = amount_of(node, "p50", first), p99 = amount_of(node, "p99", second);
  if (!p50 || !p99 || !must_be_positive(node, "p50", first)) return false;
  if (second < first) return reading_.refuse(node.find("p99")->place, "p99 is below p50");
  d.a = std::log(first);
  d.b = std::log(second / first) / z99;
  return true;
}

bool DistributionReader::gamma(const Node& node, Distribution& d) {
  d.kind = Kind::gamma;
  if (!only_keys(node, {"mean", "cv"})) return false;
  double cv = 0;
  const bool mean = amount_of(node, "mean", d.a), spread = plain_of(node, "cv", cv, 0.001, 1000);
  if (!mean || !spread) return false;
  d.b = 1 / (cv * cv);
  return true;
}

bool DistributionReader::erlang(const Node& node, Distribution& d) {
  d.kind = Kind::erlang;
  if (!only_keys(node, {"mean", "k"})) return false;
  const bool mean = amount_of(node, "mean", d.a), stages = plain_of(node, "k", d.b, 1, 10'000);
  if (!mean || !stages) return false;
  return d.b == std::floor(d.b) ||
         reading_.refuse(node.find("k")->place, "k is a number of stages, an integer");
}

bool DistributionReader::weibull(const Node& node, Distribution& d) {
  d.kind = Kind::weibull;
  if (!only_keys(node, {"mean", "shape"})) return false;
  double average = 0;
  // Chosen: below 0.1 the mean comes from one draw in millions and no run is long enough.
  const bool mean = amount_of(node, "mean", average),
             shape = plain_of(node, "shape", d.b, 0.1, 1000);
  if (!mean || !shape) return false;
  d.a = average / std::tgamma(1 + 1 / d.b);
  return true;
}

bool DistributionReader::pareto(const Node& node, Distribution& d) {
  d.kind = Kind::pareto;
  if (!only_keys(node, {"min", "shape"})) return false;
  const bool least = amount_of(node, "min", d.a), shape = plain_of(node, "shape", d.b, 0, 1000);
  if (!least || !shape || !must_be_positive(node, "min", d.a)) return false;
  const Node& place = *node.find("shape");
  if (d.b <= 1)
    return reading_.refuse(place.place,
                           fmt::format("a Pareto shape of {} has no finite mean", place.text),
                           "it must be above 1");
  if (d.b <= 2)
    reading_.diagnostics.warning(
        place.place, reading_.pointer + "/shape",
        fmt::format("a Pareto shape of {} has no finite variance", place.text),
        "intervals of means are unreliable up to 2");
  return true;
}

bool DistributionReader::parts(const Node& node, std::string_view key, Distribution& d) {
  const bool is_list = node.kind == Node::Kind::array;
  if (!is_list || node.children.empty())
    return reading_.refuse(node.place,
                           is_list
                               ? std::string("expected at least one part, and this list is empty")
                               : fmt::format("expected a list of parts, found {}", describe(node)),
                           example_hint(node.key));
  bool good = true;
  double sum = 0;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& part = node.children[i];
    PointerStep step(reading_, i);
    Distribution& of = d.parts.emplace_back();
    double& weight = d.weights.emplace_back();
    if (!only_keys(part, {"p", key})) {
      good = false;
      continue;
    }
    good &= parameter(part, "p", [&](const Node& child) { return probability(child, weight); });
    if (key == "mean") of.kind = Kind::exponential;
    good &= parameter(part, key, [&](const Node& child) {
      return key == "mean" ? amount(child, of.a) : read(child, of);
    });
    sum += weight;
  }
  if (!good || std::fabs(sum - 1) < 1e-9) return good;
  return reading_.refuse(node.heading(), fmt::format("the probabilities sum to {:.6g}", sum),
                         "they must sum to 1");
}

bool DistributionReader::shifted(const Node& node, Distribution& d) {
  d.kind = Kind::shifted;
  if (!only_keys(node, {"by", "of"})) return false;
  Distribution& of = d.parts.emplace_back();
  const bool by = amount_of(node, "by", d.a);
  return parameter(node, "of", [&](const Node& child) { return read(child, of); }) && by;
}

bool DistributionReader::empirical(const Node& node, Distribution& d) {
  d.kind = Kind::empirical;
  if (node.kind != Node::Kind::string)
    return reading_.refuse(node.place,
                           fmt::format("expected the name of a file, found {}", describe(node)),
                           example_hint("empirical"));
  d.file = node.text;
  std::string why;
  if (read_empirical_file(reading_.diagnostics.sources.path_from(node.place.file, node.text),
                          quantity_, d, why))
    return true;
  return reading_.refuse(node.place, why);
}

}  // namespace

std::span<const DistributionForm> distribution_forms() {
  return forms;
}

bool read_distribution(Reading& reading, const Field& field, const FieldType& type,
                       const Node& node, Distribution& distribution) {
  distribution = {};
  if (!DistributionReader(reading, field, type).read(node, distribution)) return false;
  distribution.written = to_json_text(node);
  return true;
}

}  // namespace headroom
