#include "simulation/kafka/client.hpp"

#include <cstdlib>
#include <utility>

#include "simulation/kafka/group_member.hpp"
#include "simulation/kafka/producer.hpp"
#include "simulation/kafka/reader.hpp"

namespace oes::simulation {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a client is handed an address only
cluster* reachable = nullptr;

constexpr std::chrono::milliseconds lookup_pause{100};

}  // namespace

void set_reachable_cluster(cluster* one) { reachable = one; }

}  // namespace oes::simulation

using namespace oes::simulation;

rd_kafka_op_s::~rd_kafka_op_s() {
  if (partitions != nullptr) rd_kafka_topic_partition_list_destroy(partitions);
}

rd_kafka_s::rd_kafka_s(rd_kafka_type_t what, const rd_kafka_conf_t& settings)
    : type(what),
      conf(settings),
      of(*machine::running()->current_process()),
      to(*reachable),
      own_events(std::make_shared<std::deque<std::unique_ptr<rd_kafka_op_s>>>()) {
  if (type == RD_KAFKA_PRODUCER) producer = std::make_unique<simulated_producer>(*this);
  if (type == RD_KAFKA_CONSUMER) reader = std::make_unique<simulated_reader>(*this);
  if (conf.values.contains("group.id")) member = std::make_unique<simulated_member>(*this);
  for (const auto& one : conf.interceptors) one.on_new(this, &conf, one.opaque, nullptr, 0);
}

rd_kafka_s::~rd_kafka_s() { *there_ = false; }

std::string rd_kafka_s::value_of(const std::string& name, const std::string& otherwise) const {
  const auto found = conf.values.find(name);
  return found == conf.values.end() ? otherwise : found->second;
}

std::chrono::milliseconds rd_kafka_s::span_of(const std::string& name, std::chrono::milliseconds otherwise) const {
  const auto found = conf.values.find(name);
  return found == conf.values.end() ? otherwise : std::chrono::milliseconds(std::atoll(found->second.c_str()));
}

void rd_kafka_s::note_sent(api_key what) {
  for (const auto& one : watchers) {
    if (one.sent != nullptr) one.sent(this, 0, "simulated", 1, what, 0, 0, 0, one.opaque);
  }
}

void rd_kafka_s::note_received(api_key what, bool came) {
  const auto how = came ? RD_KAFKA_RESP_ERR_NO_ERROR : RD_KAFKA_RESP_ERR__TRANSPORT;
  for (const auto& one : watchers) {
    if (one.received != nullptr) one.received(this, 0, "simulated", 1, what, 0, 0, 0, 0, how, one.opaque);
  }
}

void rd_kafka_s::send(api_key what, std::function<void()> arrives, std::function<void(bool)> done) {
  note_sent(what);
  if (!of.alive) return;
  to.ask(of, what, std::move(arrives), [this, there = there_, what, done = std::move(done)](cluster::reply how) {
    if (!*there) return;
    const bool came = how == cluster::reply::came;
    note_received(what, came);
    was_answered = was_answered || came;
    if (of.alive) done(came);
  });
}

rd_kafka_resp_err_t rd_kafka_s::ask(api_key what, std::chrono::milliseconds patience, std::function<void()> arrives) {
  const auto until = now() + patience;
  while (true) {
    const auto answered = std::make_shared<std::optional<bool>>();
    send(what, arrives, [this, answered](bool came) {
      *answered = came;
      changed();
    });
    while (!*answered && now() < until) wait(until);
    if (*answered && **answered) return RD_KAFKA_RESP_ERR_NO_ERROR;
    if (now() < until) to.on().park(std::min<virtual_time>(until, now() + lookup_pause));
    if (now() >= until) return to.up ? RD_KAFKA_RESP_ERR__TIMED_OUT : RD_KAFKA_RESP_ERR__TRANSPORT;
  }
}

bool rd_kafka_s::wait(virtual_time until) {
  auto* self = to.on().current();
  waiting_.push_back(self);
  const bool woken = to.on().park(until);
  std::erase(waiting_, self);
  return woken;
}

void rd_kafka_s::log_line(int level, const char* facility, const std::string& text) {
  if (conf.log != nullptr) conf.log(this, level, facility, text.c_str());
}

void rd_kafka_s::changed() {
  for (auto* one : waiting_) to.on().wake(one);
}

void rd_kafka_s::after(std::chrono::microseconds span, std::function<void()> what) {
  to.on().after(span, &of, [there = there_, what = std::move(what)] {
    if (*there) what();
  });
}
