#include "fetch/exchange.hpp"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <limits>
#include <optional>

#include "async/clock.hpp"
#include "async/stream_deadline.hpp"
#include "fetch/async_result.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using parser_type = http::response_parser<sink_body>;

constexpr std::size_t read_step = 64UL * 1024;  // Beast reads no more at a time
constexpr int most_interim_answers = 8;         // 1xx before the real one

error fault_of(const boost::system::error_code& ec, const char* step) {
  if (ec == asio::error::operation_aborted) return {errc::stopped, "stopped"};
  if (ec == beast::error::timeout) return {errc::timed_out, std::string(step) + ": not in time"};
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
    return {errc::too_large, "the answer's header is larger than allowed"};
  }
  if (ec == http::error::body_limit) return {errc::too_large, "the body is larger than allowed"};
  if (ec == http::error::partial_message || ec == http::error::end_of_stream || ec == asio::error::eof ||
      ec == asio::ssl::error::stream_truncated) {
    return {errc::network_error, std::string(step) + ": the connection was closed too early"};
  }
  return {errc::network_error, std::string(step) + ": " + ec.message()};
}

/// The parser of one answer, with the place its body goes to.
class answer_reader {
 public:
  explicit answer_reader(const exchange_limits& limits) : limits_(limits), sink_(limits.body) { restart(); }
  void restart() {
    parser_.emplace();
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    parser_->header_limit(static_cast<std::uint32_t>(std::min(limits_.header, most)));
    parser_->body_limit(limits_.body.plain);
    parser_->get().body() = &sink_;
  }
  parser_type& parser() { return *parser_; }
  [[nodiscard]] bool is_interim() const { return parser_->get().result_int() / 100 == 1; }
  [[nodiscard]] error fault(const boost::system::error_code& ec) const {
    error out = sink_.fault().value_or(fault_of(ec, "read the answer"));
    if (parser_->is_header_done()) out.http_status = static_cast<int>(parser_->get().result_int());
    return out;
  }
  http_reply take() {
    const auto& head = parser_->get();
    http_reply out;
    out.status = static_cast<int>(head.result_int());
    out.reason = std::string(head.reason());
    out.content_type = std::string(head[http::field::content_type]);
    out.location = std::string(head[http::field::location]);
    out.retry_after = std::string(head[http::field::retry_after]);
    out.date = std::string(head[http::field::date]);
    out.age = std::string(head[http::field::age]);
    out.body = sink_.take();
    return out;
  }

 private:
  exchange_limits limits_;
  body_sink sink_;
  std::optional<parser_type> parser_;
};

/// Data that is always there already completes each read before a timer or a cancellation can end it: asked in between.
boost::system::error_code reason_to_end(const asio::cancellation_state& state, time_limit complete_by) {
  if (state.cancelled() != asio::cancellation_type::none) return asio::error::operation_aborted;
  if (steady_now() >= complete_by) return beast::error::timeout;
  return {};
}

template <class Stream>
asio::awaitable<boost::system::error_code> read_answer(Stream& stream, beast::flat_buffer& buffer,
                                                       answer_reader& answer, time_limit complete_by) {
  for (int interim = 0; interim < most_interim_answers; ++interim) {
    const auto [ec, size] = co_await http::async_read_header(stream, buffer, answer.parser(), as_result);
    if (ec) co_return ec;
    if (!answer.is_interim()) break;
    answer.restart();
  }
  answer.parser().eager(true);
  while (!answer.parser().is_done()) {
    const auto state = co_await asio::this_coro::cancellation_state;
    const auto end = reason_to_end(state, complete_by);
    if (end) co_return end;
    const auto [ec, size] = co_await http::async_read_some(stream, buffer, answer.parser(), as_result);
    if (ec) co_return ec;
  }
  co_return boost::system::error_code();
}

template <class Stream>
asio::awaitable<exchange_outcome> run(Stream& stream, plain_stream& transport, std::string request,
                                      exchange_limits limits) {
  exchange_outcome out;
  end_by(transport, std::min(limits.first_byte_by, limits.complete_by));
  const auto text = asio::buffer(request);
  const auto sent = steady_now();
  const auto [write_ec, written] = co_await asio::async_write(stream, text, as_result);
  if (write_ec) {
    out.reply = fault_of(write_ec, "send the request");
    co_return out;
  }
  beast::flat_buffer buffer(std::max(limits.header, read_step) + read_step);
  const auto room = buffer.prepare(read_step);
  const auto [first_ec, first_size] = co_await stream.async_read_some(room, as_result);
  if (first_ec) {
    out.reply = fault_of(first_ec, "wait for the answer");
    co_return out;
  }
  buffer.commit(first_size);
  out.answer_begun = true;
  const auto answered = steady_now();
  end_by(transport, limits.complete_by);
  answer_reader answer(limits);
  const auto ec = co_await read_answer(stream, buffer, answer, limits.complete_by);
  if (ec) {
    out.reply = answer.fault(ec);
    co_return out;
  }
  // Bytes after the answer belong to nothing that was asked.
  out.reusable = answer.parser().keep_alive() && buffer.size() == 0;
  transport.expires_never();
  auto reply = answer.take();
  reply.sent = sent;
  reply.answered = answered;
  out.reply = std::move(reply);
  co_return out;
}

}  // namespace

// No coroutine of its own: the two it returns own their arguments.
asio::awaitable<exchange_outcome> exchange(connection& open, std::string request, exchange_limits limits) {
  auto& transport = open.transport();
  if (auto* const tls = std::get_if<tls_stream>(&open.stream)) return run(*tls, transport, std::move(request), limits);
  return run(std::get<plain_stream>(open.stream), transport, std::move(request), limits);
}

}  // namespace oes
