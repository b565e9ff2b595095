// The API as a whole: requests, credits, outages, clocks.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "report/reporter.hpp"
#include "telemetry/human_text.hpp"
#include "telemetry/remedy.hpp"

namespace oes {
namespace {

constexpr const char* unusable_clock =
    "clock: this host's time and the API's are too far apart, or the API tells a different time with each answer; "
    "going "
    "by the host's";

std::string name_of(api_trouble what) {
  switch (what) {
    case api_trouble::away:
      return "the API is away: one request at a time asks whether it is back; everything else waits";
    case api_trouble::limit:
      return "the API refuses the key for now (credits or rate limit): one request at a time tries again";
    case api_trouble::bad_key:
      return "the API does not accept the key: one request an hour tries again";
  }
  return "the API is away";
}

std::string_view advice_for(const api_outage& outage, const daemon_status& known) {
  switch (outage.what) {
    case api_trouble::away:
      return advice_for_api(outage.why);
    case api_trouble::limit:
      return advice_for_limit(outage.why, known.credits_left, known.credits_per_day);
    case api_trouble::bad_key:
      return advice_for_bad_key;
  }
  return advice_for_api(outage.why);
}

}  // namespace

void reporter::requested(std::string_view endpoint, const error* why, steady_span took, std::size_t bytes) {
  ++board_.requests;
  if (why == nullptr || why->code == errc::not_yet) board_.api_answered = clock_.now();
  if (endpoint == "me") board_.account_not_found = why != nullptr && why->http_status == 404;
  numbers_.request(endpoint, why == nullptr ? "ok" : name(why->code), took, bytes);
}

void reporter::credits(const credit_outlook& credits) {
  board_.credits_used_today = credits.used;
  board_.credits_per_day = credits.per_day;
  board_.credits_left = credits.left;
  board_.credits_day_ends = credits.day_ends;
  board_.credits_resume_at = credits.spent ? std::optional(credits.day_ends) : std::nullopt;
  if (!credits.spent || told_spent_ == credits.day_ends) return;
  told_spent_ = credits.day_ends;
  const char* const what =
      credits.by_others
          ? "others have spent the API key's credits: polls go on when the next day begins; nothing is lost"
          : "the day's share of credits is spent: polls go on when the next day begins; nothing is lost";
  log_.warn(what, {{"used", credits.used},
                   {"share", credits.per_day.value_or(0)},
                   {"goes_on_at", format_utc_seconds(credits.day_ends)},
                   {"what_to_do", credits.by_others ? advice_for_others : advice_for_spent_credits}});
}

void reporter::account_told(const account& told) { board_.account_left = told.credits_remaining; }

void reporter::tell_outage(const breaker_news& news) {
  const auto lasted = duration_words(std::chrono::round<std::chrono::seconds>(news.lasted).count());
  const auto& outage = news.outage;
  switch (news.what) {
    case breaker_news::kind::began:
      log_.warn(name_of(outage.what), {{"reason", outage.why}, {"what_to_do", advice_for(outage, board_)}});
      return;
    case breaker_news::kind::goes_on:
      log_.warn(name_of(outage.what) + " (still, for " + lasted + ")",
                {{"requests_failed", outage.failures}, {"reason", outage.why}});
      return;
    case breaker_news::kind::over:
      log_.info("the API is back after " + lasted, {{"requests_failed", outage.failures}});
      return;
  }
}

void reporter::show_outage(const api_outage* outage, const moment& at) {
  board_.api_outage.reset();
  if (outage == nullptr) return;
  board_.api_outage = api_outage_status{outage->why, at.now - (at.run - outage->since),
                                        std::max(at.now, at.now + (outage->next_probe - at.run)), outage->failures};
}

void reporter::api_heard(breaker& api) {
  const auto at = clock_.look();
  while (const auto news = api.news(at.run)) tell_outage(*news);
  show_outage(api.outage(), at);
  show_clock(clock_.read());
}

void reporter::show_clock(const clock_reading& reading) {
  const auto skew = std::chrono::duration<double>(reading.skew).count();
  board_.clock = name(reading.standing);
  board_.clock_skew_seconds = reading.standing == clock_standing::unknown ? std::nullopt : std::optional<double>(skew);
  const bool is_well = reading.standing == clock_standing::unknown || reading.standing == clock_standing::agrees;
  const bool refused = reading.standing == clock_standing::refused;
  if (is_well) {
    clear_trouble(board_, "clock");
    return;
  }
  const auto apart = duration_words(std::abs(static_cast<std::int64_t>(skew)));
  const auto what =
      refused ? std::string(unusable_clock)
              : "this host's clock is " + apart + (skew > 0 ? " slow" : " fast") + ": going by the API's time";
  note_trouble(board_, "clock",
               {refused ? health_level::failing : health_level::degraded, what, {}, "set this host's clock"},
               clock_.now());
}

}  // namespace oes
