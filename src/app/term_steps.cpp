#include "app/term_steps.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "app/notify.hpp"
#include "app/wanted_topics.hpp"
#include "async/blocking.hpp"
#include "facilities/facility_batches.hpp"

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

asio::awaitable<result<topic_report>> prepare_topics(parts& all, std::string home) {
  return topics_of(all.config, all.groups, std::move(home), missing_topics::make, all.blocking.get_executor(), all.log);
}

asio::awaitable<result<topic_report>> look_at_topics(parts& all, std::string home) {
  return topics_of(all.config, all.groups, std::move(home), missing_topics::leave, all.blocking.get_executor(),
                   all.log);
}

asio::awaitable<result<topic_report>> topics_of(const configuration& config, const std::vector<request_group>& groups,
                                                std::string home, missing_topics missing,
                                                asio::any_io_executor blocking, logger& log) {
  // Values: a reload may replace the configuration while the other thread looks.
  std::function<result<topic_report>()> work = [settings = config.publish, wanted = wanted_topics(config, groups),
                                                home = std::move(home), missing, &log] {
    return missing == missing_topics::make ? prepare_topics(settings, wanted, log, home)
                                           : look_at_topics(settings, wanted, log, home);
  };
  auto report = co_await run_blocking(std::move(blocking), std::move(work));
  co_return report;
}

std::string home_of(const found_progress& known) {
  return known.snapshot ? known.snapshot->place.cluster_id : std::string();
}

void tell_ready(parts& all) {
  if (all.ready) return;
  all.ready = true;
  notify_ready();
}

bool is_written(const parts& all, const std::string& topic) {
  const auto wanted = wanted_topics(all.config, all.groups);
  return std::any_of(wanted.begin(), wanted.end(), [&](const wanted_topic& one) { return one.name == topic; });
}

asio::awaitable<result<both_sides>> find_both_sides(parts& all, found_progress file, std::string cluster_id) {
  const auto topic = progress_topic(all.config.publish);
  const auto transactional = all.config.publish.delivery == delivery_guarantee::exactly_once;
  auto loaded = co_await all.store->load();
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
    for (const auto& [name, ends] : (*side)->state.ends) {
      if (is_written(all, name)) written.insert(name);
    }
  }
  std::vector<std::string> data(written.begin(), written.end());
  input.ends = co_await all.store->ends_of(std::move(data));
  input.file = std::move(file);
  // A standby may have waited for weeks: the reading tells which cluster this is now.
  input.cluster_id = loaded->cluster_id.empty() ? std::move(cluster_id) : std::move(loaded->cluster_id);
  input.now = all.clock.now();
  input.topic = topic;
  if (!input.kafka) {
    auto looking = look_at_topics(all, home_of(input.file));
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

committer_settings committer_settings_of(const parts& all) {
  const auto& publish = all.config.publish;
  committer_settings out{
      all.instance.id, all.instance.host, {publish.max_transaction_records, publish.max_transaction_bytes}};
  out.transactional = publish.delivery == delivery_guarantee::exactly_once ? transactions::yes : transactions::no;
  out.progress_topic = progress_topic(publish);
  return out;
}

}  // namespace oes
