#include "commit/kafka_look.hpp"

#include <string>
#include <utility>
#include <vector>

#include "progress/less_than_known.hpp"

namespace oes {

namespace asio = boost::asio;

asio::awaitable<result<kafka_view>> kafka_look::at(const progress_snapshot& known) {
  newest look;
  auto looking = look_patiently([this, &known, &look] { return once(known, look); }, how_, told_);
  const auto ended = co_await std::move(looking);
  if (!ended) co_return ended.error();
  if (!*ended && look.refused) co_return std::move(*look.refused);
  co_return std::move(look.seen);
}

asio::awaitable<result<glimpse>> kafka_look::once(const progress_snapshot& known, newest& look) {
  auto reading = co_await store_.load();
  if (!reading && (lasts(reading.error()) || reading.error().code == errc::stopped)) co_return reading.error();
  look.refused.reset();
  if (!reading) {
    auto looking = unread(known, reading.error(), look);
    auto shown = co_await std::move(looking);
    co_return shown;
  }
  std::vector<std::string> topics;
  for (const auto& [topic, ends] : known.state.written) {
    if (!is_written_ || is_written_(topic)) topics.push_back(topic);
  }
  auto ends = co_await store_.ends_of(std::move(topics));
  look.seen = {std::move(*reading), std::move(ends)};
  auto missing = lacks(look.seen, known);
  if (missing) co_return glimpse{glimpse::kind::less, std::move(*missing)};
  co_return glimpse{};
}

asio::awaitable<glimpse> kafka_look::unread(const progress_snapshot& known, error why, newest& look) {
  std::vector<std::string> topics{known.place.topic};
  auto looking = store_.ends_of(std::move(topics));
  const auto ends = co_await std::move(looking);
  const auto cut = cut_progress(ends, known.place);
  if (!cut) co_return glimpse{glimpse::kind::nothing, std::move(why.context)};
  look.refused = unreadable_and_cut(*cut, why);
  co_return glimpse{glimpse::kind::less, words_of(*cut)};
}

}  // namespace oes
