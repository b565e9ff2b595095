#include "commands/connect_check.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <iomanip>
#include <ostream>
#include <string>

#include "app/key_memory.hpp"
#include "app/parts.hpp"
#include "app/wanted_topics.hpp"
#include "async/race.hpp"
#include "async/run_loop.hpp"
#include "async/timer.hpp"
#include "commands/formats_check.hpp"
#include "decode/decode.hpp"
#include "fetch/http_client.hpp"
#include "model/plan_limits.hpp"
#include "publish/rights.hpp"
#include "reader/decode_answer.hpp"
#include "telemetry/remedy.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// `/me` is small: who answers at all has answered by then.
constexpr auto account_patience = std::chrono::seconds(15);
constexpr auto says_nothing_for = std::chrono::seconds(3);

// `ok      the API: …`; counts what fails.
class finding_list {
 public:
  explicit finding_list(std::ostream& out) : out_(out) {}
  void put(const char* verdict, const std::string& text) {
    constexpr int widest = 8;
    out_ << std::left << std::setw(widest) << verdict << text << '\n' << std::flush;
  }
  void fail(const char* verdict, const std::string& text) {
    failed_ = true;
    put(verdict, text);
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::ostream& out_;
  bool failed_ = false;
};

std::string with_reason(const std::string& text, const std::string& why) {
  return why.empty() ? text : text + ": " + why;
}

struct api_parts {
  explicit api_parts(const configuration& settings)
      : config(settings),
        log({.log_level = "error"}),
        clock(settings.test_clock ? time_source(*settings.test_clock) : time_source()),
        key(make_api_key(settings)),
        secrets({key.text()}),
        source(make_rest_source(settings.fetch, {error_text, decode_account, decode_facility_list}, memory(),
                                {key, clock, log, secrets})) {}

  // Nothing is written down: this may be another user's folder.
  key_memory memory() const {
    key_memory out;
    out.known_good = key_worked_before(config.progress_path, config.fetch.api_key);
    out.on_good = [] {};
    return out;
  }

  const configuration& config;
  asio::io_context loop{1};
  logger log;
  time_source clock;
  api_key key;
  redactor secrets;
  std::unique_ptr<oes::source> source;
};

void tell_plan(const account& known, finding_list& findings) {
  std::string text = "API key: accepted, plan " + (known.plan.empty() ? std::string("not told") : known.plan);
  const bool limited = limits_of(known.plan).credits_per_day.has_value();
  const bool spent = limited && known.credits_remaining && *known.credits_remaining <= 0;
  if (limited && known.credits_remaining) text += ", " + std::to_string(*known.credits_remaining) + " credits left";
  findings.put(spent ? "warning" : "ok", text);
}

// Ends when an answer is not waited for any longer; says meanwhile what for.
asio::awaitable<void> wait_for_answer(finding_list& findings) {
  const bool is_late = co_await pause_for(says_nothing_for);
  if (!is_late) co_return;
  findings.put("waits", "API: connected, but GET /me has no answer yet");
  co_await pause_for(account_patience - says_nothing_for);
}

asio::awaitable<void> ask_api(api_parts& all, finding_list& findings) {
  const auto url = parse_base_url(all.config.fetch.base_url);
  if (!url) co_return findings.fail("fails", "API: " + url.error().context);
  const bool encrypted = url->scheme == url_scheme::https;
  std::string way = "API " + host_and_port(*url);
  if (encrypted && all.config.fetch.proxy) way += " through proxy " + text_of(*all.config.fetch.proxy);
  http_client client(all.config.fetch, *url);
  const auto reached = co_await client.try_to_connect();
  if (!reached) co_return findings.fail("fails", way + ": " + reached.error().context);
  findings.put("ok", way + (encrypted ? ": name, connection and TLS" : ": connection"));
  if (all.key.empty()) co_return findings.put("warning", "API key: none; network data comes with COMMUNITY limits");
  auto asking = all.source->fetch_account();
  auto waiting = wait_for_answer(findings);
  auto racing = race(std::move(asking), std::move(waiting));
  auto first = co_await std::move(racing);
  if (first.index() == 1) {
    co_return findings.fail("fails", "API: GET " + all.config.fetch.base_url + "/me: no answer within " +
                                         std::to_string(account_patience.count()) + " s; " +
                                         std::string(advice_for_api("no answer within")));
  }
  const auto& known = std::get<0>(first);
  if (!known) co_return findings.fail("fails", "API key: " + all.secrets.clean(known.error().context));
  tell_plan(*known, findings);
}

void tell_topics(const std::vector<topic_finding>& topics, finding_list& findings) {
  for (const auto& topic : topics) {
    const auto text = "topic " + topic.name + ": " + topic.state;
    if (!topic.trouble.empty()) {
      findings.fail("fails", text + "; " + topic.trouble);
    } else {
      findings.put(topic.doubt.empty() ? "ok" : "warning", topic.doubt.empty() ? text : text + "; " + topic.doubt);
    }
  }
}

void tell_rights(const std::vector<right_finding>& rights, finding_list& findings) {
  for (const auto& one : rights) {
    const auto text = with_reason("right " + one.right + " on " + one.resource, one.why);
    switch (one.verdict) {
      case right_verdict::has:
        findings.put("has", text);
        break;
      case right_verdict::lacks:
        one.need == right_need::always ? findings.fail("lacks", text) : findings.put("lacks", text);
        break;
      case right_verdict::untold:
        findings.put("untold", text);
        break;
    }
  }
}

void ask_brokers(const configuration& config, finding_list& findings) {
  logger quiet({.log_level = "error"});
  const auto topics = wanted_topics(config, make_groups(config.streams));
  const auto found = ask_kafka(config.publish, topics, quiet);
  if (!found) return findings.fail("fails", "Kafka " + config.publish.bootstrap_servers + ": " + found.error().context);
  findings.put("ok", "Kafka " + config.publish.bootstrap_servers + ": " + std::to_string(found->brokers) +
                         (found->brokers == 1 ? " broker" : " brokers") + ", cluster " + found->cluster_id);
  tell_topics(found->topics, findings);
  tell_rights(found->rights, findings);
  for (const auto& one : look_at_formats(config)) {
    switch (one.is) {
      case format_finding::verdict::ok:
        findings.put("ok", one.text);
        break;
      case format_finding::verdict::untold:
        findings.put("untold", one.text);
        break;
      case format_finding::verdict::fails:
        findings.fail("fails", one.text);
        break;
    }
  }
}

}  // namespace

exit_code check_connections(const configuration& config, std::ostream& out) {
  finding_list findings(out);
  api_parts api(config);
  run_to_end(api.loop, "the look at the API", ask_api(api, findings));
  ask_brokers(config, findings);
  return findings.failed() ? exit_failure : exit_ok;
}

}  // namespace oes
