#include "models/network/topology_plan.hpp"

namespace headroom {

const FieldTable& fields_of(const LinkPlan*) {
  using P = LinkPlan;
  static const auto table =
      FieldTable::of<P>("link", "How messages pass between two zones or nodes, or inside a zone.")
          .optional("latency", &P::latency, "Time on the way, one way, drawn for each message.",
                    example(R"({"lognormal": {"p50": "20ms", "p99": "120ms"}})"),
                    absent_means("no time"))
          .optional("jitter", &P::jitter,
                    "Added to the latency, drawn for each message; routes are chosen without it.",
                    example(R"({"exp": "1ms"})"), absent_means("none"))
          .optional("bandwidth", &P::bandwidth,
                    "What one direction carries; messages follow one another.", above(Bandwidth{0}),
                    example("10Gbit/s"), absent_means("unlimited"))
          .with_default("loss", &P::loss,
                        "Share of messages lost on the way; each is sent again after 200ms, then "
                        "after twice the last wait.",
                        at_least(0.0), below(1.0), example("0.1%"))
          .optional("queue", &P::queue,
                    "Bytes that may stand at the link, with what is left of the message under way; "
                    "a message beyond them is lost.",
                    example("256kB"), absent_means("unlimited"))
          .with_default("duplex", &P::duplex,
                        "Whether each direction has the bandwidth for itself.", example("false"))
          .with_default("shared", &P::shared,
                        "Whether messages share the bandwidth; where not, each has all of it, as "
                        "on a backbone that is never full.",
                        example("false"))
          .check([](const P& plan, Findings& findings) {
            if (plan.queue && !plan.bandwidth) {
              findings.warning("queue", "nothing waits for a link of unlimited bandwidth",
                               "give it a \"bandwidth\"");
            }
            if (plan.queue && !plan.shared)
              findings.warning("queue", "nothing waits for a link that is not shared");
          });
  return table;
}

const FieldTable& fields_of(const HostPlan*) {
  using P = HostPlan;
  static const auto table =
      FieldTable::of<P>("host", "A machine on which replicas and clients stand.")
          .optional("zone", &P::zone, "The zone in which it stands.", example("\"az-a\""),
                    absent_means("the first zone"));
  return table;
}

const FieldTable& fields_of(const StarPlan*) {
  using P = StarPlan;
  static const auto table =
      FieldTable::of<P>("star", "Hosts \"host-0\", .. around the switch \"hub\".")
          .required("hosts", &P::hosts, "How many.", between(1.0, 1e4), example("8"))
          .required("link", &P::link, "From each of them to the switch.",
                    example(R"({"latency": "20us", "bandwidth": "10Gbit/s"})"));
  return table;
}

const FieldTable& fields_of(const LeafSpinePlan*) {
  using P = LeafSpinePlan;
  static const auto table =
      FieldTable::of<P>("leaf_spine",
                        "Two tiers: \"host-L-H\" at \"leaf-L\", each leaf at every \"spine-S\". "
                        "Leaves stand in the zones in turn.")
          .required("leaves", &P::leaves, "Racks.", between(1.0, 256.0), example("4"))
          .required("spines", &P::spines, "Switches above them.", between(1.0, 64.0), example("2"))
          .required("hosts_per_leaf", &P::hosts_per_leaf, "Hosts in a rack.", between(1.0, 256.0),
                    example("8"))
          .required("host_link", &P::host_link, "From a host to its leaf.",
                    example(R"({"latency": "5us", "bandwidth": "10Gbit/s"})"))
          .required("spine_link", &P::spine_link, "From a leaf to a spine.",
                    example(R"({"latency": "5us", "bandwidth": "40Gbit/s"})"));
  return table;
}

const FieldTable& fields_of(const FatTreePlan*) {
  using P = FatTreePlan;
  static const auto table =
      FieldTable::of<P>("fat_tree",
                        "k^3/4 hosts \"host-P-E-H\" in k pods, all links alike. Pods stand in the "
                        "zones in turn.")
          .source("Al-Fares, Loukissas, Vahdat 2008")
          .required("k", &P::k, "Ports of each switch; even.", between(2.0, 24.0), example("4"))
          .required("link", &P::link, "Every link.",
                    example(R"({"latency": "5us", "bandwidth": "10Gbit/s"})"))
          .check([](const P& plan, Findings& findings) {
            if (plan.k % 2 != 0)
              findings.error("k", "the switches of a fat tree have an even number of ports",
                             "for example " + std::to_string(plan.k + 1));
          });
  return table;
}

const FieldTable& fields_of(const RegionsPlan*) {
  using P = RegionsPlan;
  static const auto table =
      FieldTable::of<P>("regions",
                        "Each zone is a region of AWS by its name (\"us-east-1\"), with hosts "
                        "\"REGION-H\" around the switch \"REGION\"; between regions the latencies "
                        "measured in 2017.")
          .source("acomputerscientistlearnsaws.blogspot.com/2017/04/aws-regions.html")
          .with_default("hosts", &P::hosts, "In each region.", between(1.0, 1000.0), example("4"))
          .optional("bandwidth", &P::bandwidth, "Between two regions, each direction.",
                    above(Bandwidth{0}), example("10Gbit/s"), absent_means("unlimited"))
          .optional("jitter", &P::jitter, "Added between regions, drawn for each message.",
                    example(R"({"exp": "1ms"})"), absent_means("none"))
          .optional("inside", &P::inside, "From each host to its region's switch.",
                    example(R"({"latency": "250us", "bandwidth": "10Gbit/s"})"),
                    absent_means("takes no time"));
  return table;
}

const FieldTable& fields_of(const GeneratePlan*) {
  using P = GeneratePlan;
  static const auto table = FieldTable::of<P>("generate", "A topology from a few numbers.")
                                .by_kind("kind", &P::kind, "Its shape.", example("\"star\""));
  return table;
}

Choices choices_of(Ecmp) {
  static constexpr Choice choices[] = {
      {"message", "by a hash of each message, as of a connection of its own", "RFC 2992"},
      {"pair", "by a hash of the two hosts: always the same one", "RFC 2992"},
      {"off", "always the first"},
  };
  return choices;
}

const FieldTable& fields_of(const ConnectionsPlan*) {
  using P = ConnectionsPlan;
  static const auto table =
      FieldTable::of<P>("connections",
                        "A request takes an idle connection of its site to the instance, or waits "
                        "for a new one: a round trip for TCP and those of TLS.")
          .source("RFC 9293; RFC 8446")
          .with_default("tls_round_trips", &P::tls_round_trips,
                        "1 for TLS 1.3, 2 for TLS 1.2, 0 without.", between(0.0, 4.0))
          .with_default("keep_alive", &P::keep_alive,
                        "Idle connections that one site keeps to one instance.", between(0.0, 1e6),
                        example("8"))
          .with_default("idle_timeout", &P::idle_timeout, "How long an idle one is kept.");
  return table;
}

const FieldTable& fields_of(const BulkPlan*) {
  using P = BulkPlan;
  static const auto table =
      FieldTable::of<P>("bulk", "Bytes that are copied from some places to others.")
          .required("from", &P::from, "Hosts, zones, or replicas that send.", at_least_items(1),
                    example(R"(["db[0]"])"))
          .required("to", &P::to,
                    "Who receives: the n-th from the n-th; the shorter list is gone through again.",
                    at_least_items(1), example(R"(["db[1]"])"))
          .required("bytes", &P::bytes, "Of each copy.", above(Bytes{0}), example("20GB"))
          .optional("throttle", &P::throttle, "The most that one copy sends.", above(Bandwidth{0}),
                    example("50MB/s"), absent_means("as much as the links give"))
          .optional("at", &P::at, "When it begins, from the end of the warm-up.", example("60s"))
          .optional("after_failure", &P::after_failure,
                    "It begins when that failure of the list (from 0) does, for the first time.",
                    example("0"))
          .with_default("delay", &P::delay, "How long after that.", example("10s"))
          .optional("every", &P::every,
                    "Begins again that long after it began, or when it has ended if that is later.",
                    above(sim::Duration()), example("1h"), absent_means("once"))
          .with_default("window", &P::window,
                        "In the delay engine, bytes of one copy under way at once; they go in "
                        "pieces of 64KiB at most.",
                        above(Bytes{0}))
          .exactly_one_of({"at", "after_failure"});
  return table;
}

const FieldTable& fields_of(const TopologyPlan*) {
  using P = TopologyPlan;
  static const auto table =
      FieldTable::of<P>("topology", "Hosts, switches and links, and who stands where.")
          .with_default("hosts", &P::hosts, "Machines by name.", plain_names(),
                        example(R"({"h1": {"zone": "az-a"}, "h2": {}})"))
          .with_default("switches", &P::switches, "Nodes that pass on messages.", plain_names(),
                        example(R"(["tor", "spine"])"))
          .with_default(
              "links", &P::links, "Between hosts and switches, by \"a <-> b\" or \"a -> b\".",
              [](Field& field) { field.names = Field::Names::any; },
              example(R"({"h1 <-> tor": {"latency": "5us", "bandwidth": "10Gbit/s"}})"))
          .optional("generate", &P::generate, "Hosts, switches and links of a known shape.",
                    example(R"({"kind": "fat_tree", "k": 4, "link": {"latency": "5us"}})"),
                    absent_means("only what is written"))
          .optional("platform", &P::platform,
                    "A SimGrid platform file as the topology. Its links fail by the names that it "
                    "gives them: \"link backbone\".",
                    example("\"cluster.xml\""), absent_means("none"))
          .with_default("placement", &P::placement,
                        "Hosts of the replicas of a service, or of the clients of a workload; the "
                        "n-th replica on the n-th, and so on round. Others are put on the hosts "
                        "of their zones in turn.",
                        plain_names(), example(R"({"db": ["h1", "h2"]})"))
          .with_default("ecmp", &P::ecmp, "Which of several equally short routes is taken.")
          .with_default("reroute_after", &P::reroute_after,
                        "From the death or repair of a link until routes know of it; what is sent "
                        "over a dead link meanwhile is lost, and sent again as any loss.",
                        example("150ms"));
  return table;
}

}  // namespace headroom
