// Leadership; and trouble: of Kafka as a whole, of what the daemon can do without, and of one request after another.
#include <utility>

#include "model/instance_id.hpp"
#include "model/utf8.hpp"
#include "report/reporter.hpp"
#include "telemetry/human_text.hpp"
#include "telemetry/remedy.hpp"

namespace oes {

namespace {

const std::string foreign_member = "foreign member";

}  // namespace

std::optional<outage_news> reporter::failed(const std::string& who, const error& why) {
  if (is_told_elsewhere(why)) return std::nullopt;
  auto& known = failing_[who];
  auto news = known.told.failed(why.context, steady_now());
  if (news) known.kinds.clear();
  const bool is_other_kind = known.kinds.insert(why.code).second;
  if (!news && is_other_kind) news = outage_news{outage_news::kind::goes_on, why.context, known.told.failures(), {}};
  return news;
}

void reporter::works(const std::string& who) {
  const auto known = failing_.extract(who);
  if (!known) return;
  const auto news = known.mapped().told.over(steady_now());
  if (!news || news->failures < 2) return;
  log_.info("it works again after " + duration_words(news->lasted.count()),
            {{"stream", who}, {"failures", news->failures}});
}

void reporter::leads(const std::string& instance) {
  leads_ = true;
  board_.role = "leading";
  board_.leader = instance;
  clear_trouble(board_, foreign_member);
  kafka(nullptr);
  numbers_.leadership(leadership_change::gained);
  note_event(board_, daemon_event::kind::takeover, "this instance leads", clock_.now());
}

void reporter::lost_leadership() {
  if (!std::exchange(leads_, false)) return;
  const auto now = clock_.now();
  note_trouble(board_, "leadership", {health_level::failing, "leadership is lost: Kafka is asked for it again", {}, ""},
               now);
  numbers_.leadership(leadership_change::lost);
  note_event(board_, daemon_event::kind::takeover, "leadership lost", now);
}

void reporter::leads_no_more() {
  leads_ = false;
  board_.leader.clear();
  if (board_.role == "leading") board_.role = "standby";
  // What was read here says nothing of how old the data is: another instance may read it by now.
  stands_by();
}

// A consumer with the deployment's name as its group is given the progress partition like any other member, keeps it,
// and reads it, while every daemon waits for its turn.
void reporter::stands_by_for(const std::string& holder) {
  if (std::exchange(board_.leader, holder) == holder) return;
  if (holder.empty() || is_instance_id(holder)) return clear_trouble(board_, foreign_member);
  const std::string what = "no daemon leads: the progress partition is held by the client '" + printable(holder) +
                           "' in the consumer group " + board_.deployment + ", which is the deployment's own";
  const std::string then = "give that consumer another group.id";
  log_.warn(what, {{"what_to_do", then}});
  note_trouble(board_, foreign_member, {health_level::failing, what, {}, then}, clock_.now());
}

void reporter::kafka(const error* why) { tell("kafka", health_level::failing, why); }

void reporter::lesser(const std::string& subject, const error* why) { tell(subject, health_level::degraded, why); }

void reporter::mirrored(const error* why) {
  auto& file = board_.progress_file;
  if (why == nullptr) {
    file = {clock_.now(), std::nullopt};
  } else if (!file.missing_since) {
    file.missing_since = clock_.now();
  }
  lesser("progress.json", why);
}

void reporter::tell(const std::string& subject, health_level level, const error* why) {
  const bool is_kafka = subject == "kafka";
  const std::string who = is_kafka ? "Kafka" : subject;
  const auto now = steady_now();
  auto& known = outages_[subject];
  const auto news = why == nullptr ? known.over(now) : known.failed(why->context, now);
  if (why == nullptr) {
    clear_trouble(board_, subject);
  } else {
    const auto advice = is_kafka ? advice_for_kafka(why->context, board_.kafka_servers) + "; " : std::string();
    note_trouble(board_, subject, {level, who + ": " + why->context, {}, advice + "tried again until it works"},
                 clock_.now());
  }
  if (!news) return;
  const auto lasted = duration_words(news->lasted.count());
  switch (news->what) {
    case outage_news::kind::began:
      if (is_kafka) {
        log_.warn("Kafka cannot be used; trying again",
                  {{"reason", news->why}, {"what_to_do", advice_for_kafka(news->why, board_.kafka_servers)}});
      } else {
        log_.warn(who + " cannot be used; going on without it", {{"reason", news->why}});
      }
      return;
    case outage_news::kind::goes_on:
      log_.warn(who + " still cannot be used", {{"reason", news->why}, {"failures", news->failures}, {"for", lasted}});
      return;
    case outage_news::kind::over:
      log_.info(who + " is back after " + lasted, {{"failures", news->failures}});
      return;
  }
}

void reporter::transaction(std::string_view outcome, std::chrono::steady_clock::duration took, std::size_t records,
                           std::int64_t sequence) {
  numbers_.transaction(outcome, took, static_cast<std::int64_t>(records));
  if (outcome != "committed") return;
  board_.kafka.last_commit = clock_.now();
  ++board_.transactions;
  board_.sequence = sequence;
}

}  // namespace oes
