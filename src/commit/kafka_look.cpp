#include "commit/kafka_look.hpp"

#include <string>
#include <utility>
#include <vector>

namespace oes {

namespace asio = boost::asio;

asio::awaitable<result<kafka_view>> kafka_look::at(const progress_snapshot& known) {
  kafka_view seen;
  auto looking = look_patiently([this, &known, &seen] { return once(known, seen); }, how_, told_);
  const auto ended = co_await std::move(looking);
  if (!ended) co_return ended.error();
  co_return std::move(seen);
}

asio::awaitable<result<glimpse>> kafka_look::once(const progress_snapshot& known, kafka_view& seen) {
  auto reading = co_await from_.load();
  if (!reading && (lasts(reading.error()) || reading.error().code == errc::stopped)) co_return reading.error();
  if (!reading) co_return glimpse{glimpse::kind::nothing, reading.error().context};
  std::vector<std::string> topics;
  for (const auto& [topic, ends] : known.state.ends) topics.push_back(topic);
  auto ends = co_await from_.ends_of(std::move(topics));
  seen = {std::move(*reading), std::move(ends)};
  auto missing = lacks(seen, known);
  if (missing) co_return glimpse{glimpse::kind::less, std::move(*missing)};
  co_return glimpse{};
}

}  // namespace oes
