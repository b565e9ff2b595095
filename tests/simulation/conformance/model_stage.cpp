#include "simulation/conformance/model_stage.hpp"

#include <stdexcept>

#include "simulation/kafka/client.hpp"

namespace oes::conformance {
namespace {

using simulation::request_order;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto longest_script = hours(2);
constexpr auto longest_step = minutes(5);

int key_of(const std::string& name) {
  static const std::map<std::string, int> known{{"produce", simulation::api_produce},
                                                {"init", simulation::api_init_producer_id},
                                                {"add_partitions", simulation::api_add_partitions_to_txn},
                                                {"end_txn", simulation::api_end_txn},
                                                {"offset_commit", simulation::api_offset_commit},
                                                {"heartbeat", simulation::api_heartbeat}};
  return known.at(name);
}

}  // namespace

model_stage::model_stage() : kafka_(machine_, 7, [](const std::string& /*what*/) {}) {
  conductor_.name = "conductor";
  simulation::set_reachable_cluster(&kafka_);
}

model_stage::~model_stage() { simulation::set_reachable_cluster(nullptr); }

std::vector<std::string> model_stage::play(const std::vector<std::string>& script) {
  machine_.start(conductor_, "script", [this, &script] {
    conduct(script);
    machine_.halt();
  });
  machine_.run_until(longest_script);
  return out_;
}

void model_stage::conduct(const std::vector<std::string>& script) {
  for (const auto& line : script) {
    if (line.empty() || line.starts_with('#')) continue;
    out_.push_back(line);
    try {
      take(line);
    } catch (const std::exception& failed) {
      out_.push_back(std::string("  not understood: ") + failed.what());
    }
  }
}

void model_stage::take(const std::string& line) {
  const auto colon = line.find(": ");
  if (colon != std::string::npos) {
    for (const auto& fact : act(line.substr(0, colon), line.substr(colon + 2))) out_.push_back("  " + fact);
    return;
  }
  const auto one = parse_step(line);
  if (one.verb == "pause") {
    machine_.park_for(parse_span(one.word(0)));
  } else if (one.verb == "network") {
    order_network(one);
  } else if (one.verb == "rights") {
    order_rights(one);
  } else if (one.verb == "kafka") {
    order_kafka(one);
  } else if (one.verb == "freeze") {
    machine_.stop(seat_of(one.word(0)).of);
  } else if (one.verb == "thaw") {
    machine_.go_on(seat_of(one.word(0)).of);
  } else if (one.verb == "kill") {
    machine_.kill(seat_of(one.word(0)).of);
  } else {
    throw std::invalid_argument(one.verb);
  }
}

model_stage::seat& model_stage::seat_of(const std::string& name) {
  auto& one = seats_[name];
  if (!one) {
    one = std::make_unique<seat>();
    one->of.number = static_cast<int>(seats_.size());
    one->of.name = name;
    one->self = std::make_unique<actor>(surroundings{name, "simulated:9092", "c-", {}});
  }
  return *one;
}

actor::facts model_stage::act(const std::string& name, const std::string& what) {
  auto& one = seat_of(name);
  one.busy = true;
  machine_.start(one.of, what, [this, &one, what] {
    one.told = one.self->perform(what);
    one.busy = false;
    static_cast<void>(this);
  });
  const auto until = machine_.now() + longest_step;
  while (one.busy && machine_.now() < until) machine_.park_for(std::chrono::milliseconds(1));
  return one.busy ? actor::facts{"never came back"} : std::move(one.told);
}

void model_stage::order_network(const step& one) {
  if (one.word(0) == "release") return kafka_.release_held();
  if (one.word(0) == "clear") return kafka_.orders.clear();
  static const std::map<std::string, request_order::kind> kinds{{"lose", request_order::kind::lose_request},
                                                                {"lose-answer", request_order::kind::lose_reply},
                                                                {"hold", request_order::kind::hold}};
  kafka_.orders.push_back(
      {&seat_of(one.word(1)).of, key_of(one.word(2)), kinds.at(one.word(0)), std::stoi(one.word(3, "1"))});
}

void model_stage::order_rights(const step& one) {
  const bool transaction = one.word(2) == "transaction";
  const auto right = one.word(1) + " " + one.word(2) + " " + (transaction ? "openelectricity.c-" : "c-") + one.word(3);
  one.word(0) == "deny" ? static_cast<void>(kafka_.denied.insert(right))
                        : static_cast<void>(kafka_.denied.erase(right));
}

void model_stage::order_kafka(const step& one) {
  if (one.word(0) == "stop") {
    kafka_.up = false;
  } else if (one.word(0) == "start") {
    kafka_.up = true;
  } else if (one.word(0) == "save") {
    const auto [topic, partition] = parse_place(one.word(1));
    saved_[one.word(1)] = *kafka_.find("c-" + topic, partition);
  } else if (one.word(0) == "restore") {
    const auto [topic, partition] = parse_place(one.word(1));
    *kafka_.find("c-" + topic, partition) = saved_.at(one.word(1));
  } else if (one.word(0) == "delete") {
    kafka_.topics.erase("c-" + one.word(1));
  } else if (one.word(0) == "partitions") {
    kafka_.topics.at("c-" + one.word(1)).partitions.resize(std::stoul(one.word(2)));
  } else {
    throw std::invalid_argument(one.word(0));
  }
}

}  // namespace oes::conformance
