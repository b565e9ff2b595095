#include "fetch/rest_source.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "async/clock.hpp"
#include "fetch/base_url.hpp"
#include "fetch/classify.hpp"
#include "fetch/http_client.hpp"
#include "fetch/request_target.hpp"
#include "fetch/retry_after.hpp"
#include "model/redactor.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

/// What is asked, and what of it an error may say: the path without the query.
struct question {
  std::string path;
  std::string query;
  window_start start = window_start::elsewhere;
};

/// A usable answer.
struct good_answer {
  std::string body;
  utc_time served_at;
};

// Further from what is known of the time than this, one answer's Date is a slip.
constexpr std::chrono::hours believable{36};

base_url usable_base(const fetch_settings& settings, const std::string& key) {
  auto url = parse_base_url(settings.base_url);
  if (url.has_error()) throw failure(error{url.error().code, "api.base_url: " + url.error().context});
  if (!std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; })) {
    throw failure(error{errc::bad_config, "api_key holds a blank or a control character"});
  }
  return std::move(*url);
}

bool is_refusal(int status) { return status == 401 || status == 403; }

class rest_source final : public source {
 public:
  rest_source(const fetch_settings& settings, body_readers readers, key_memory memory, source_surroundings around)
      : base_(usable_base(settings, around.key.text())),
        key_(around.key),
        secrets_(around.secrets),
        client_(settings, base_),
        readers_(readers),
        memory_(std::move(memory)),
        clock_(around.clock),
        log_(around.log) {
    if (base_.scheme == url_scheme::http && !key_.empty() && !is_loopback(base_)) {
      log_.warn("the API key travels unencrypted: base_url is http", {{"host", base_.host}});
    }
    if (base_.scheme == url_scheme::https && settings.proxy) {
      log_.info("the API is asked through a proxy",
                {{"proxy", text_of(*settings.proxy)}, {"named_by", settings.proxy->named_by}});
    }
  }

  asio::awaitable<result<raw_answer>> fetch(fetch_request request) override {
    question asked{base_.path + request_path(request.identity), request_query(request),
                   where_it_starts(request, clock_.now())};
    auto good = co_await ask(std::move(asked));
    if (good.has_error()) co_return good.error();
    co_return raw_answer{std::move(good->body), clock_.now(), good->served_at};
  }

  asio::awaitable<result<account>> fetch_account() override {
    question asked{base_.path + "/me", {}, window_start::elsewhere};
    if (key_.empty()) co_return error{errc::bad_key, "GET " + asked.path + ": no API key is configured"};
    const std::string path = asked.path;
    auto good = co_await ask(std::move(asked));
    if (good.has_error()) co_return good.error();
    // What is told of it in the log must not be the key, where somebody echoes it.
    auto read = readers_.read_account(secrets_.clean(std::move(good->body)));
    if (read.has_error()) co_return about(path, read.error());
    co_return std::move(*read);
  }

  asio::awaitable<result<facility_list>> fetch_facilities() override {
    group_identity list;
    list.from = endpoint::facilities;
    question asked{base_.path + request_path(list), {}, window_start::elsewhere};
    const std::string path = asked.path;
    auto good = co_await ask(std::move(asked));
    if (good.has_error()) co_return good.error();
    auto reading = readers_.read_facilities(std::move(good->body));
    auto read = co_await std::move(reading);
    if (read.has_error()) co_return about(path, read.error());
    read->received_at = clock_.now();
    co_return std::move(*read);
  }

 private:
  /// A usable 200, or what the answer means.
  asio::awaitable<result<good_answer>> ask(question asked) {
    const std::string target = asked.query.empty() ? asked.path : asked.path + "?" + asked.query;
    for (bool may_renew = true;; may_renew = false) {
      const std::string key = key_.text();
      auto reply = co_await ask_once(target, key);
      if (reply.has_error()) co_return about(asked.path, reply.error());
      const auto served_at = hear_time(*reply);
      if (may_renew && is_refusal(reply->status) && has_other_key(key)) continue;
      take_key_out(*reply);
      auto fault = meaning(*reply, asked);
      if (fault && is_refusal(reply->status) && !key_.problem().empty()) {
        fault->context += "; api.api_key_file cannot be used: " + key_.problem();
      }
      if (fault) co_return about(asked.path, std::move(*fault));
      remember_success();
      co_return good_answer{std::move(reply->body), served_at};
    }
  }

  asio::awaitable<result<http_reply>> ask_once(const std::string& target, const std::string& key) {
    const auto begun = steady_now();
    auto reply = co_await client_.get(target, key);
    log_asked(target, reply, steady_now() - begun);
    co_return std::move(reply);
  }

  void log_asked(const std::string& target, const result<http_reply>& reply, steady_span took) {
    if (!log_.debug_enabled()) return;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    const std::string outcome = reply ? std::to_string(reply->status) : std::string(name(reply.error().code));
    const std::size_t bytes = reply ? reply->body.size() : 0;
    log_.debug("asked the API", {{"target", target}, {"outcome", outcome}, {"bytes", bytes}, {"ms", std::int64_t{ms}}});
  }

  /// When the answer was handed over. The later of two that cannot both be right: what it holds is not to be called too
  /// new by a clock that is wrong.
  utc_time hear_time(const http_reply& reply) {
    const auto said = parse_answer_time(reply.date, reply.age, clock_.now());
    if (!said) return clock_.now();
    clock_.see({*said, clock_.run_at(reply.sent), clock_.run_at(reply.answered)});
    const auto known = clock_.read();
    if (known.standing == clock_standing::refused) return std::max(*said, known.now);
    return std::chrono::abs(*said - known.now) > believable ? known.now : *said;
  }

  /// The key was refused: another may stand in its file by now, or another request has found it.
  bool has_other_key(const std::string& refused) {
    if (key_.text() != refused) return true;
    if (!key_.renew()) return false;
    memory_.known_good = false;
    log_.info("the API key was refused; its file holds another one, which is used from now on");
    return true;
  }

  std::optional<error> meaning(const http_reply& reply, const question& asked) const {
    reply_circumstances around{standing(), asked.start, clock_.now(), {}};
    if (reply.status >= 400 && kind_of(reply) == body_kind::json)
      around.server_text = secrets_.clean(readers_.error_text(reply.body));
    return classify(reply, around);
  }

  [[nodiscard]] key_standing standing() const {
    if (key_.empty()) return key_standing::anonymous;
    return memory_.known_good ? key_standing::known_good : key_standing::never_worked;
  }

  // An optional-key route still refuses a bad key, so any 200 vouches for it (api.md §1).
  void remember_success() {
    if (memory_.known_good || key_.empty()) return;
    memory_.known_good = true;
    if (memory_.on_good) memory_.on_good();
  }

  [[nodiscard]] error about(const std::string& path, error what) const {
    if (what.code == errc::stopped) return what;
    what.context = secrets_.clean("GET " + path + ": " + what.context);
    return what;
  }

  // A server or proxy that repeats our headers in its answer must not bring the key into a log. classify() cuts: a key
  // that is cut in half would not be found any more.
  void take_key_out(http_reply& reply) const {
    reply.reason = secrets_.clean(std::move(reply.reason));
    reply.location = secrets_.clean(std::move(reply.location));
  }

  base_url base_;
  api_key& key_;
  const redactor& secrets_;
  http_client client_;
  body_readers readers_;
  key_memory memory_;
  time_source& clock_;
  logger& log_;
};

}  // namespace

std::unique_ptr<source> make_rest_source(const fetch_settings& settings, body_readers readers, key_memory memory,
                                         source_surroundings around) {
  return std::make_unique<rest_source>(settings, readers, std::move(memory), around);
}

}  // namespace oes
