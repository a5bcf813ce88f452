// The flow engine: SimGrid shares the links, the kernel of this project does everything else.
//
// Source: Casanova, Giersch, Legrand, Quinson, Suter 2014, "Versatile, scalable, and accurate
// simulation of distributed applications and platforms"; Velho, Legrand 2009 for LV08.
#include <xbt/log.h>
#include <simgrid/kernel/resource/Action.hpp>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/kernel/routing/NetZoneImpl.hpp>
#include <simgrid/s4u.hpp>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <map>
#include <string>
#include <vector>

#include "models/network/network.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

namespace s4u = simgrid::s4u;
using simgrid::kernel::resource::Model;
using simgrid::kernel::routing::NetPoint;
using simgrid::kernel::routing::NetZoneImpl;
using simgrid::kernel::routing::Route;

/// A way that SimGrid is asked to use: the topology is not its business.
struct Way {
  std::vector<s4u::Link*> there, back;
  double latency_s = 0;
};

/// Two hosts, and between them the way of the transfer that starts. So routes belong to the network
/// of this project, may change at any time, and cost SimGrid no memory.
class OneWayZone final : public NetZoneImpl {
 public:
  explicit OneWayZone(const std::string& name) : NetZoneImpl(name) {}
  void set_way(const Way* way) { way_ = way; }
  void set_sender(const NetPoint* sender) { sender_ = sender; }

 private:
  void get_local_route(const NetPoint* from, const NetPoint*, Route* into,
                       double* latency) override {
    for (const s4u::Link* link : from == sender_ ? way_->there : way_->back)
      into->link_list_.push_back(link->get_impl());
    if (latency != nullptr) *latency += way_->latency_s;
  }
  void get_graph(const s_xbt_graph_t*, std::map<std::string, xbt_node_t, std::less<>>*,
                 std::map<std::string, xbt_edge_t, std::less<>>*) override {}

  const Way* way_ = nullptr;
  const NetPoint* sender_ = nullptr;
};

/// SimGrid's seconds as nanoseconds: rounded up, so that time always advances, but for what differs
/// from a whole number by the rounding of its own sums only.
std::int64_t in_ns(double seconds) {
  const double ns = seconds * 1e9;
  const double nearest = std::nearbyint(ns);
  const bool is_whole = std::fabs(ns - nearest) <= 1e-6 + ns * 8 * 0x1p-53;
  return static_cast<std::int64_t>(is_whole ? nearest : std::ceil(ns));
}
double in_seconds(sim::Time at) {
  return static_cast<double>(at.count_ns()) / 1e9;
}

struct Transfer {
  Way way;
  std::int64_t bytes = 0;
  double most_bytes_per_s = 0;
  std::vector<std::uint32_t> links;
  Transit* waiting = nullptr;
  s4u::CommPtr comm;  ///< SimGrid calls back only for those that somebody still holds.
};

std::vector<std::string> settings_of(FlowModel model) {
  std::vector<std::string> settings{"headroom", "--log=root.thresh:critical",
                                    "--cfg=debug/verbose-exit:no"};
  const auto set = [&](const char* setting) {
    settings.push_back(std::string("--cfg=network/") + setting);
  };
  switch (model) {
    case FlowModel::LV08:
      set("model:LV08");
      break;
    case FlowModel::CM02:
      set("model:CM02");
      break;
    case FlowModel::exact:
      set("model:CM02");
      set("TCP-gamma:0");
      set("crosstraffic:0");
      set("weight-S:0");
      break;
  }
  return settings;
}

std::unique_ptr<s4u::Engine> engine_of(FlowModel model) {
  auto settings = settings_of(model);
  std::vector<char*> words;
  for (std::string& setting : settings)
    words.push_back(setting.data());
  words.push_back(nullptr);
  int count = static_cast<int>(settings.size());
  auto engine = std::make_unique<s4u::Engine>(&count, words.data());
  for (const int signal : {SIGINT, SIGSEGV, SIGABRT, SIGFPE, SIGBUS})
    std::signal(signal, SIG_DFL);  // An interrupted worker ends; others die as they would have.
  return engine;
}

/// Drives the simulation from SimGrid's clock. It looks ahead: between two transfers nothing of
/// SimGrid's can change, so the kernel runs alone up to the next end of one, or to the next start.
class Carrier final : public FlowCarrier {
 public:
  Carrier(sim::Simulation& simulation, FlowModel model)
      : simulation_(simulation), is_exact_(model == FlowModel::exact), engine_(engine_of(model)) {
    zone_ = new OneWayZone("network");  // SimGrid owns it.
    s4u::NetZone* zone = zone_->get_iface();
    sender_ = zone->create_host("sender", 1e9)->seal();
    receiver_ = zone->create_host("receiver", 1e9)->seal();
    zone_->set_sender(sender_->get_netpoint());
    others_ = engine_->get_all_models();
    engine_->add_model(std::make_shared<Kernel>(*this));
    s4u::Activity::on_completion_cb([this](const s4u::Activity& activity) { ended(activity); });
  }
  ~Carrier() override {
    // What is under way, and SimGrid itself, end with the process: it cannot be started again, and
    // complains of transfers that nobody holds any more.
    for (auto& [number, transfer] : transfers_)
      transfer.comm.detach();
    static_cast<void>(engine_.release());
  }

  void add_link(double bytes_per_s, bool shared) override {
    s4u::Link* link =
        zone_->get_iface()->create_link("link" + std::to_string(links_.size()), bytes_per_s);
    if (!shared) link->set_sharing_policy(s4u::Link::SharingPolicy::FATPIPE);
    links_.push_back({link->set_latency(0.0)->seal(), bytes_per_s, shared});
  }
  void set_bandwidth(std::uint32_t link, double bytes_per_s) override {
    changes_.push_back({link, bytes_per_s});
    simulation_.stop();
  }
  void start(const FlowRequest& request, Transit& waiting) override;
  void forget(Transit& waiting) override {
    const auto found = waiting_.find(&waiting);
    if (found == waiting_.end()) return;
    transfers_.at(found->second).waiting = nullptr;
    waiting_.erase(found);
  }
  void cancel(Transit& waiting) override {
    const auto found = waiting_.find(&waiting);
    if (found == waiting_.end()) return;
    transfers_.at(found->second).waiting = nullptr;
    cancelled_.push_back(found->second);
    waiting_.erase(found);
    simulation_.stop();
  }
  double residual_bytes_per_s(std::uint32_t link) const override {
    const SharedLink& shared = links_[link];
    if (shared.transfers == 0 || !shared.is_shared) return shared.bytes_per_s;
    const double unused = shared.bytes_per_s - shared.link->get_usage();
    return std::max(unused, shared.bytes_per_s / (shared.transfers + 1));
  }
  double bytes_carried(std::uint32_t link) const override;

  sim::Simulation::Status run_until(sim::Time limit) override;

 private:
  /// The simulation as SimGrid sees it: one more resource whose next event is known.
  class Kernel final : public Model {
   public:
    explicit Kernel(Carrier& carrier) : Model("headroom"), carrier_(carrier) {}
    double next_occurring_event(double now) override { return carrier_.next_event(now); }
    void update_actions_state(double now, double) override { carrier_.advance(now); }

   private:
    Carrier& carrier_;
  };
  struct SharedLink {
    s4u::Link* link = nullptr;
    double bytes_per_s = 0;
    bool is_shared = true;
    double carried = 0;  ///< By transfers that have ended.
    std::uint32_t transfers = 0;
  };
  struct Change {
    std::uint32_t link;
    double bytes_per_s;
  };

  double next_event(double now);
  void advance(double now);
  void begin(std::uint64_t number);
  void ended(const s4u::Activity& activity);
  void withdraw(std::uint64_t number);
  void bound_new_action(const std::vector<std::size_t>& started, double bytes_per_s);
  sim::Time next_of_others(double now) const;

  sim::Simulation& simulation_;
  const bool is_exact_;
  std::unique_ptr<s4u::Engine> engine_;
  OneWayZone* zone_ = nullptr;
  s4u::Host* sender_ = nullptr;
  s4u::Host* receiver_ = nullptr;
  std::vector<Model*> others_;
  std::vector<SharedLink> links_;
  std::map<std::uint64_t, Transfer> transfers_;
  std::map<const s4u::Activity*, std::uint64_t> numbers_;
  std::map<const Transit*, std::uint64_t> waiting_;
  std::multimap<sim::Time, std::uint64_t> starts_;  ///< By when the first byte moves.
  std::vector<Change> changes_;                     ///< At the kernel's now.
  std::vector<std::uint64_t> cancelled_;            ///< At the kernel's now.
  std::vector<std::uint64_t> arrivals_;             ///< At `arrive_at_`.
  sim::Time arrive_at_ = sim::Time::never();
  sim::Time limit_;
  sim::Simulation::Status status_ = sim::Simulation::Status::reached;
  std::uint64_t next_ = 1;
};

void Carrier::start(const FlowRequest& request, Transit& waiting) {
  const std::uint64_t number = next_++;
  Transfer& transfer = transfers_[number];
  for (const std::uint32_t link : request.there)
    transfer.way.there.push_back(links_[link].link);
  for (const std::uint32_t link : request.back)
    transfer.way.back.push_back(links_[link].link);
  transfer.links.assign(request.there.begin(), request.there.end());
  transfer.bytes = request.bytes;
  transfer.most_bytes_per_s = request.most_bytes_per_s;
  transfer.waiting = &waiting;
  waiting_[&waiting] = number;
  // SimGrid weighs transfers by their latency, as TCP does. Exact shares know none, so it is spent
  // before the first byte.
  sim::Time first_byte = simulation_.now();
  if (is_exact_)
    first_byte = first_byte + request.latency;
  else
    transfer.way.latency_s = request.latency.in_seconds();
  starts_.emplace(first_byte, number);
  simulation_.stop();
}

void Carrier::begin(std::uint64_t number) {
  Transfer& transfer = transfers_.at(number);
  for (const std::uint32_t link : transfer.links)
    ++links_[link].transfers;
  zone_->set_way(&transfer.way);
  transfer.comm = s4u::Comm::sendto_init(sender_, receiver_);
  transfer.comm->set_payload_size(static_cast<std::uint64_t>(transfer.bytes));
  numbers_[transfer.comm.get()] = number;
  std::vector<std::size_t> started;
  const bool is_bounded = transfer.most_bytes_per_s > 0;
  for (std::size_t i = 0; is_bounded && i < others_.size(); ++i)
    started.push_back(others_[i]->get_started_action_set()->size());
  transfer.comm->vetoable_start();
  if (is_bounded) bound_new_action(started, transfer.most_bytes_per_s);
}

/// SimGrid 3.32 refuses a rate for transfers that start from the engine itself, so the action that
/// has just begun is bounded, and no higher than its TCP window already does.
void Carrier::bound_new_action(const std::vector<std::size_t>& started, double bytes_per_s) {
  for (std::size_t i = 0; i < others_.size(); ++i) {
    auto* actions = others_[i]->get_started_action_set();
    if (actions->size() <= started[i]) continue;
    auto& action = actions->back();
    const double bound = action.get_bound();
    action.set_bound(bound > 0 ? std::min(bound, bytes_per_s) : bytes_per_s);
  }
}

void Carrier::ended(const s4u::Activity& activity) {
  const auto found = numbers_.find(&activity);
  if (found == numbers_.end()) return;
  const std::uint64_t number = found->second;
  numbers_.erase(found);
  for (const std::uint32_t link : transfers_.at(number).links) {
    --links_[link].transfers;
    links_[link].carried += static_cast<double>(transfers_.at(number).bytes);
  }
  // All that end at one instant of SimGrid's arrive at one instant of the kernel's.
  arrive_at_ =
      sim::Time::at_ns(std::max(in_ns(s4u::Engine::get_clock()), simulation_.now().count_ns()));
  arrivals_.push_back(number);
}

/// A transfer over a link that died: what it has moved was carried, the rest is not.
void Carrier::withdraw(std::uint64_t number) {
  const auto found = transfers_.find(number);
  if (found == transfers_.end()) return;
  Transfer& transfer = found->second;
  std::erase_if(starts_, [&](const auto& start) { return start.second == number; });
  if (std::find(arrivals_.begin(), arrivals_.end(), number) != arrivals_.end()) return;
  if (transfer.comm != nullptr) {
    numbers_.erase(transfer.comm.get());
    for (const std::uint32_t link : transfer.links) {
      --links_[link].transfers;
      links_[link].carried += static_cast<double>(transfer.bytes) - transfer.comm->get_remaining();
    }
    transfer.comm->cancel();
  }
  transfers_.erase(found);
}

double Carrier::bytes_carried(std::uint32_t link) const {
  double sum = links_[link].carried;
  if (links_[link].transfers == 0) return sum;
  for (const auto& [comm, number] : numbers_) {
    const Transfer& transfer = transfers_.at(number);
    for (const std::uint32_t each : transfer.links)
      if (each == link) sum += static_cast<double>(transfer.bytes) - transfer.comm->get_remaining();
  }
  return sum;
}

sim::Time Carrier::next_of_others(double now) const {
  double next = -1;
  for (Model* model : others_) {
    const double in = model->next_occurring_event(now);
    if (in >= 0 && (next < 0 || in < next)) next = in;
  }
  if (next < 0 || now + next > 9e9) return sim::Time::never();
  return sim::Time::at_ns(in_ns(now + next));
}

/// In how many seconds the kernel has something for SimGrid; -1 where nothing before its own end.
double Carrier::next_event(double now) {
  using Status = sim::Simulation::Status;
  const auto until = [&](sim::Time at) { return std::max(0.0, in_seconds(at) - now); };
  if (status_ != Status::reached) return -1;
  // A new start may come before what the kernel was to run up to.
  Status status = Status::stopped;
  while (status == Status::stopped && changes_.empty() && cancelled_.empty()) {
    sim::Time horizon = std::min({limit_, next_of_others(now), arrive_at_});
    if (!starts_.empty()) horizon = std::min(horizon, starts_.begin()->first);
    if (simulation_.now() > horizon) break;
    status = simulation_.run_until(horizon);
  }
  if (status != Status::stopped) status_ = status;
  if (status_ != Status::reached) return -1;
  if (!changes_.empty() || !cancelled_.empty()) return until(simulation_.now());
  sim::Time next = arrive_at_;
  if (!starts_.empty()) next = std::min(next, starts_.begin()->first);
  return next <= limit_ ? until(next) : -1;
}

void Carrier::advance(double now) {
  const sim::Time here = sim::Time::at_ns(in_ns(now));
  if (here < simulation_.now()) return;  // SimGrid is on its way to where the kernel is.
  for (const Change& change : changes_) {
    links_[change.link].bytes_per_s = change.bytes_per_s;
    links_[change.link].link->set_bandwidth(change.bytes_per_s);
  }
  changes_.clear();
  for (const std::uint64_t number : cancelled_)
    withdraw(number);
  cancelled_.clear();
  while (!starts_.empty() && starts_.begin()->first <= here) {
    const std::uint64_t number = starts_.begin()->second;
    starts_.erase(starts_.begin());
    begin(number);
  }
  if (arrive_at_ > here || simulation_.now() < arrive_at_) return;
  arrive_at_ = sim::Time::never();
  for (const std::uint64_t number : arrivals_) {
    if (Transit* waiting = transfers_.at(number).waiting) {
      waiting_.erase(waiting);
      waiting->arrive();
    }
    transfers_.erase(number);
  }
  arrivals_.clear();
}

sim::Simulation::Status Carrier::run_until(sim::Time limit) {
  limit_ = limit;
  const double end = in_seconds(limit);
  // SimGrid takes ten microseconds before the end for the end; it is asked again.
  while (status_ == sim::Simulation::Status::reached && s4u::Engine::get_clock() < end)
    engine_->run_until(end);
  if (status_ == sim::Simulation::Status::reached) status_ = simulation_.run_until(limit);
  return status_;
}

}  // namespace

std::unique_ptr<FlowCarrier> make_flow_carrier(sim::Simulation& simulation, FlowModel model) {
  return std::make_unique<Carrier>(simulation, model);
}

}  // namespace headroom
