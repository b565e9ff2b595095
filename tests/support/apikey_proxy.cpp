#include "support/apikey_proxy.hpp"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <future>
#include <list>
#include <map>
#include <thread>

namespace oes::kafka_test {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t largest_frame = 256UL * 1024 * 1024;

std::uint32_t number_at(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes.at(at + i));
  return value;
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

awaitable<bool> write_frame(tcp::socket& to, const std::string& frame) {
  error_code failed;
  co_await asio::async_write(to, asio::buffer(frame), asio::redirect_error(asio::use_awaitable, failed));
  co_return !failed;
}

void close(tcp::socket& socket) {
  error_code ignored;
  socket.shutdown(tcp::socket::shutdown_both, ignored);
  socket.close(ignored);
}

/// One client connection and its connection to the broker.
struct link {
  explicit link(asio::io_context& io) : client(io), broker(io) {}
  tcp::socket client;
  tcp::socket broker;
  bool cut = false;                   ///< the client is gone, the broker's side lives on
  std::deque<std::int32_t> released;  ///< correlation ids whose answers are recorded
  std::map<std::int32_t, std::chrono::milliseconds> delays;
};
using link_ptr = std::shared_ptr<link>;  // shared by its two pumps and by held requests

struct held_request {
  link_ptr on;
  std::string frame;
};

}  // namespace

struct apikey_proxy::machinery {
  machinery(std::uint16_t listen_port, std::uint16_t target_port)
      : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), listen_port)),
        target(asio::ip::address_v4::loopback(), target_port) {
    asio::co_spawn(io, accept(), [](const std::exception_ptr&) {});
    thread = std::thread([this] { io.run(); });
  }
  ~machinery() {
    io.stop();
    thread.join();
  }
  machinery(const machinery&) = delete;
  machinery& operator=(const machinery&) = delete;

  /// Runs on the proxy's thread, where all of the state lives, and waits for it.
  template <class Work>
  auto on_thread(Work work) {
    std::packaged_task<decltype(work())()> task(std::move(work));
    auto done = task.get_future();
    asio::post(io, std::move(task));
    return done.get();
  }

  awaitable<void> accept() {
    for (;;) {
      auto made = std::make_shared<link>(io);
      error_code failed;
      co_await acceptor.async_accept(made->client, asio::redirect_error(asio::use_awaitable, failed));
      if (failed) co_return;
      links.push_back(made);
      asio::co_spawn(io, serve(made), [this, made](const std::exception_ptr&) { links.remove(made); });
    }
  }

  awaitable<void> serve(link_ptr on) {
    error_code failed;
    co_await on->broker.async_connect(target, asio::redirect_error(asio::use_awaitable, failed));
    if (failed) {
      close(on->client);
      co_return;
    }
    on->client.set_option(tcp::no_delay(true));
    on->broker.set_option(tcp::no_delay(true));
    asio::co_spawn(io, answers(on), [](const std::exception_ptr&) {});
    co_await requests_of(on);
  }

  awaitable<void> requests_of(link_ptr on) {
    for (;;) {
      std::string frame = co_await read_frame(on->client);
      if (frame.size() < 12) break;
      co_await wait_while_silent();
      const bool goes_on = co_await treat(on, std::move(frame));
      if (!goes_on) co_return;
    }
    if (!on->cut) close(on->broker);
  }

  /// false: the client has been cut off.
  awaitable<bool> treat(link_ptr on, std::string frame) {
    const auto key = static_cast<std::int16_t>(number_at(frame, 4, 2));
    ++seen[key];
    if (key == api_key::end_txn) end_txn_seen.push_back({frame.back() != '\0'});
    const proxy_rule* rule = due(key);
    if (rule == nullptr) {
      const bool sent = co_await write_frame(on->broker, frame);
      co_return sent;
    }
    const proxy_rule now = *rule;
    switch (now.what) {
      case proxy_action::hold:
        cut(on);
        held.push_back({on, std::move(frame)});
        co_return false;
      case proxy_action::drop:
        cut(on);
        close(on->broker);
        co_return false;
      case proxy_action::lose_answer: {
        cut(on);
        const bool sent = co_await write_frame(on->broker, frame);
        static_cast<void>(sent);
        co_return false;
      }
      case proxy_action::delay_answer:
        on->delays[correlation(frame, 8)] = now.delay;
        break;
      case proxy_action::release_before:
        co_await release_and_wait();
        break;
    }
    const bool sent = co_await write_frame(on->broker, frame);
    co_return sent;
  }

  awaitable<void> answers(link_ptr on) {
    for (;;) {
      const std::string frame = co_await read_frame(on->broker);
      if (frame.size() < 8) break;
      co_await wait_while_silent();
      const auto id = correlation(frame, 4);
      if (!on->released.empty() && on->released.front() == id) {
        on->released.pop_front();
        released_answers.push_back(frame.substr(8));
      }
      if (const auto delay = on->delays.find(id); delay != on->delays.end()) {
        co_await pause(delay->second);
        on->delays.erase(id);
      }
      if (on->cut) continue;
      const bool sent = co_await write_frame(on->client, frame);
      if (!sent) break;
    }
    close(on->broker);
    if (!on->cut) close(on->client);
  }

  static std::int32_t correlation(const std::string& frame, std::size_t at) {
    return static_cast<std::int32_t>(number_at(frame, at, 4));
  }

  const proxy_rule* due(std::int16_t key) {
    for (auto& rule : rules) {
      if (rule.key != key || rule.times == 0) continue;
      if (rule.skip > 0) {
        --rule.skip;
        continue;
      }
      --rule.times;
      return &rule;
    }
    return nullptr;
  }

  static void cut(const link_ptr& on) {
    on->cut = true;
    close(on->client);
  }

  awaitable<void> pause(std::chrono::milliseconds span) {
    asio::steady_timer timer(io, span);
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  awaitable<void> wait_while_silent() {
    while (silent) co_await pause(std::chrono::milliseconds(10));
  }

  awaitable<void> release_all() {
    auto now = std::move(held);
    held.clear();
    for (auto& request : now) {
      request.on->released.push_back(correlation(request.frame, 8));
      const bool sent = co_await write_frame(request.on->broker, request.frame);
      static_cast<void>(sent);
    }
  }

  /// Bounded: a broker that closes instead of answering must not hold up the test.
  awaitable<void> release_and_wait() {
    const auto expected = released_answers.size() + held.size();
    co_await release_all();
    for (int i = 0; i < 300 && released_answers.size() < expected; ++i) co_await pause(std::chrono::milliseconds(10));
  }

  asio::io_context io{1};
  tcp::acceptor acceptor;
  tcp::endpoint target;
  std::list<link_ptr> links;
  std::list<proxy_rule> rules;
  std::vector<held_request> held;
  std::map<std::int16_t, int> seen;
  std::vector<seen_end_txn> end_txn_seen;
  std::vector<std::string> released_answers;
  bool silent = false;
  std::thread thread;
};

apikey_proxy::apikey_proxy(std::uint16_t listen_port, std::uint16_t target_port)
    : machinery_(std::make_unique<machinery>(listen_port, target_port)) {}
apikey_proxy::~apikey_proxy() = default;

void apikey_proxy::add(proxy_rule rule) {
  machinery_->on_thread([this, rule] { machinery_->rules.push_back(rule); });
}
void apikey_proxy::clear_rules() {
  machinery_->on_thread([this] { machinery_->rules.clear(); });
}
void apikey_proxy::release() {
  machinery_->on_thread(
      [this] { asio::co_spawn(machinery_->io, machinery_->release_all(), [](const std::exception_ptr&) {}); });
}
void apikey_proxy::turn_held_into_aborts() {
  machinery_->on_thread([this] {
    for (auto& request : machinery_->held) {
      if (number_at(request.frame, 4, 2) == api_key::end_txn) request.frame.back() = '\0';
    }
  });
}
void apikey_proxy::silence(bool on) {
  machinery_->on_thread([this, on] { machinery_->silent = on; });
}
void apikey_proxy::cut_all() {
  machinery_->on_thread([this] {
    for (const auto& one : machinery_->links) {
      close(one->client);
      close(one->broker);
    }
  });
}
int apikey_proxy::held() const {
  return machinery_->on_thread([this] { return static_cast<int>(machinery_->held.size()); });
}
int apikey_proxy::requests(std::int16_t key) const {
  return machinery_->on_thread([this, key] { return machinery_->seen[key]; });
}
std::vector<seen_end_txn> apikey_proxy::end_txns() const {
  return machinery_->on_thread([this] { return machinery_->end_txn_seen; });
}
std::vector<std::string> apikey_proxy::answers_to_released() const {
  return machinery_->on_thread([this] { return machinery_->released_answers; });
}
bool apikey_proxy::wait_for_answers(std::size_t count, std::chrono::milliseconds timeout) const {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (answers_to_released().size() < count) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

int error_code_of(const std::string& answer) { return static_cast<std::int16_t>(number_at(answer, 4, 2)); }

}  // namespace oes::kafka_test
