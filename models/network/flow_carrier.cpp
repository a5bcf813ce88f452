// The flow engine: SimGrid shares the links, the kernel of this project does everything else.
//
// Source: Casanova, Giersch, Legrand, Quinson, Suter 2014, "Versatile, scalable, and accurate
// simulation of distributed applications and platforms"; Velho, Legrand 2009 for LV08.
#include <simgrid/kernel/resource/Action.hpp>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "models/network/flow_simgrid.hpp"
#include "models/network/network.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

using simgrid::kernel::resource::Model;
using namespace flow;

struct Transfer {
  Way way;
  std::int64_t bytes = 0;
  double most_bytes_per_s = 0;
  std::vector<std::uint32_t> links;
  Transit* waiting = nullptr;
  s4u::CommPtr comm;  ///< SimGrid calls back only for those that somebody still holds.
};

/// Drives the simulation from SimGrid's clock. It looks ahead: between two transfers nothing of
/// SimGrid's can change, so the kernel runs alone up to the next end of one, or to the next start.
class Carrier final : public FlowCarrier {
 public:
  Carrier(sim::Simulation& simulation, FlowModel model)
      : simulation_(simulation), is_exact_(model == FlowModel::exact), engine_(engine_of(model)) {
    // Asked before SimGrid's own models, so that what begins when a transfer has ended begins
    // before the others are given their new shares, which costs the most.
    const auto kernel = std::make_shared<Kernel>(*this);
    engine_->add_model(kernel);
    zone_ = new OneWayZone("network");  // SimGrid owns it.
    s4u::NetZone* zone = zone_->get_iface();
    sender_ = zone->create_host("sender", 1e9)->seal();
    receiver_ = zone->create_host("receiver", 1e9)->seal();
    zone_->set_sender(sender_->get_netpoint());
    others_ = engine_->get_all_models();
    HEADROOM_CHECK(others_.front() == kernel.get());
    others_.erase(others_.begin());
    s4u::Activity::on_completion_cb([this](const s4u::Activity& activity) { ended(activity); });
  }
  ~Carrier() override {
    // What is under way, and SimGrid itself, end with the process: it cannot be started again, and
    // complains of transfers that nobody holds any more.
    for (auto& [number, transfer] : transfers_)
      transfer.comm.detach();
    for (auto* comms : {&withdrawn_, &handled_})
      for (auto& comm : *comms)
        comm.detach();
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
  FlowCounts counts(std::uint32_t link) const override;

  sim::Simulation::Status run_until(sim::Time limit) override;

 private:
  /// The simulation as SimGrid sees it: one more resource whose next event is known.
  class Kernel final : public Model {
   public:
    explicit Kernel(Carrier& carrier) : Model("headroom"), carrier_(carrier) {}
    double next_occurring_event(double now) override { return carrier_.next_event(now); }
    void update_actions_state(double, double) override {}

   private:
    Carrier& carrier_;
  };
  struct SharedLink {
    s4u::Link* link = nullptr;
    double bytes_per_s = 0;
    bool is_shared = true;
    double carried = 0;           ///< By transfers that have ended.
    std::uint32_t transfers = 0;  ///< Under way.
    std::uint64_t begun = 0;
  };
  struct Change {
    std::uint32_t link;
    double bytes_per_s;
  };

  double next_event(double now);
  void carry_out(sim::Time here);
  bool is_due(sim::Time here) const;
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
  /// Withdrawn; SimGrid looks at them once more when it goes on, and then they are handled.
  std::vector<s4u::CommPtr> withdrawn_, handled_;
  std::vector<std::uint64_t> arrivals_;  ///< At `arrive_at_`.
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
  for (const std::uint32_t link : transfer.links) {
    ++links_[link].transfers;
    ++links_[link].begun;
  }
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
    withdrawn_.push_back(std::move(transfer.comm));
  }
  transfers_.erase(found);
}

FlowCounts Carrier::counts(std::uint32_t link) const {
  const SharedLink& shared = links_[link];
  FlowCounts counts{shared.carried, shared.begun, 0};
  if (shared.transfers == 0) return counts;
  for (const auto& [number, transfer] : transfers_) {
    if (transfer.comm == nullptr || !numbers_.contains(transfer.comm.get())) continue;
    for (const std::uint32_t each : transfer.links)
      if (each == link)
        counts.bytes += static_cast<double>(transfer.bytes) - transfer.comm->get_remaining();
  }
  constexpr double full = 0.9;  // Chosen: LV08 uses 97 % of a link, some of it for the way back.
  if (shared.is_shared && shared.link->get_usage() >= full * shared.bytes_per_s)
    counts.waiting = shared.transfers;
  return counts;
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
  handled_ = std::move(withdrawn_);
  withdrawn_.clear();
  if (status_ != Status::reached) return -1;
  const sim::Time here = sim::Time::at_ns(in_ns(now));
  // True where the kernel has something new for SimGrid, or the other way round.
  const auto runs_into_news = [&](sim::Time to) {
    const Status status = simulation_.run_until(to);
    if (status != Status::stopped) status_ = status;
    return status == Status::stopped || (status == Status::reached && is_due(here));
  };
  for (bool goes_on = true; goes_on && status_ == Status::reached;) {
    carry_out(here);
    if (!changes_.empty() || !cancelled_.empty()) break;
    // What happens now comes first: shares are worked out only when all that starts now has.
    goes_on = runs_into_news(simulation_.now());
    if (goes_on || status_ != Status::reached) continue;
    // A new start may come before what the kernel was to run up to.
    sim::Time horizon = std::min({limit_, next_of_others(now), arrive_at_});
    if (!starts_.empty()) horizon = std::min(horizon, starts_.begin()->first);
    if (simulation_.now() > horizon) break;
    goes_on = runs_into_news(horizon);
  }
  if (status_ != Status::reached) return -1;
  if (!changes_.empty() || !cancelled_.empty()) return until(simulation_.now());
  sim::Time next = arrive_at_;
  if (!starts_.empty()) next = std::min(next, starts_.begin()->first);
  return next <= limit_ ? until(next) : -1;
}

/// Whether there is something for `carry_out`.
bool Carrier::is_due(sim::Time here) const {
  if (arrive_at_ <= here && arrive_at_ <= simulation_.now()) return true;
  return !starts_.empty() && starts_.begin()->first <= here;
}

/// What SimGrid, which is at `here`, and the kernel have for each other.
void Carrier::carry_out(sim::Time here) {
  if (simulation_.now() <= here) {  // Else SimGrid is on its way to where the kernel is.
    for (const Change& change : changes_) {
      links_[change.link].bytes_per_s = change.bytes_per_s;
      links_[change.link].link->set_bandwidth(change.bytes_per_s);
    }
    changes_.clear();
    for (const std::uint64_t number : cancelled_)
      withdraw(number);
    cancelled_.clear();
  }
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
  using Status = sim::Simulation::Status;
  limit_ = limit;
  const double end = in_seconds(limit);
  // SimGrid takes ten microseconds before the end for the end; it is asked again.
  while (status_ == Status::reached && s4u::Engine::get_clock() < end)
    engine_->run_until(end);
  for (bool goes_on = status_ == Status::reached; goes_on;) {
    carry_out(limit);
    const Status status = simulation_.run_until(limit);
    if (status != Status::stopped) status_ = status;
    goes_on = status == Status::stopped || (status == Status::reached && is_due(limit));
  }
  return status_;
}

}  // namespace

std::unique_ptr<FlowCarrier> make_flow_carrier(sim::Simulation& simulation, FlowModel model) {
  return std::make_unique<Carrier>(simulation, model);
}

}  // namespace headroom
