#include "telemetry/status_board.hpp"

#include <algorithm>
#include <array>

namespace oes {

std::string_view name(stream_state s) {
  switch (s) {
    case stream_state::standby:
      return "standby";
    case stream_state::starting:
      return "starting";
    case stream_state::live:
      return "live";
    case stream_state::catching_up:
      return "catching_up";
    case stream_state::waiting:
      return "waiting";
    case stream_state::retrying:
      return "retrying";
    case stream_state::limit_reached:
      return "limit_reached";
    case stream_state::bad_key:
      return "bad_key";
    case stream_state::stopped_by_api:
      return "stopped_by_api";
    case stream_state::identity_changed:
      return "identity_changed";
    case stream_state::set_apart:
      return "set_apart";
  }
  return "unknown";
}

std::span<const stream_state> all_stream_states() {
  static constexpr std::array all{stream_state::standby,          stream_state::starting, stream_state::live,
                                  stream_state::catching_up,      stream_state::waiting,  stream_state::retrying,
                                  stream_state::limit_reached,    stream_state::bad_key,  stream_state::stopped_by_api,
                                  stream_state::identity_changed, stream_state::set_apart};
  return all;
}

std::string_view name(daemon_event::kind what) {
  switch (what) {
    case daemon_event::kind::trouble:
      return "trouble";
    case daemon_event::kind::recovery:
      return "recovery";
    case daemon_event::kind::takeover:
      return "takeover";
    case daemon_event::kind::reload:
      return "reload";
    case daemon_event::kind::note:
      return "note";
  }
  return "note";
}

std::string_view name(health_level level) {
  switch (level) {
    case health_level::ok:
      return "ok";
    case health_level::degraded:
      return "degraded";
    case health_level::failing:
      return "failing";
  }
  return "unknown";
}

void note_trouble(daemon_status& status, const std::string& subject, trouble what, utc_time now) {
  auto& known = status.troubles[subject];
  what.since = known.since.value_or(now);
  known = std::move(what);
}

void clear_trouble(daemon_status& status, const std::string& subject) { status.troubles.erase(subject); }

void note_event(daemon_status& status, daemon_event::kind what, std::string text, utc_time now) {
  constexpr std::size_t most = 200;
  constexpr auto kept_for = std::chrono::hours(24);
  auto& events = status.events;
  events.push_front({now, what, std::move(text)});
  while (events.size() > most || now - events.back().at > kept_for) events.pop_back();
}

void note_reload(daemon_status& status, reload_end how, std::string outcome, utc_time now) {
  auto& known = status.config;
  known.reloaded_at = now;
  // Not now: whether the file will do is not known.
  if (how != reload_end::not_now) known.refused = how == reload_end::refused;
  if (how == reload_end::taken) known.taken_at = now;
  ++(how == reload_end::taken ? known.taken : how == reload_end::refused ? known.refusals : known.put_off);
  note_event(status, daemon_event::kind::reload, outcome, now);
  if (how != reload_end::not_now || !known.refused) known.outcome = std::move(outcome);
}

std::optional<std::int64_t> lag_seconds(const member_status& member, utc_time now) {
  if (!member.newest_at) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(now - *member.newest_at).count();
}

bool has_read(const daemon_status& status) {
  return std::any_of(status.members.begin(), status.members.end(),
                     [](const auto& one) { return one.second.last_success.has_value(); });
}

}  // namespace oes
