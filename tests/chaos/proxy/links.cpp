#include "chaos/proxy/links.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace oes::chaos {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t largest_frame = 256UL * 1024 * 1024;
constexpr int end_txn = 26;
// Length, ApiKey, version, correlation id; then the client.id with a length of two bytes.
constexpr std::size_t before_client_id = 12;

std::size_t number_at(const std::string& bytes, std::size_t at, std::size_t size) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes.at(at + i));
  return value;
}

std::string client_id_of(const std::string& frame) {
  if (frame.size() < before_client_id + 2) return {};
  const auto size = number_at(frame, before_client_id, 2);
  return frame.size() < before_client_id + 2 + size ? std::string() : frame.substr(before_client_id + 2, size);
}

/// A frame with its length in front; empty at the end of the connection.
awaitable<std::string> read_frame(tcp::socket& from) {
  std::string frame(4, '\0');
  error_code failed;
  co_await asio::async_read(from, asio::buffer(frame), asio::redirect_error(asio::use_awaitable, failed));
  if (failed) co_return std::string();
  const std::size_t size = number_at(frame, 0, 4);
  if (size > largest_frame) co_return std::string();
  frame.resize(4 + size);
  auto body = asio::buffer(&frame[4], size);
  co_await asio::async_read(from, body, asio::redirect_error(asio::use_awaitable, failed));
  co_return failed ? std::string() : frame;
}

awaitable<bool> write_to(tcp::socket& to, const std::string& bytes) {
  error_code failed;
  co_await asio::async_write(to, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failed));
  co_return !failed;
}

void close(tcp::socket& socket) {
  error_code ignored;
  socket.shutdown(tcp::socket::shutdown_both, ignored);
  socket.close(ignored);
}

void reset(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

void cut(const link_ptr& on) {
  on->cut = true;
  close(on->client);
}

}  // namespace

awaitable<void> proxy::listen(int node, std::uint16_t port, std::uint16_t target) {
  tcp::acceptor acceptor(io_, tcp::endpoint(asio::ip::address_v4::loopback(), port));
  for (;;) {
    auto made = std::make_shared<link>(io_, node);
    error_code failed;
    co_await acceptor.async_accept(made->client, asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return;
    links_.push_back(made);
    asio::co_spawn(io_, serve(made, target), [this, made](const std::exception_ptr&) { links_.remove(made); });
  }
}

awaitable<void> proxy::serve(link_ptr on, std::uint16_t target) {
  const tcp::endpoint broker(asio::ip::address_v4::loopback(), target);
  error_code failed;
  co_await on->broker.async_connect(broker, asio::redirect_error(asio::use_awaitable, failed));
  if (failed) {
    reset(on->client);
    co_return;
  }
  error_code ignored;
  on->client.set_option(tcp::no_delay(true), ignored);
  on->broker.set_option(tcp::no_delay(true), ignored);
  asio::co_spawn(io_, answers_of(on), asio::detached);
  co_await requests_of(on);
}

awaitable<void> proxy::requests_of(link_ptr on) {
  for (;;) {
    std::string frame = co_await read_frame(on->client);
    if (frame.size() < before_client_id) break;
    if (on->client_id.empty()) on->client_id = client_id_of(frame);
    if (book_.refused(on->client_id, on->node, clock::now())) break;
    co_await hold_back(on, frame.size());
    const auto rule = book_.rule_for(on->client_id, on->node, static_cast<int>(number_at(frame, 4, 2)));
    bool goes_on = false;
    if (rule) {
      goes_on = co_await treat(on, std::move(frame), *rule);
    } else {
      goes_on = co_await write_to(on->broker, frame);
    }
    if (!goes_on) break;
  }
  if (on->cut) co_return;
  close(on->broker);
  close(on->client);
}

/// false: the client has been cut off.
awaitable<bool> proxy::treat(link_ptr on, std::string frame, rule_order rule) {
  tell_("treated " + rule.id);
  switch (rule.action) {
    case rule_action::hold:
      cut(on);
      held_.push_back({rule.id, on, std::move(frame)});
      tell_("held " + rule.id);
      if (rule.span.count() > 0) asio::co_spawn(io_, release_later(rule.id, rule.span), asio::detached);
      co_return false;
    case rule_action::drop:
      cut(on);
      close(on->broker);
      co_return false;
    case rule_action::lose_answer: {
      cut(on);
      const bool sent = co_await write_to(on->broker, frame);
      static_cast<void>(sent);
      co_return false;
    }
    case rule_action::delay:
      co_await pause(rule.span);
      break;
    case rule_action::release:
      co_await release(rule.releases);
      co_await pause(milliseconds(300));  // the broker is to be through with it before this request arrives
      break;
  }
  const bool sent = co_await write_to(on->broker, frame);
  co_return sent;
}

awaitable<void> proxy::answers_of(link_ptr on) {
  std::string bytes(64UL * 1024, '\0');
  for (;;) {
    error_code failed;
    const auto size =
        co_await on->broker.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failed));
    if (failed) break;
    if (on->cut) continue;
    co_await hold_back(on, size);
    const auto chunk = bytes.substr(0, size);
    const bool sent = co_await write_to(on->client, chunk);
    if (!sent && !on->cut) break;
  }
  close(on->broker);
  if (!on->cut) close(on->client);
}

awaitable<void> proxy::hold_back(link_ptr on, std::size_t bytes) {
  const auto wait = book_.wait_of(on->client_id, on->node, bytes, clock::now());
  if (wait.count() > 0) co_await pause(wait);
  while (book_.silent(on->client_id, on->node, clock::now())) co_await pause(milliseconds(20));
}

awaitable<void> proxy::pause(milliseconds span) {
  asio::steady_timer timer(io_, span);
  error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

awaitable<void> proxy::release_later(std::string id, milliseconds span) {
  co_await pause(span);
  co_await release(id);
}

awaitable<void> proxy::release(std::string id) {
  std::vector<held_request> now;
  for (auto& request : held_) {
    if (request.id == id) now.push_back(std::move(request));
  }
  std::erase_if(held_, [&](const held_request& request) { return request.id == id; });
  for (auto& request : now) {
    const bool sent = co_await write_to(request.on->broker, request.frame);
    tell_((sent ? "released " : "too-late ") + id);
  }
}

/// Versions 0–2 of EndTxn: the body's last byte is `committed`.
void proxy::abort_held(const std::string& id) {
  for (auto& request : held_) {
    if (request.id == id && number_at(request.frame, 4, 2) == end_txn) request.frame.back() = '\0';
  }
}

void proxy::close_matching(const target& whom, bool with_reset) {
  for (const auto& on : links_) {
    if (on->cut || !whom.covers(on->client_id, on->node)) continue;
    with_reset ? reset(on->client) : close(on->client);
    close(on->broker);
  }
}

bool proxy::obey(const std::string& line) {
  const auto now = clock::now();
  const auto order = parse(line, now);
  if (!order) return false;
  book_.forget_over(now);
  if (order->link || order->rule) {
    book_.add(*order);
  } else if (order->verb == "cut" || order->verb == "reset") {
    close_matching(order->whom, order->verb == "reset");
  } else if (order->verb == "release") {
    asio::co_spawn(io_, release(order->id), asio::detached);
  } else if (order->verb == "abort") {
    abort_held(order->id);
  } else if (order->verb == "clear") {
    book_.clear(order->id);
  } else {
    return false;
  }
  return true;
}

}  // namespace oes::chaos
