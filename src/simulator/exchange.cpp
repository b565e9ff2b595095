#include "simulator/exchange.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/status.hpp>

#include "async/clock.hpp"
#include "simulator/control.hpp"
#include "simulator/envelope.hpp"
#include "simulator/json_text.hpp"
#include "simulator/mutilation.hpp"
#include "simulator/oracle.hpp"

namespace oes::sim {
namespace {

namespace asio = boost::asio;

// Coroutines that run on the pool; what they refer to outlives it.
asio::awaitable<series_outcome> read_on_pool(const world& w, const realism& how, series_job job) {
  co_return read_series(w, how, job);
}

asio::awaitable<std::shared_ptr<const std::string>> compress_on_pool(std::shared_ptr<const std::string> body) {
  co_return std::make_shared<const std::string>(gzipped(*body));
}

asio::awaitable<std::shared_ptr<const std::string>> bomb_on_pool() {
  co_return std::make_shared<const std::string>(gzip_bomb());
}

asio::awaitable<std::variant<std::string, bad_question>> history_on_pool(const world& w, const realism& how,
                                                                         target asked) {
  co_return point_history(w, how, asked);
}

// Faults that answer in the API's place.
std::optional<reply> instead_of_the_api(const fault& f) {
  switch (f.kind) {
    case fault_kind::status:
      return plain_reply(f.status, error_body(f.message.empty() ? "Simulated fault" : f.message));
    case fault_kind::maintenance:
      return plain_reply(503, error_body("Maintenance Mode"));
    case fault_kind::unauthorized:
      return plain_reply(401, error_body("Authentication failed"));
    case fault_kind::ratelimit: {
      auto r = plain_reply(429, error_body("Rate limit exceeded"));
      r.headers.emplace_back("retry-after", std::to_string(f.seconds));
      return r;
    }
    case fault_kind::html: {
      auto r = plain_reply(502, proxy_page());
      r.headers.emplace_back("content-type", "text/html");
      return r;
    }
    case fault_kind::reset:
      return plain_reply(500, "");
    case fault_kind::delay:
    case fault_kind::drip:
    case fault_kind::cut:
    case fault_kind::badjson:
    case fault_kind::nan:
    case fault_kind::wrongshape:
    case fault_kind::gzip_bomb:
    case fault_kind::ahead:
    case fault_kind::early:
    case fault_kind::off_grid:
    case fault_kind::repeated:
    case fault_kind::no_series:
    case fault_kind::no_labels:
    case fault_kind::no_metric:
    case fault_kind::odd_label:
    case fault_kind::huge_label:
    case fault_kind::odd_me:
    case fault_kind::wrong_date:
    case fault_kind::old_date:
      return std::nullopt;
  }
  return std::nullopt;
}

// Faults that spoil a good answer's body.
void spoil(reply& r, const fault& f) {
  if (f.kind == fault_kind::badjson || f.kind == fault_kind::gzip_bomb) {
    r.body = std::make_shared<const std::string>(without_end(*r.body));
  } else if (f.kind == fault_kind::nan) {
    r.body = std::make_shared<const std::string>(with_nan(*r.body));
  } else if (f.kind == fault_kind::wrongshape) {
    r.body = std::make_shared<const std::string>(wrong_shape());
  } else if (f.kind == fault_kind::odd_me) {
    r.body = std::make_shared<const std::string>(odd_account(f.salt));
  }
}

// Date is the API's clock (RFC 9110 §6.6.1), Age what a cache on the way says of how old its answer is (RFC 9111 §5.1).
void date(reply& r, utc_time now, const std::optional<fault>& broken) {
  std::chrono::seconds off{0};
  if (broken && broken->kind == fault_kind::wrong_date) off = std::chrono::seconds(broken->seconds);
  if (broken && broken->kind == fault_kind::old_date) {
    off = -std::chrono::seconds(broken->seconds);
    r.headers.emplace_back("age", std::to_string(broken->seconds));
  }
  r.headers.emplace_back("date", http_date(now + off));
}

bool is_about_series(fault_kind kind) {
  return is_lie(kind) && kind != fault_kind::odd_me && kind != fault_kind::wrong_date && kind != fault_kind::old_date;
}

bool leaves_whole(fault_kind kind) { return kind == fault_kind::delay || kind == fault_kind::drip || is_lie(kind); }

bool is_control(const std::string& target) { return target.starts_with("/_sim/"); }

std::string head_of(const reply& r, std::size_t length, bool gzip, bool close) {
  const auto phrase = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(r.status));
  std::string head = "HTTP/1.1 " + std::to_string(r.status) + " " + std::string(phrase) + "\r\n";
  head += "content-length: " + std::to_string(length) + "\r\n";
  bool typed = false;
  for (const auto& [name, value] : r.headers) {
    typed = typed || name == "content-type";
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (!typed && length > 0) head += "content-type: application/json\r\n";
  if (gzip) head += "content-encoding: gzip\r\n";
  if (close) head += "connection: close\r\n";
  return head + "\r\n";
}

}  // namespace

asio::awaitable<reply> exchange_desk::ask_api(question asked, std::optional<fault> broken) {
  const bool lied = broken && is_about_series(broken->kind);
  if (lied) asked.cache_control = "no-store";
  auto decision = api_.decide(asked);
  if (auto* ready = std::get_if<reply>(&decision)) co_return std::move(*ready);
  auto job = std::get<series_job>(decision);
  if (lied) job.told = lie{broken->kind, std::chrono::seconds(broken->seconds), broken->salt};
  auto reading = read_on_pool(api_.what(), api_.how(), job);
  const auto outcome = co_await asio::co_spawn(pool_, std::move(reading), asio::use_awaitable);
  co_return api_.finish(job, outcome);
}

asio::awaitable<reply> exchange_desk::ask_control(const incoming& request) {
  auto asked = parse_target(request.asked.target);
  if (asked.path != "/_sim/oracle/values") {
    co_return control_reply(request.asked, request.body, api_, faults_, served_);
  }
  auto reading = history_on_pool(api_.what(), api_.how(), std::move(asked));
  const auto history = co_await asio::co_spawn(pool_, std::move(reading), asio::use_awaitable);
  if (const auto* bad = std::get_if<bad_question>(&history)) {
    co_return plain_reply(400, R"({"error":)" + json_string(bad->text) + "}");
  }
  co_return plain_reply(200, std::get<std::string>(history));
}

asio::awaitable<outgoing> exchange_desk::pack(const incoming& request, reply r, std::optional<fault> broken) {
  const bool good = r.status == 200;
  if (broken && good) spoil(r, *broken);
  if (!is_control(request.asked.target)) date(r, api_.date(), broken);
  outgoing out;
  out.body = r.body;
  bool gzip = false;
  if (broken && good && broken->kind == fault_kind::gzip_bomb && request.accepts_gzip) {
    auto making = bomb_on_pool();
    out.body = co_await asio::co_spawn(pool_, std::move(making), asio::use_awaitable);
    gzip = true;
  } else if (gzip_ && request.accepts_gzip && r.body->size() > 500) {
    auto making = compress_on_pool(r.body);
    out.body = co_await asio::co_spawn(pool_, std::move(making), asio::use_awaitable);
    gzip = true;
  }
  const bool cut = broken && broken->kind == fault_kind::cut;
  out.send = cut ? out.body->size() / 2 : out.body->size();
  out.silent = broken && broken->kind == fault_kind::reset;
  out.close = cut || out.silent || !request.keep_alive;
  if (broken && broken->kind == fault_kind::drip) out.drip = std::chrono::seconds(broken->seconds);
  out.head = head_of(r, out.body->size(), gzip, out.close);
  if (is_control(request.asked.target)) co_return out;
  served_answer line{.at = api_.now(),
                     .real = wall_now(),
                     .as_of = r.as_of,
                     .request = request.asked.target,
                     .status = r.status,
                     .cache = r.cache,
                     .fault = broken ? std::string(name(broken->kind)) : std::string(),
                     .cut = broken && !leaves_whole(broken->kind),
                     .blocks = r.blocks,
                     .doubted = r.doubted};
  out.served_number = served_.write(line);
  co_return out;
}

asio::awaitable<void> exchange_desk::wait(std::chrono::seconds how_long) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, how_long);
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<reply> exchange_desk::reply_to(const incoming& request, std::optional<fault> broken) {
  if (is_control(request.asked.target)) {
    auto own = co_await ask_control(request);
    co_return own;
  }
  if (broken) {
    auto instead = instead_of_the_api(*broken);
    if (instead) co_return std::move(*instead);
    if (broken->kind == fault_kind::delay) co_await wait(std::chrono::seconds(broken->seconds));
  }
  auto r = co_await ask_api(request.asked, broken);
  co_return r;
}

asio::awaitable<outgoing> exchange_desk::answer(incoming request) {
  std::optional<fault> broken;
  if (!is_control(request.asked.target)) broken = faults_.next(request.asked.target, wall_now());
  auto r = co_await reply_to(request, broken);
  auto packed = co_await pack(request, std::move(r), broken);
  co_return packed;
}

}  // namespace oes::sim
