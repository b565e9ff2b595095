#include "fetch/resolve.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include "fetch/async_result.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Shared by the waiting coroutine and the thread that looks up: the thread may outlive the wait and even the loop,
/// because getaddrinfo cannot be cancelled (Asio's own async_resolve holds up io_context's end for the same reason).
struct lookup_wait {
  std::mutex mutex;
  asio::steady_timer* waiter = nullptr;  ///< in the coroutine's frame; null: nobody waits any more
  bool done = false;
  endpoints found;
  boost::system::error_code ec;
};

/// Leaves the wait on every way out of the coroutine, also when its frame is destroyed.
class wait_guard {
 public:
  explicit wait_guard(lookup_wait& wait) : wait_(wait) {}
  wait_guard(const wait_guard&) = delete;
  wait_guard& operator=(const wait_guard&) = delete;
  ~wait_guard() {
    const std::lock_guard lock(wait_.mutex);
    wait_.waiter = nullptr;
  }

 private:
  lookup_wait& wait_;
};

void wake(lookup_wait& wait) {
  const std::lock_guard lock(wait.mutex);
  if (wait.waiter != nullptr) wait.waiter->cancel();
}

void look_up(const std::shared_ptr<lookup_wait>& wait, const lookup_function& lookup, const std::string& host,
             std::uint16_t port) {
  boost::system::error_code ec;
  endpoints found = lookup(host, port, ec);
  const std::lock_guard lock(wait->mutex);
  if (wait->waiter == nullptr) return;
  wait->found = std::move(found);
  wait->ec = ec;
  wait->done = true;
  asio::post(wait->waiter->get_executor(), [wait] { wake(*wait); });
}

}  // namespace

endpoints system_lookup(const std::string& host, std::uint16_t port, boost::system::error_code& ec) {
  asio::io_context own;
  tcp::resolver resolver(own);
  const auto answer = resolver.resolve(host, std::to_string(port), tcp::resolver::numeric_service, ec);
  endpoints out;
  for (const auto& entry : answer) out.push_back(entry.endpoint());
  return out;
}

asio::awaitable<result<endpoints>> resolve(lookup_function lookup, std::string host, std::uint16_t port,
                                           std::chrono::steady_clock::time_point deadline) {
  boost::system::error_code not_an_address;
  const auto literal = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) co_return endpoints{tcp::endpoint(literal, port)};

  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, deadline);
  auto wait = std::make_shared<lookup_wait>();
  wait->waiter = &timer;
  const wait_guard guard(*wait);
  try {
    std::thread([wait, lookup, host, port] { look_up(wait, lookup, host, port); }).detach();
  } catch (const std::system_error& refused) {
    co_return error{errc::unreachable, "resolve " + host + ": no thread: " + refused.what(), {}, 0};
  }
  const auto [ended] = co_await timer.async_wait(as_result);

  const std::lock_guard lock(wait->mutex);
  if (wait->done && !wait->ec && !wait->found.empty()) co_return std::move(wait->found);
  if (wait->done) {
    const std::string why = wait->ec ? wait->ec.message() : "no address";
    co_return error{errc::unreachable, "resolve " + host + ": " + why, {}, 0};
  }
  if (ended) co_return error{errc::stopped, "stopped", {}, 0};
  co_return error{errc::unreachable, "resolve " + host + ": no answer from the name service in time", {}, 0};
}

}  // namespace oes
