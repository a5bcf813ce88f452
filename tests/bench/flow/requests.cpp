// Requests and replies between two machines over one link of 10 Gbit/s and 100 us each way: clients
// that think, send 1 kB, wait for 5 to 15 kB, and think again, so long that the replies fill that
// share of the link; of a share of 1 they do not think. By the delay engine, or by SimGrid as its
// manual shows it: an actor for each client, one for each connection at the server, mailboxes.
//
// usage: bench_requests ours|simgrid CLIENTS REQUESTS SHARE
// Prints requests a second of processor time, and their mean time in seconds.
#include <simgrid/s4u.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "models/network/network.hpp"
#include "models/network/port.hpp"
#include "tests/bench/flow/plain_simgrid.hpp"
#include "tests/bench/peers/answer.hpp"

using namespace headroom;

namespace {

constexpr double bytes_per_s = 10e9 / 8, latency_s = 100e-6;
constexpr std::int64_t request_bytes = 1'000, reply_bytes = 10'000;  // in the mean
/// Of a request by its number; they differ, so that clients do not go in step.
std::int64_t reply_to(long number) {
  return reply_bytes / 2 + static_cast<std::int64_t>(sim::mix(static_cast<std::uint64_t>(number)) %
                                                     static_cast<std::uint64_t>(reply_bytes));
}
constexpr double without_waiting_s =
    2 * latency_s + static_cast<double>(request_bytes + reply_bytes) / bytes_per_s;

/// The same thoughts in both programs.
class Thoughts {
 public:
  Thoughts(int client, int clients, double share)
      : mean_s_(share < 1 ? clients * static_cast<double>(reply_bytes) / bytes_per_s / share -
                                without_waiting_s
                          : 0),
        law_(("client-" + std::to_string(client)).c_str(), 1) {}
  double operator()() { return mean_s_ > 0 ? mean_s_ * law_() : 0; }

 private:
  double mean_s_;
  Exponential law_;
};

class Answers final : public Endpoint {
 public:
  using Endpoint::Endpoint;
  sim::Task<Reply> call(Request) override { co_return Reply::ok(); }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }
};

struct Asked {
  long left = 0;
  double sum_s = 0;
};

sim::Task<> ask_on_and_on(sim::Simulation& simulation, Endpoint* port, Thoughts think,
                          Asked* asked) {
  Request request;
  request.size = request_bytes;
  while (--asked->left >= 0) {
    co_await simulation.delay(sim::Duration::rounded_ns(think() * 1e9));
    const sim::Time sent = simulation.now();
    request.reply_size = reply_to(asked->left);
    request.draw_key = sim::mix(static_cast<std::uint64_t>(asked->left));
    co_await port->call(request);
    asked->sum_s += (simulation.now() - sent).in_seconds();
  }
}

void by_headroom(int clients, long requests, double share) {
  sim::Simulation simulation;
  NetworkPlan plan;
  LinkPlan link;
  link.latency.emplace();  // a constant
  link.latency->a = latency_s * 1e9;
  link.bandwidth = Bandwidth{bytes_per_s};
  plan.links.add("* <-> *", link);
  const std::vector<std::string> zones{"a", "b"};
  Network network(simulation, plan, zones);
  Answers server(simulation);
  Port port(network, server, 1, "server");
  Asked asked{requests};
  const double begin_s = processor_s();
  for (int client = 0; client < clients; ++client)
    simulation.spawn(ask_on_and_on(simulation, &port, Thoughts(client, clients, share), &asked));
  simulation.run();
  print_answer(static_cast<double>(requests), processor_s() - begin_s,
               asked.sum_s / static_cast<double>(requests));
  simulation.close();
}

void by_simgrid(int clients, long requests, double share) {
  namespace s4u = simgrid::s4u;
  PlainSimGrid plain;
  auto* zone = plain.zone;
  auto *from = plain.from, *to = plain.to;
  const auto* link =
      zone->create_split_duplex_link("link", bytes_per_s)->set_latency(latency_s)->seal();
  zone->add_route(from->get_netpoint(), to->get_netpoint(), nullptr, nullptr,
                  {s4u::LinkInRoute(link, s4u::LinkInRoute::Direction::UP)}, false);
  zone->add_route(to->get_netpoint(), from->get_netpoint(), nullptr, nullptr,
                  {s4u::LinkInRoute(link, s4u::LinkInRoute::Direction::DOWN)}, false);
  zone->seal();
  Asked asked{requests};
  std::vector<std::int64_t> wanted(static_cast<std::size_t>(clients));
  for (int client = 0; client < clients; ++client) {
    auto* at_server = s4u::Mailbox::by_name("server-" + std::to_string(client));
    auto* at_client = s4u::Mailbox::by_name("client-" + std::to_string(client));
    std::int64_t* size = &wanted[static_cast<std::size_t>(client)];
    s4u::Actor::create("client", from, [=, &asked] {
      Thoughts think(client, clients, share);
      while (--asked.left >= 0) {
        s4u::this_actor::sleep_for(think());
        const double sent_s = s4u::Engine::get_clock();
        *size = reply_to(asked.left);
        at_server->put(size, request_bytes);
        at_client->get<std::int64_t>();
        asked.sum_s += s4u::Engine::get_clock() - sent_s;
      }
    });
    s4u::Actor::create("server", to, [=] {
      s4u::Actor::self()->daemonize();
      for (;;) {
        const auto* reply = at_server->get<std::int64_t>();
        at_client->put(size, static_cast<std::uint64_t>(*reply));
      }
    });
  }
  const double begin_s = processor_s();
  plain.engine.run();
  print_answer(static_cast<double>(requests), processor_s() - begin_s,
               asked.sum_s / static_cast<double>(requests));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view who = argc > 1 ? argv[1] : "";
  const auto clients = static_cast<int>(argument(argc, argv, 2));
  const long requests = argument(argc, argv, 3);
  const double share = argc > 4 ? std::atof(argv[4]) : 1;
  if (who == "ours")
    by_headroom(clients, requests, share);
  else
    by_simgrid(clients, requests, share);
}
