#include "schedule/breaker.hpp"

#include <algorithm>

namespace oes {
namespace {

using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// A request that is answered at all is answered within this; a probe that is not does not hold up the others for ever.
constexpr seconds probe_takes{310};
// While a probe is on its way: its answer is looked for so often.
constexpr seconds look_again{2};
// A server that asks for more is not believed: an absurd value must not silence a deployment.
constexpr std::chrono::hours longest_wait{6};
constexpr minutes told_every{10};
constexpr int too_many_unanswered = 3;

constexpr int too_many_requests = 429;
constexpr int bad_gateway = 502;
constexpr int gateway_timeout = 504;

bool is_gateways(int status) {
  // 520 to 527 and 530: what a proxy says of a server that it cannot reach.
  return (status >= bad_gateway && status <= gateway_timeout) || (status >= 520 && status <= 527) || status == 530;
}

microseconds ceiling_of(const backoff_settings& settings, int attempts) {
  constexpr int enough_doublings = 30;
  return std::min(settings.cap, settings.base * (std::int64_t{1} << std::min(attempts, enough_doublings)));
}

microseconds scaled(microseconds what, double by) {
  return microseconds(static_cast<std::int64_t>(static_cast<double>(what.count()) * by));
}

}  // namespace

std::optional<api_trouble> trouble_in(const error& why) {
  if (why.code == errc::unreachable) return api_trouble::away;
  if (why.code == errc::server_error && is_gateways(why.http_status)) return api_trouble::away;
  if (why.code == errc::rate_limited && why.http_status == too_many_requests) return api_trouble::limit;
  if (why.code == errc::limit_reached) return api_trouble::limit;
  if (why.code == errc::bad_key && why.http_status != 0) return api_trouble::bad_key;
  return std::nullopt;
}

std::optional<microseconds> breaker::ask(run_time now) {
  if (!outage_) return std::nullopt;
  if (probing_until_ && now < *probing_until_) return look_again;
  if (now < outage_->next_probe) return outage_->next_probe - now;
  probing_until_ = now + probe_takes;
  return std::nullopt;
}

void breaker::reset() {
  outage_.reset();
  probing_until_.reset();
  told_at_.reset();
  to_tell_.reset();
  attempts_ = 0;
  unanswered_ = 0;
  has_answered_ = false;
}

bool breaker::fell_silent() { return ++unanswered_ >= too_many_unanswered; }

void breaker::answered(run_time now) {
  probing_until_.reset();
  has_answered_ = true;
  unanswered_ = 0;
  attempts_ = 0;
  if (!outage_) return;
  if (told_at_) to_tell_ = breaker_news{breaker_news::kind::over, *outage_, now - outage_->since};
  told_at_.reset();
  outage_.reset();
}

void breaker::failed(api_trouble what, const error& why, microseconds at_most, run_time now, double uniform) {
  const bool first = !outage_;
  const bool probe = probing_until_.has_value();
  if (first) outage_ = api_outage{what, {}, now, now, 0};
  probing_until_.reset();
  if (what != outage_->what) attempts_ = 0;
  outage_->what = what;
  outage_->why = why.context;
  ++outage_->failures;
  // Others that were under way when it began say nothing new.
  if (!first && !probe) return;
  outage_->next_probe = now + std::min(next_wait(what, why, uniform), std::max<microseconds>(at_most, seconds(1)));
}

// Doubles, with half of it by chance; at its longest a little longer, so that an outage costs no more than good times.
microseconds breaker::next_wait(api_trouble what, const error& why, double uniform) {
  microseconds wait = settings_.bad_key;
  if (what != api_trouble::bad_key) {
    const auto& backoff = what == api_trouble::away ? settings_.away : settings_.limit;
    const auto ceiling = ceiling_of(backoff, attempts_++);
    wait = ceiling < backoff.cap ? scaled(ceiling, 0.5 + uniform / 2) : scaled(ceiling, 1 + uniform / 4);
  }
  const auto asked_for = std::min<microseconds>(why.retry_after.value_or(seconds(0)), longest_wait);
  return std::max(wait, asked_for);
}

std::optional<breaker_news> breaker::news(run_time now) {
  if (to_tell_) return std::exchange(to_tell_, std::nullopt);
  if (!outage_) return std::nullopt;
  const bool began = !told_at_;
  if (!began && now - *told_at_ < told_every) return std::nullopt;
  told_at_ = now;
  return breaker_news{began ? breaker_news::kind::began : breaker_news::kind::goes_on, *outage_, now - outage_->since};
}

}  // namespace oes
