#include "app/agreement.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "async/race.hpp"
#include "commit/patient_look.hpp"
#include "progress/less_than_known.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

struct sight {
  std::optional<agreement> reached;
  std::optional<error> refused;
};

// Less was shown than the witness knows, although it could not be read: else the error itself.
asio::awaitable<result<glimpse>> unread(const progress_sight& by, const what_is_known& known, error why, sight& seen) {
  if (!known.file.snapshot || why.code != errc::kafka_unavailable) co_return why;
  const auto& place = known.file.snapshot->place;
  // Who has stood by for weeks may be in another cluster by now.
  auto looking_around = topics_of(by.topics, place.cluster_id, missing_topics::leave);
  const auto around = co_await std::move(looking_around);
  if (!around) co_return why;
  const bool same_cluster = place.cluster_id == around->cluster_id || place.cluster_id.empty();
  if (!same_cluster || place.topic != progress_topic(by.topics.config.publish)) co_return why;
  std::vector<std::string> topics{place.topic};
  auto looking = by.store.ends_of(std::move(topics));
  const auto ends = co_await std::move(looking);
  const auto cut = cut_progress(ends, place);
  if (!cut) co_return why;
  seen.refused = unreadable_and_cut(*cut, why);
  co_return glimpse{glimpse::kind::less, words_of(*cut)};
}

asio::awaitable<result<glimpse>> compare_once(const progress_sight& by, const what_is_known& known, sight& seen) {
  auto file = known.file;
  auto cluster_id = known.cluster_id;
  auto found = co_await find_both_sides(by, std::move(file), std::move(cluster_id));
  if (!found) {
    auto looking = unread(by, known, found.error(), seen);
    auto shown = co_await std::move(looking);
    co_return shown;
  }
  found->sides.fresh_allowed = known.fresh_allowed;
  found->sides.by = known.by;
  auto decision = reconcile(found->sides);
  if (decision) {
    seen.reached = agreement{std::move(*found), std::move(*decision)};
    co_return glimpse{};
  }
  seen.refused = decision.error();
  auto missing = less_than_known(found->sides);
  if (missing) co_return glimpse{glimpse::kind::less, std::move(*missing)};
  co_return decision.error();
}

asio::awaitable<result<agreement>> compare_patiently(const agreement_context& with, const what_is_known& known) {
  sight seen;
  auto looking = look_patiently([&] { return compare_once(with.by, known, seen); }, {},
                                [&with](const error& why) { with.report.kafka(&why); });
  const auto ended = co_await std::move(looking);
  if (!ended) co_return ended.error();
  if (!*ended) co_return *seen.refused;
  co_return std::move(*seen.reached);
}

}  // namespace

std::optional<error> refused_unread(const what_is_known& known, const topic_report& topics,
                                    const std::string& progress) {
  const auto there = topics.topics.find(progress);
  const bool missing = there == topics.topics.end() || there->second.partitions == 0;
  if (!missing || !known.file.snapshot) return std::nullopt;
  reconcile_input input;
  input.file = known.file;
  input.by = known.by;
  input.cluster_id = known.cluster_id;
  input.topic = progress;
  const auto verdict = reconcile(input);
  if (verdict) return std::nullopt;
  return verdict.error();
}

asio::awaitable<result<agreement>> agree(agreement_context with, what_is_known known) {
  auto comparing = compare_patiently(with, known);
  auto stopping = with.stop.wait();
  auto losing = with.publisher.lost();
  auto racing = race(std::move(comparing), std::move(stopping), std::move(losing));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return error{errc::stopped, "stopped"};
  if (first.index() == 2) co_return error{errc::kafka_unavailable, "leadership was lost while Kafka was read"};
  co_return std::get<0>(std::move(first));
}

}  // namespace oes
