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

namespace oes {
namespace {

namespace asio = boost::asio;

/// What is asked, and what of it an error may say: the path without the query.
struct question {
  std::string path;
  std::string query;
  window_start start = window_start::elsewhere;
};

base_url usable_base(const fetch_settings& settings) {
  auto url = parse_base_url(settings.base_url);
  if (url.has_error()) throw failure(url.error());
  const auto& key = settings.api_key;
  if (!std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; })) {
    throw failure(error{errc::bad_config, "api_key holds a blank or a control character", {}, 0});
  }
  return std::move(*url);
}

class rest_source final : public source {
 public:
  rest_source(const fetch_settings& settings, body_readers readers, key_memory key, time_source clock, logger& log)
      : base_(usable_base(settings)),
        api_key_(settings.api_key),
        client_(settings, base_),
        readers_(readers),
        key_(std::move(key)),
        clock_(clock),
        log_(log) {
    if (base_.scheme == url_scheme::http && !api_key_.empty() && !is_loopback(base_)) {
      log_.warn("The API key travels unencrypted: base_url is http", {{"host", base_.host}});
    }
  }

  asio::awaitable<result<raw_answer>> fetch(fetch_request request) override {
    question asked{base_.path + request_path(request.identity), request_query(request),
                   where_it_starts(request, clock_.now())};
    auto body = co_await ask(std::move(asked));
    if (body.has_error()) co_return body.error();
    co_return raw_answer{std::move(*body), clock_.now()};
  }

  asio::awaitable<result<account>> fetch_account() override {
    question asked{base_.path + "/me", {}, window_start::elsewhere};
    if (api_key_.empty()) co_return error{errc::bad_key, "GET " + asked.path + ": no API key is configured", {}, 0};
    const std::string path = asked.path;
    auto body = co_await ask(std::move(asked));
    if (body.has_error()) co_return body.error();
    auto read = readers_.read_account(*body);
    if (read.has_error()) co_return about(path, read.error());
    co_return std::move(*read);
  }

  asio::awaitable<result<facility_list>> fetch_facilities() override {
    group_identity list;
    list.from = endpoint::facilities;
    question asked{base_.path + request_path(list), {}, window_start::elsewhere};
    const std::string path = asked.path;
    auto body = co_await ask(std::move(asked));
    if (body.has_error()) co_return body.error();
    auto read = readers_.read_facilities(std::move(*body));
    if (read.has_error()) co_return about(path, read.error());
    read->received_at = clock_.now();
    co_return std::move(*read);
  }

 private:
  /// The body of a usable 200, or what the answer means.
  asio::awaitable<result<std::string>> ask(question asked) {
    const std::string target = asked.query.empty() ? asked.path : asked.path + "?" + asked.query;
    const auto begun = steady_now();
    auto reply = co_await client_.get(target);
    log_asked(target, reply, steady_now() - begun);
    if (reply.has_error()) co_return about(asked.path, reply.error());
    auto fault = meaning(*reply, asked);
    if (fault) co_return about(asked.path, std::move(*fault));
    remember_success();
    co_return std::move(reply->body);
  }

  void log_asked(const std::string& target, const result<http_reply>& reply, steady_span took) {
    if (!log_.debug_enabled()) return;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    const std::string outcome = reply ? std::to_string(reply->status) : std::string(name(reply.error().code));
    const std::size_t bytes = reply ? reply->body.size() : 0;
    log_.debug("Asked the API", {{"target", target}, {"outcome", outcome}, {"bytes", bytes}, {"ms", std::int64_t{ms}}});
  }

  std::optional<error> meaning(const http_reply& reply, const question& asked) const {
    reply_circumstances around{standing(), asked.start, clock_.now(), {}};
    if (reply.status >= 400 && kind_of(reply) == body_kind::json) around.server_text = readers_.error_text(reply.body);
    return classify(reply, around);
  }

  [[nodiscard]] key_standing standing() const {
    if (api_key_.empty()) return key_standing::anonymous;
    return key_.known_good ? key_standing::known_good : key_standing::never_worked;
  }

  // An optional-key route still refuses a bad key, so any 200 vouches for it (api.md §1).
  void remember_success() {
    if (key_.known_good || api_key_.empty()) return;
    key_.known_good = true;
    if (key_.on_good) key_.on_good();
  }

  [[nodiscard]] error about(const std::string& path, error what) const {
    if (what.code == errc::stopped) return what;
    what.context = without_key("GET " + path + ": " + what.context);
    return what;
  }

  // A server or proxy that repeats our headers in its answer must not bring the key into a log.
  [[nodiscard]] std::string without_key(std::string text) const {
    if (api_key_.empty()) return text;
    for (auto at = text.find(api_key_); at != std::string::npos; at = text.find(api_key_, at)) {
      text.replace(at, api_key_.size(), "***");
      at += 3;
    }
    return text;
  }

  base_url base_;
  std::string api_key_;
  http_client client_;
  body_readers readers_;
  key_memory key_;
  time_source clock_;
  logger& log_;
};

}  // namespace

std::unique_ptr<source> make_rest_source(const fetch_settings& settings, body_readers readers, key_memory key,
                                         const asio::any_io_executor& /*loop*/, time_source clock, logger& log) {
  return std::make_unique<rest_source>(settings, readers, std::move(key), clock, log);
}

}  // namespace oes
