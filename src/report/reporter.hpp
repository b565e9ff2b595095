#pragma once
// What happened, told to log, metrics and status board alike: one place, one info line per cycle.
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "async/clock.hpp"
#include "decode/label_check.hpp"
#include "groups/apart_topics.hpp"
#include "groups/cycle_outcome.hpp"
#include "groups/group_state.hpp"
#include "report/rhythm.hpp"
#include "schedule/rationing.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/outage_watch.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

class data_chart;

/// The health subject of a facility list that is only read, not published, and could not be read.
inline constexpr std::string_view list_for_series = "the list of facilities";

class reporter {
 public:
  reporter(logger& log, metrics& numbers, daemon_status& board, const time_source& clock)
      : log_(log), numbers_(numbers), board_(board), clock_(clock) {}

  /// Answers are drawn on it from now on, where there is a page; outlives the reporter.
  void draw_on(data_chart& chart) { chart_ = &chart; }

  /// A row of the status board for each member, whoever reads it.
  void configured(const request_group& group);
  /// And one for the list of facilities, where it is published.
  void list_configured(const std::string& topic) { list_row(topic); }
  /// Another instance reads the streams, or nobody yet.
  void stands_by();
  /// This instance (its id) leads.
  void leads(const std::string& instance);
  /// Leadership went elsewhere, or may have: told and counted once a term, however often it is heard of, and trouble
  /// until it is asked for again.
  void lost_leadership();
  /// The term is over, whatever ended it.
  void leads_no_more();
  void group_opened(const request_group& group, const group_state& state);
  void group_refused(const request_group& group, const error& why);
  /// A request has come to its end. endpoint: dataset(), or "me"; `why`: nullptr, the answer was usable.
  void requested(std::string_view endpoint, const error* why, steady_span took, std::size_t bytes);
  /// What /me has told.
  void account_told(const account& told);
  /// What is used and left of the day; that nothing is left is told once a day.
  void credits(const credit_outlook& credits);
  /// How often a group polls, and how old its newest label may be meanwhile. A deployment whose triggers are stretched
  /// much more or less than before says so.
  /// `next`: when the group tries next.
  void paced(const request_group& group, const rhythm& at_edge, const credit_outlook& credits, utc_time next);
  /// What there is to tell of an outage, and of the host's clock beside the API's: after each answer, and now and then.
  void api_heard(breaker& api);
  void cycle_ended(const request_group& group, const group_state& state, const cycle_outcome& outcome);
  /// What an answer holds, new or not.
  void answered(const request_group& group, const time_series_answer& answer);
  /// What of an answer beside the live stream was not published, and why not.
  void compared(const request_group& group, const std::vector<member_compared>& members);
  /// Points of an answer that are not believed; counted each time, told once per stream and reason.
  void skipped(const request_group& group, const std::vector<metric_skipped>& metrics);
  /// One label alone was more than a transaction may hold; told once per stream.
  void over_limits(const request_group& group, std::size_t records, std::size_t bytes);
  /// Kafka refuses a topic of the group; it takes it again; and which members that concerns now.
  void topic_refused(const request_group& group, const std::string& topic, const error& why);
  void topic_takes_again(const request_group& group, const std::string& topic);
  /// The same of a topic whose format or schema keeps it from being written.
  void topic_not_admitted(const request_group& group, const std::string& topic, const std::string& why);
  void topic_goes_on(const request_group& group, const std::string& topic);
  void apart(const request_group& group, const apart_topics& topics);
  /// Kafka as a whole, or (`subject`) something that the daemon can do without, fails; nullptr: it works. Told at its
  /// beginning, every ten minutes and at its end.
  void kafka(const error* why);
  void lesser(const std::string& subject, const error* why);
  /// A standby has heard the client id of whoever holds the deployment's place; empty: not known.
  void stands_by_for(const std::string& holder);
  /// progress.json was written, or could not be.
  void mirrored(const error* why);
  /// The group ended the process time and again, and waits until then; and it is begun all the same.
  void set_apart(const request_group& group, const std::string& why, utc_time until);
  void tried_again(const request_group& group);
  /// A chunk of a backfill was committed.
  void backfilled(const request_group& group, const std::vector<member_published>& published, time_range chunk);
  void transaction(std::string_view outcome, std::chrono::steady_clock::duration took, std::size_t records,
                   std::int64_t sequence);
  /// The list of facilities: a row of the status board, and a line in the log.
  void list_kept(const std::string& topic, std::size_t changed, std::size_t gone);
  void list_failed(const std::string& topic, const error& why);
  /// One that is read for facility series alone, and not published, could not be had; nullptr: it could.
  void list_read(const error* why);
  /// The newest records, one line each, for the live view.
  void published_sample(const std::vector<std::string>& values);
  /// The clock that the daemon follows.
  void show_clock(const clock_reading& reading);
  [[nodiscard]] logger& log() { return log_; }

 private:
  std::size_t count_published(const request_group& group, const std::vector<member_published>& published);
  member_status& row(const tracked_metric& member);
  member_status& list_row(const std::string& topic);
  void describe_position(const request_group& group, const group_state& state, std::size_t member);
  void tell_outage(const breaker_news& news);
  void show_outage(const api_outage* outage, const moment& at);
  void set_state(member_status& status, stream_state state, const std::string& why);
  void note_rows(member_status& status, stream_state state, bool had_row);
  void tell(const std::string& subject, health_level level, const error* why);
  /// One failure after another is told at its beginning and every ten minutes, and each kind in between once.
  std::optional<outage_news> failed(const std::string& who, const error& why);
  void works(const std::string& who);
  void log_cycle(const request_group& group, const group_state& state, const cycle_outcome& outcome,
                 std::size_t records);

  struct failing {
    outage_watch told;
    std::set<errc> kinds = {};  ///< told since its last line
  };

  logger& log_;
  metrics& numbers_;
  daemon_status& board_;
  const time_source& clock_;
  data_chart* chart_ = nullptr;
  bool leads_ = false;
  double told_stretch_ = 1;
  std::optional<utc_time> told_spent_;                       ///< of the day that ends then
  std::set<std::pair<std::string, std::string>> told_once_;  ///< streams, what
  std::map<std::string, outage_watch> outages_;              ///< by subject
  std::map<std::string, failing> failing_;                   ///< by streams
};

}  // namespace oes
