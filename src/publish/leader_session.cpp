#include "publish/leader_session.hpp"

#include <utility>

#include "async/clock.hpp"
#include "async/own_thread.hpp"
#include "kafka/fault.hpp"
#include "model/fault_point.hpp"
#include "publish/client_properties.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds slice{300};
constexpr milliseconds confirm_within{1500};
/// Joining a group and asking again take so long without anything being wrong.
constexpr milliseconds trouble_after{3000};

leadership_settings settings_of(const publish_settings& s) {
  return {
      s.deployment, s.delivery == delivery_guarantee::exactly_once ? guarantee::transactional : guarantee::idempotent,
      s.standby ? when_not_assigned::wait : when_not_assigned::give_up, s.session_timeout, s.producer_idle_retirement};
}

// A group that is being made, or waits for a member that is dead, answers within this. librdkafka says nothing of one
// that cannot be made.
steady_span silent_for(const publish_settings& settings) { return seconds(30) + 2 * settings.session_timeout; }

std::string value_of(const publish_settings& settings, std::string_view name) {
  std::string found;
  for (const auto& [property, value] : settings.properties) {
    if (property == name) found = value;  // the last one holds
  }
  return found;
}

// Connections that are there stay as they are; the next login is with these.
void set_credentials(rd_kafka_t* client, const publish_settings& settings, logger& log) {
  const auto user = value_of(settings, "sasl.username");
  const auto password = value_of(settings, "sasl.password");
  const kafka_error refused(rd_kafka_sasl_set_credentials(client, user.c_str(), password.c_str()));
  if (refused) log.warn("new credentials for Kafka were not taken", {{"reason", rd_kafka_error_string(refused.get())}});
}

}  // namespace

leader_session::leader_session(publish_settings settings, std::string instance, const stop_request& stop,
                               std::function<void()> on_lost, logger& log, std::shared_ptr<producer_watch> watch)
    : settings_(std::move(settings)),
      instance_(std::move(instance)),
      stop_(stop),
      on_lost_(std::move(on_lost)),
      log_(log),
      watch_(std::move(watch)),
      state_(settings_of(settings_)) {}

void leader_session::serve() {
  if (!member_) return;
  member_->poll();
  hear();
}

void leader_session::hear() {
  for (auto& news : member_->take_news()) {
    switch (news.what) {
      case group_news::kind::assigned:
        placed_elsewhere_ = false;
        group_answered_ = true;
        state_.assigned();
        break;
      case group_news::kind::revoked:
        state_.revoked(std::move(news.why));
        break;
      case group_news::kind::placed_elsewhere:
        placed_elsewhere_ = true;
        group_answered_ = true;
        producer_trouble_.clear();
        state_.placed_elsewhere(steady_now());
        break;
      case group_news::kind::refused:
        state_.refused(fault(errc::kafka_refused, std::move(news.why)));
        break;
    }
  }
}

result<bool> leader_session::step_to_lead() {
  for (;;) {
    serve();
    const auto act = state_.next(steady_now());
    if (act == leadership::act::lead) {
      if (state_.leads()) return true;
      fault_point("leader.leads");
      state_.leading(steady_now());
      told_standby_ = false;
      log_.debug("leading: this instance is the deployment's one writer", {{"deployment", settings_.deployment}});
      return true;
    }
    const auto came_to = take(act);
    if (!came_to) return came_to.error();
    if (*came_to == step_result::waits) return false;
  }
}

result<leader_session::step_result> leader_session::take(leadership::act act) {
  switch (act) {
    case leadership::act::join:
      return join();
    case leadership::act::drop_producer:
      drop_producer();
      return step_result::more;
    case leadership::act::ask_group:
      return ask_group();
    case leadership::act::make_producer:
      return make_producer();
    case leadership::act::init_producer:
      return init_producer();
    case leadership::act::lose:
      lose();
      return step_result::waits;
    case leadership::act::refuse:
      return state_.refusal();
    case leadership::act::lead:
    case leadership::act::wait:
      break;
  }
  return step_result::waits;
}

result<leader_session::step_result> leader_session::join() {
  auto joined = kafka_group_member::join(settings_, instance_, log_);
  if (!joined) return joined.error();
  member_ = std::move(*joined);
  group_answered_ = false;
  joined_at_ = steady_now();
  state_.joined();
  return step_result::more;
}

leader_session::step_result leader_session::ask_group() {
  const auto asked_in = state_.current_authority().epoch;
  const auto answer = member_->confirm(confirm_within);
  hear();
  state_.group_answered(answer, asked_in);
  return answer == membership::unknown ? step_result::waits : step_result::more;
}

result<leader_session::step_result> leader_session::make_producer() {
  fault_point("leader.assigned");
  auto made = producer::make(settings_, instance_, log_, watch_);
  if (!made && made.error().code == errc::kafka_unavailable) {
    producer_trouble_ = made.error().context;
    state_.producer_failed(steady_now());
    return step_result::waits;
  }
  if (!made) return made.error();
  producer_ = std::move(*made);
  state_.producer_made();
  return step_result::more;
}

result<leader_session::step_result> leader_session::init_producer() {
  const auto step = producer_->init(slice);
  switch (step.state) {
    case init_state::ready:
      producer_trouble_.clear();
      state_.initialised();
      return step_result::more;
    case init_state::again:
      producer_trouble_ = transactional_id(settings_) + ": " + step.why;
      break;
    case init_state::broken:
      producer_trouble_ = "init: " + step.why;
      log_.debug("the producer is replaced", {{"why", producer_trouble_}});
      note_replaced("init_failed");
      state_.producer_failed(steady_now());
      break;
    case init_state::refused:
      drop_producer();
      return fault(errc::kafka_refused, transactional_id(settings_) + ": " + step.why);
  }
  return step_result::waits;
}

void leader_session::tick() {
  serve();
  if (producer_) producer_->serve();
  if (state_.at_rest() == leadership::act::lose) lose();
  if (!state_.leads() && member_) member_->look_again();
  if (watch_ && !state_.leads() && member_ && placed_elsewhere_) {
    if (auto leader = member_->who_leads()) watch_->leads(std::move(*leader));
  }
  note_why_it_waits();
  if (!state_.leads() && placed_elsewhere_ && !told_standby_) {
    told_standby_ = true;
    log_.info("standby: another instance leads", {{"deployment", settings_.deployment}});
  }
}

void leader_session::note_why_it_waits() {
  const bool waits = member_ && !state_.leads();
  trouble_ = !waits ? "" : !member_->trouble().empty() ? member_->trouble() : producer_trouble_;
  if (waits && trouble_.empty() && !group_answered_ && steady_now() - joined_at_ > silent_for(settings_)) {
    trouble_ = "group " + settings_.deployment +
               ": its coordinator does not answer; can the brokers make __consumer_offsets "
               "(offsets.topic.replication.factor against their number)?";
  }
  if (trouble_.empty()) {
    trouble_since_.reset();
  } else if (!trouble_since_) {
    trouble_since_ = steady_now();
  }
}

std::string leader_session::waits_for() const {
  return trouble_since_ && steady_now() - *trouble_since_ > trouble_after ? trouble_ : std::string();
}

void leader_session::note_replaced(std::string_view reason) const {
  if (watch_) watch_->replaced(reason);
}

void leader_session::drop_producer() {
  fault_point("leader.before-retirement");
  producer_.reset();
  state_.producer_dropped();
  fault_point("leader.retired");
}

void leader_session::lose() {
  if (!state_.leads()) return;
  drop_producer();
  state_.said_lost();
  log_.warn("leadership lost", {{"deployment", settings_.deployment}, {"why", state_.why_lost()}});
  on_lost_();
}

void leader_session::renew(property_pairs properties, client_renewal how) {
  settings_.properties = std::move(properties);
  if (how == client_renewal::credentials) {
    const auto password = value_of(settings_, "sasl.password");
    if (member_) member_->hide(password);
    if (producer_) producer_->hide(password);
    if (member_) set_credentials(member_->client(), settings_, log_);
    if (producer_) set_credentials(producer_->client(), settings_, log_);
  } else if (state_.leads()) {
    state_.revoked("the certificates for Kafka were replaced: new clients are made");
    lose();
  } else if (member_) {
    resign();
  }
}

void leader_session::resign() {
  fault_point("leader.resigning");
  state_.resigned();
  drop_producer();
  placed_elsewhere_ = false;
  if (member_) {
    member_->leave(seconds(1));
    destroy_later();
    departing_ = std::move(member_);
  }
}

void leader_session::destroy_later() {
  if (departing_ && !departing_->may_be_freed()) {
    departing_->silence_logs();
    static_cast<void>(departing_.release());
    leave_threads_behind();
  }
  departing_.reset();
}

}  // namespace oes
