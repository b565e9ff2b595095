#include "simulation/kafka/cluster.hpp"

#include <utility>

namespace oes::simulation {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr microseconds shortest_way{200};
constexpr microseconds longest_way{3000};
// A connection that is refused, or breaks, is noticed so soon; a silent one by the client's patience.
constexpr microseconds noticed_soon{20'000};
constexpr microseconds noticed_late{2'000'000};
constexpr microseconds latest{4'000'000};
constexpr std::size_t usual_batch = 1'048'588;

}  // namespace

cluster::cluster(machine& on, std::uint64_t seed, std::function<void(const std::string&)> tell)
    : transactions(
          {[this](const topic_partition& where, producer_identity by, bool commit, std::function<void()> written) {
             on_.after(some_time(shortest_way, 5 * longest_way), nullptr,
                       [this, where, by, commit, written = std::move(written)] {
                         if (auto* log = find(where.first, where.second)) log->end_transaction(by, commit, on_.now());
                         written();
                       });
           },
           [this](milliseconds span, std::function<void()> what) { on_.after(span, nullptr, std::move(what)); },
           [this](producer_identity by, const std::set<topic_partition>& partitions) {
             if (on_commit) on_commit(*producers.at({by.id, by.epoch}), by, partitions);
           },
           tell}),
      groups(
          {[this](milliseconds span, std::function<void()> what) { on_.after(span, nullptr, std::move(what)); }, tell}),
      on_(on),
      random_(seed) {}

microseconds cluster::some_time(microseconds least, microseconds most) {
  const auto room = static_cast<std::uint64_t>((most - least).count()) + 1;
  return least + microseconds(static_cast<std::int64_t>(draw() % room));
}

bool cluster::reachable(process& from) const {
  const auto cut = cut_off.find(&from);
  return up && (cut == cut_off.end() || !cut->second);
}

std::optional<request_order::kind> cluster::ordered(const process& from, int key) {
  for (auto& one : orders) {
    if (one.of == &from && one.key == key && one.times-- > 0) return one.what;
  }
  return std::nullopt;
}

void cluster::release_held() {
  for (auto& arrives : std::exchange(held_, {})) on_.after(shortest_way, nullptr, std::move(arrives));
}

void cluster::ask(process& from, int key, std::function<void()> arrives, std::function<void(reply)> done) {
  ++requests;
  const auto order = ordered(from, key);
  const auto fate = static_cast<int>(draw() % 1000);
  on_.note(from.name + " asks " + std::to_string(key) + ", " + std::to_string(fate));
  const auto there = some_time(shortest_way, longest_way);
  const auto back = some_time(shortest_way, longest_way);
  const auto break_off = [&](microseconds most) {
    ++broken;
    on_.after(some_time(shortest_way, most), &from, [done] { done(reply::broken); });
  };
  if (order == request_order::kind::hold) held_.push_back(std::move(arrives));
  if (order && order != request_order::kind::lose_reply) return break_off(noticed_soon);
  if (fate < faults.request_lost) return break_off(noticed_late);
  if (fate < faults.request_lost + faults.request_late) {
    on_.after(some_time(shortest_way, latest), nullptr, [this, arrives = std::move(arrives)] {
      if (up) arrives();
    });
    return break_off(noticed_soon);
  }
  const bool lost = order || fate < faults.request_lost + faults.request_late + faults.reply_lost;
  on_.after(there, nullptr, [this, &from, lost, back, arrives = std::move(arrives), done = std::move(done)] {
    if (!reachable(from)) {
      ++broken;
      on_.after(some_time(shortest_way, noticed_soon), &from, [done] { done(reply::broken); });
      return;
    }
    arrives();
    if (lost) ++broken;
    on_.after(lost ? some_time(shortest_way, noticed_late) : back, &from,
              [this, &from, lost, done] { done(lost || !reachable(from) ? reply::broken : reply::came); });
  });
}

append_outcome cluster::append(const topic_partition& where, const std::string& transaction,
                               const produced_batch& batch) {
  auto* log = find(where.first, where.second);
  if (refuses("Write topic", where.first)) return {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED};
  if (log == nullptr) return {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART};
  const auto& settings = topics.at(where.first).settings;
  const auto most = settings.find("max.message.bytes");
  if (batch.bytes > (most == settings.end() ? usual_batch : std::stoull(most->second))) {
    return {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE};
  }
  if (batch.transactional && !log->has_open(batch.by)) {
    // KIP-890: the leader asks the coordinator, once for a transaction.
    log->verifies(batch);
    const auto stands = transactions.stands(transaction, batch.by, where);
    if (stands != RD_KAFKA_RESP_ERR_NO_ERROR) return {stands};
  }
  return log->append(batch);
}

rd_kafka_resp_err_t cluster::add_to_transaction(const std::string& name, producer_identity who,
                                                const std::set<topic_partition>& partitions) {
  if (refuses("Write transaction", name)) return RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
  for (const auto& where : partitions) {
    if (refuses("Write topic", where.first)) return RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
    if (find(where.first, where.second) == nullptr) return RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  }
  return transactions.add(name, who, partitions);
}

bool cluster::make_topic(const std::string& name, int partitions, std::map<std::string, std::string> settings) {
  if (topics.contains(name)) return false;
  auto& made = topics[name];
  made.partitions.resize(static_cast<std::size_t>(partitions));
  made.settings = std::move(settings);
  return true;
}

partition_log* cluster::find(const std::string& topic, std::int32_t partition) {
  const auto known = topics.find(topic);
  if (known == topics.end() || partition < 0) return nullptr;
  auto& partitions = known->second.partitions;
  if (static_cast<std::size_t>(partition) >= partitions.size()) return nullptr;
  return &partitions[static_cast<std::size_t>(partition)];
}

const partition_log* cluster::read_view(const std::string& topic, std::int32_t partition) {
  const auto old = old_views.find({topic, partition});
  return old == old_views.end() ? find(topic, partition) : &old->second;
}

}  // namespace oes::simulation
