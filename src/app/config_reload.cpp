#include "app/config_reload.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

#include "app/exit_code.hpp"
#include "app/learn_limits.hpp"
#include "app/reload_trial.hpp"
#include "app/term_context.hpp"
#include "async/blocking.hpp"
#include "async/race.hpp"
#include "async/timer.hpp"
#include "files/file_mark.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// A file on a disk that stalls, or a secret on one.
constexpr auto patience_with_the_file = std::chrono::seconds(10);
// From the end of one term to the claim of the next, or to the wait for a leader.
constexpr auto patience_between_terms = std::chrono::seconds(15);
constexpr auto busy_look_every = std::chrono::milliseconds(100);
constexpr int most_looks = 5;
constexpr auto compare_every = std::chrono::seconds(5);

job_answer done(std::string text) { return {exit_ok, std::move(text)}; }

std::vector<std::string> faults_of(const loaded_configuration& loaded) {
  std::vector<std::string> out;
  for (const auto& problem : loaded.problems) {
    if (problem.level == severity::fault) out.push_back(describe(problem));
  }
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += (out.empty() ? "" : "; ") + line;
  return out;
}

bool begins_with(const config_changes& changes, std::string_view section) {
  return std::any_of(changes.daemon_keys.begin(), changes.daemon_keys.end(),
                     [section](const std::string& key) { return key.starts_with(section); });
}

bool same_endpoint(const telemetry_settings& a, const telemetry_settings& b) {
  return a.http_enabled == b.http_enabled && a.http_address == b.http_address && a.http_port == b.http_port &&
         a.http_hosts == b.http_hosts;
}

}  // namespace

config_reload::config_reload(parts& all, request_queue& requests, config_origin origin)
    : all_(all), requests_(requests), running_(std::move(origin)), http_changed_(all.loop.get_executor()) {
  all_.telling.board.config.file = running_.file;
}

asio::awaitable<job_answer> config_reload::reload(job asked) {
  if (busy_) co_return not_reloaded("another reload is under way");
  busy_ = true;
  const std::unique_ptr<bool, void (*)(bool*)> guard(&busy_, [](bool* busy) { *busy = false; });
  auto outcome = co_await attempt(std::move(asked));
  note(outcome);
  outcome.answer.document = running_.file;
  const bool compared = co_await compare_file();
  static_cast<void>(compared);  // else the watch does it
  co_return std::move(outcome.answer);
}

asio::awaitable<job_answer> config_reload::reload_after_others(job asked) {
  while (busy_) {
    const bool waited = co_await pause_for(busy_look_every);
    if (!waited) co_return not_reloaded("stopping");
  }
  auto answer = co_await reload(std::move(asked));
  co_return answer;
}

asio::awaitable<config_reload::attempted> config_reload::attempt(job asked) {
  auto wanted = co_await read();
  if (!wanted)
    co_return attempted{not_reloaded("the configuration file could not be read in time"), reload_end::not_now};
  if (!wanted->config) co_return attempted{reload_refused(faults_of(*wanted)), reload_end::refused};
  auto changes = compare(running_.values, wanted->values);
  if (!changes.refused.empty()) co_return attempted{reload_refused(std::move(changes.refused)), reload_end::refused};
  if (changes.none()) co_return nothing_changed();
  auto home = context_ == nullptr ? std::string() : home_of(context_->known);
  auto trying = try_configuration({all_.clock, all_.telling.log, all_.api.secrets, all_.files.key, all_.schemas},
                                  *wanted->config, changes, std::move(home));
  auto against = co_await std::move(trying);
  if (against) co_return ended(std::move(*against));
  if (!concerns_streams(changes)) {
    take_over_without_pause(*wanted);
  } else {
    auto taking = take_over_with_pause(std::move(asked), std::move(wanted));
    auto taken = co_await std::move(taking);
    if (taken.exit != exit_ok) co_return ended(std::move(taken));
  }
  co_return attempted{done("reloaded: " + line_of(changes))};
}

config_reload::attempted config_reload::ended(job_answer without) {
  const auto how = without.exit == exit_config ? reload_end::refused : reload_end::not_now;
  return {std::move(without), how};
}

config_reload::attempted config_reload::nothing_changed() const {
  if (!running_.file.empty()) return {done("nothing has changed in " + running_.file)};
  if (running_.text.empty()) return {done("nothing has changed: there is no configuration file")};
  job_answer cannot{exit_config, "the daemon was started with a configuration " + running_.text +
                                     ", and nothing has changed in the files that it names: restart the daemon with "
                                     "another one"};
  return {std::move(cannot), reload_end::not_now};  // no fault in a file
}

asio::awaitable<job_answer> config_reload::take_over_with_pause(job asked,
                                                                std::shared_ptr<const loaded_configuration> wanted) {
  // The ledger is read on the way: with what logs in now.
  all_.kafka.store->renew(wanted->config->publish.properties);
  auto handing = hand_over(std::move(asked), std::move(wanted));
  auto taken = co_await std::move(handing);
  all_.kafka.store->renew(all_.config.publish.properties);
  co_return taken;
}

asio::awaitable<std::shared_ptr<const loaded_configuration>> config_reload::read() {
  auto found = std::make_shared<loaded_configuration>();  // with the thread, which may come to no end
  // A file that is being written is read again: half of one may well be a configuration.
  auto work = [load = running_.load, file = running_.file, found] {
    for (int look = 0; look < most_looks; ++look) {
      const auto before = mark_of_file(file);
      *found = load();
      if (mark_of_file(file) == before) break;
    }
  };
  const auto ended = co_await run_on_own_thread(std::move(work), steady_now() + patience_with_the_file);
  if (ended != wait_end::done) co_return nullptr;
  co_return found;
}

asio::awaitable<job_answer> config_reload::hand_over(job asked, std::shared_ptr<const loaded_configuration> wanted) {
  const auto deadline = steady_now() + patience_between_terms;
  while (steady_now() < deadline && !all_.state.stop.is_set()) {
    if (requests_.is_open()) {
      asked.step = job_step::perform;
      auto handing = requests_.hand_in(std::move(asked), nullptr, std::move(wanted));
      auto answer = co_await std::move(handing);
      co_return answer;
    }
    if (all_.state.standing_by && context_ != nullptr) {
      const auto taken = take_over(*wanted);
      if (!taken) co_return reload_refused({taken.error().context});
      co_return done("");
    }
    const bool waited = co_await pause_for(busy_look_every);
    if (!waited) break;
  }
  co_return not_reloaded("the daemon neither leads nor waits for a leader yet: try again");
}

result<void> config_reload::take_over(const loaded_configuration& wanted) {
  const bool other_api = begins_with(compare(running_.values, wanted.values), "api.");
  const auto key_before = all_.api.key;
  const bool other_account = context_ != nullptr && is_other_account(context_->asked_as, *wanted.config);
  auto key = make_api_key(*wanted.config);
  all_.api.key.replace(std::move(key));
  // What can fail comes first.
  std::unique_ptr<source> other;
  try {
    if (other_api)
      other =
          make_source(*wanted.config, {all_.api.key, all_.clock, all_.telling.log, all_.api.secrets}, all_.files.key);
  } catch (const failure& why) {
    all_.api.key.replace(key_before);
    return error{errc::bad_config, why.what()};
  }
  if (other) all_.api.source = std::move(other);
  if (begins_with(compare(running_.values, wanted.values), "schema_registry.")) all_.schemas.renew();
  // The endpoint's settings go over where a change of theirs is looked for.
  auto telemetry = std::move(all_.config.telemetry);
  all_.config = *wanted.config;
  all_.config.telemetry = std::move(telemetry);
  all_.groups = make_groups(all_.config.streams);
  all_.telling.board.api_url = all_.config.fetch.base_url;
  if (context_ != nullptr) {
    const auto access = account_access_of(all_);
    const known_account known{context_->budget, context_->limits, context_->asked_as};
    if (other_api) try_api_again(context_->budget, all_.telling.report);
    if (other_account) begin_with_other_account(access, known);
    configure_budget(access, known);
  }
  show_configured(all_);
  take_over_without_pause(wanted);
  return {};
}

void config_reload::renew_clients(const config_changes& changes) {
  const bool certificates = begins_with(changes, "kafka.properties.ssl.");
  if (!certificates && !begins_with(changes, "kafka.properties.sasl.")) return;
  const auto& properties = all_.config.publish.properties;
  all_.kafka.store->renew(properties);
  all_.kafka.publisher->renew(properties, certificates ? client_renewal::clients : client_renewal::credentials);
}

void config_reload::take_over_without_pause(const loaded_configuration& wanted) {
  const auto changes = compare(running_.values, wanted.values);
  all_.config.publish = wanted.config->publish;
  if (!same_endpoint(all_.config.telemetry, wanted.config->telemetry)) http_changed_.set();
  all_.config.telemetry = wanted.config->telemetry;
  all_.telling.log.set_level(all_.config.telemetry.log_level);
  running_.values = wanted.values;
  renew_clients(changes);  // last of all: with new certificates a term ends
}

void config_reload::note(const attempted& told) {
  const auto& [answer, how] = told;
  const auto outcome = answer.text + (answer.says.empty() ? "" : ": " + joined(answer.says));
  note_reload(all_.telling.board, how, outcome, all_.clock.now());
  if (how != reload_end::taken) {
    all_.telling.log.warn(how == reload_end::refused ? "the changed configuration was refused; what ran goes on"
                                                     : "the configuration was not reloaded",
                          {{"reason", outcome}});
  } else {
    all_.telling.log.info("the configuration was read again", {{"outcome", answer.text}});
  }
}

asio::awaitable<bool> config_reload::compare_file() {
  const auto found = co_await read();
  if (!found) co_return false;
  auto& differs = all_.telling.board.config.differs;
  if (!found->config) {
    differs = "it would be refused: " + faults_of(*found).front();
    co_return true;
  }
  auto running = running_.values;
  // A key that was read again when the API refused the one before is in use already.
  const auto key = found->values.daemon.find("api.api_key");
  if (key != found->values.daemon.end() && found->config->fetch.api_key == all_.api.key.text()) {
    running.daemon.insert_or_assign(key->first, key->second);
  }
  const auto changes = compare(running, found->values);
  differs = line_of(changes);
  if (!changes.refused.empty()) differs = joined(changes.refused);
  co_return true;
}

asio::awaitable<void> config_reload::watch_file(event& finished) {
  if (running_.file.empty()) co_return;
  std::string seen;  // it may have changed since it was read at start: the first look compares
  while (true) {
    auto comparing = compare_where_changed(seen);
    auto ending = finished.wait();
    auto racing = race(std::move(comparing), std::move(ending));
    auto first = co_await std::move(racing);
    if (first.index() == 1) co_return;
    const bool over = co_await finished.wait_for(compare_every);
    if (over) co_return;
  }
}

asio::awaitable<void> config_reload::compare_where_changed(std::string& seen) {
  // On a thread of its own: the disk may stall.
  auto now = std::make_shared<std::string>();
  auto files = running_.values.files;
  files.insert(files.begin(), running_.file);
  auto work = [now, files = std::move(files)] {
    for (const auto& file : files) now->append(mark_of_file(file)).push_back('\n');
  };
  auto looking = run_on_own_thread(std::move(work), steady_after(patience_with_the_file));
  const auto ended = co_await std::move(looking);
  if (ended != wait_end::done || *now == seen || busy_) co_return;
  const bool compared = co_await compare_file();
  if (compared) seen = std::move(*now);
}

}  // namespace oes
