#include "telemetry/outage_watch.hpp"

namespace oes {
namespace {

constexpr auto told_every = std::chrono::minutes(10);

}  // namespace

std::optional<outage_news> outage_watch::failed(const std::string& why, time_point now) {
  const bool first = !since_;
  if (first) {
    since_ = now;
    failures_ = 0;
  }
  ++failures_;
  why_ = why;
  if (!first && now - told_ < told_every) return std::nullopt;
  told_ = now;
  return news(first ? outage_news::kind::began : outage_news::kind::goes_on, now);
}

std::optional<outage_news> outage_watch::over(time_point now) {
  if (!since_) return std::nullopt;
  auto last = news(outage_news::kind::over, now);
  since_.reset();
  return last;
}

outage_news outage_watch::news(outage_news::kind what, time_point now) const {
  return {what, why_, failures_, std::chrono::duration_cast<std::chrono::seconds>(now - *since_)};
}

}  // namespace oes
