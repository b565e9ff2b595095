#include "app/both_sides.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace oes {
namespace {

namespace asio = boost::asio;

// Empty: all are.
std::string unmeasured(const topic_report& topics, const std::string& progress) {
  for (const auto& [name, facts] : topics.topics) {
    if (name != progress && !facts.measured) return name;
  }
  return {};
}

bool data_topics_empty(const topic_report& topics, const std::string& progress) {
  for (const auto& [name, facts] : topics.topics) {
    if (name != progress && !facts.empty()) return false;
  }
  return true;
}

}  // namespace

std::string home_of(const found_progress& known) {
  return known.snapshot ? known.snapshot->place.cluster_id : std::string();
}

asio::awaitable<result<both_sides>> find_both_sides(progress_sight by, found_progress file, std::string cluster_id) {
  const auto& publish = by.topics.config.publish;
  const auto topic = progress_topic(publish);
  const auto transactional = publish.delivery == delivery_guarantee::exactly_once;
  auto loaded = co_await by.store.load();
  if (!loaded && loaded.error().code == errc::damaged) co_return unreadable_topic(loaded.error(), topic);
  if (!loaded) co_return loaded.error();
  both_sides found;
  auto& input = found.sides;
  if (loaded->found) {
    input.kafka = std::move(loaded->found->snapshot);
    found.ledger = std::move(loaded->found->ledger);
  }
  input.end = loaded->end;
  input.chains = std::move(loaded->chains);
  input.broken_at = loaded->broken_at;
  // Where it was missing, the first record must be its first: a broker that lags behind may not have known it yet.
  if (transactional) found.lands_at = std::max<std::int64_t>(loaded->end, 0);
  std::set<std::string> written;
  for (const auto* side : {&input.kafka, &file.snapshot}) {
    if (!*side) continue;
    for (const auto& [name, ends] : (*side)->state.written) {
      if (is_written(by.topics, name)) written.insert(name);
    }
  }
  std::vector<std::string> data(written.begin(), written.end());
  input.ends = co_await by.store.ends_of(std::move(data));
  input.file = std::move(file);
  // A standby may have waited for weeks: the reading tells which cluster this is now.
  input.cluster_id = loaded->cluster_id.empty() ? std::move(cluster_id) : std::move(loaded->cluster_id);
  input.now = by.clock.now();
  input.topic = topic;
  if (!input.kafka) {
    auto looking = topics_of(by.topics, home_of(input.file), missing_topics::leave);
    auto topics = co_await std::move(looking);
    if (!topics) co_return topics.error();
    // Without progress it matters whether they hold records: then it is waited for.
    if (const auto unknown = unmeasured(*topics, topic); !unknown.empty()) {
      co_return error{errc::kafka_unavailable, "topic " + unknown + " cannot be measured: has it a leader?"};
    }
    input.data_topics_empty = data_topics_empty(*topics, topic);
  }
  co_return found;
}

}  // namespace oes
