#include "telemetry/http_session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <exception>
#include <optional>

#include "async/stream_deadline.hpp"
#include "telemetry/http_routes.hpp"
#include "telemetry/status_page.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using request_parser = http::request_parser<http::empty_body>;
using response = http::response<http::string_body>;

constexpr std::chrono::seconds first_request_deadline{2};
constexpr std::chrono::seconds next_request_deadline{10};  // how long an idle connection is kept
constexpr std::chrono::seconds write_deadline{10};
constexpr std::size_t header_limit = 8192;

http_answer refusal(unsigned status, const std::string& reason) {
  return {status, "text/plain; charset=utf-8", reason + "\n"};
}

// nullopt: nobody is there to read an answer.
std::optional<http_answer> answer_to_bad_request(const error_code& failed) {
  if (failed == http::error::header_limit || failed == http::error::buffer_overflow) {
    return refusal(431, "the request's header is too large");
  }
  if (failed.category() != error_code(http::error::bad_method).category()) return std::nullopt;
  if (failed == http::error::end_of_stream || failed == http::error::partial_message) return std::nullopt;
  return refusal(400, "not a request that can be understood");
}

http_answer answer_to(const request_parser::value_type& request, const http_site& site) {
  try {
    // Two of them: nobody knows which one a proxy in between went by.
    const bool one_host = request.count(http::field::host) <= 1;
    const std::string_view host = one_host ? std::string_view(request[http::field::host]) : "?";
    return answer_http({request.method_string(), request.target(), host}, site.hosts, site.numbers, site.status);
  } catch (const std::exception& fault) {
    site.log.error("a status request failed", {{"target", std::string(request.target())}, {"reason", fault.what()}});
    return refusal(500, "internal error");
  }
}

// Headers that keep a browser from running or loading anything but the page itself.
void restrict(response& message) {
  message.set(http::field::cache_control, "no-store");
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Content-Security-Policy", status_page_policy());
}

enum class after { keep, close };

response to_message(http_answer answer, unsigned version, bool head, after then) {
  response message(static_cast<http::status>(answer.status), version);
  message.set(http::field::content_type, answer.content_type);
  if (answer.status == 405) message.set(http::field::allow, "GET, HEAD");
  restrict(message);
  message.keep_alive(then == after::keep);
  message.content_length(answer.body.size());
  if (!head) message.body() = std::move(answer.body);
  return message;
}

asio::awaitable<bool> send(beast::tcp_stream& stream, response message) {
  const bool keep = message.keep_alive();
  end_by(stream, steady_after(write_deadline));
  const auto [failed, sent] = co_await http::async_write(stream, message, asio::as_tuple(asio::use_awaitable));
  static_cast<void>(sent);
  co_return !failed && keep;
}

// Reads one request and answers it; false when the connection has to end.
asio::awaitable<bool> serve_one(beast::tcp_stream& stream, beast::flat_static_buffer<header_limit>& buffer,
                                std::chrono::seconds patience, seating::seat& seat, const http_site& site) {
  request_parser parser;
  parser.header_limit(header_limit);
  parser.body_limit(boost::none);  // no body is read, so its stated length is no reason to refuse
  end_by(stream, steady_after(patience));
  seat.waits();
  const auto [failed, got] =
      co_await http::async_read_header(stream, buffer, parser, asio::as_tuple(asio::use_awaitable));
  static_cast<void>(got);
  seat.is_served();
  if (failed) {
    auto answer = answer_to_bad_request(failed);
    if (!answer) co_return false;
    auto message = to_message(std::move(*answer), 11, false, after::close);
    const bool kept = co_await send(stream, std::move(message));
    co_return kept;
  }
  const auto& request = parser.get();
  const auto then = parser.is_done() && request.keep_alive() ? after::keep : after::close;
  auto message = to_message(answer_to(request, site), request.version(), request.method() == http::verb::head, then);
  const bool kept = co_await send(stream, std::move(message));
  co_return kept;
}

}  // namespace

asio::awaitable<void> serve_connection(asio::ip::tcp::socket socket, const http_site& site) {
  const auto stop = co_await asio::this_coro::cancellation_state;
  error_code gone;
  const auto peer = socket.remote_endpoint(gone).address();
  if (gone) co_return;
  beast::tcp_stream stream(std::move(socket));
  auto seat = site.seats.take(peer, [&stream] { stream.close(); });
  beast::flat_static_buffer<header_limit> buffer;
  auto patience = first_request_deadline;
  while (stop.cancelled() == asio::cancellation_type::none) {
    const bool kept = co_await serve_one(stream, buffer, patience, seat, site);
    if (!kept) break;
    patience = next_request_deadline;
  }
  error_code ignored;
  stream.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
}

}  // namespace oes
