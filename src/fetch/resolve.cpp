#include "fetch/resolve.hpp"

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>

#include "async/blocking.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// What the thread that looks up leaves behind. Shared with it: it may outlive the wait and even the loop, because
/// getaddrinfo cannot be cancelled (Asio's own async_resolve holds up io_context's end for the same reason).
struct name_lookup {
  endpoints found;
  boost::system::error_code ec;
};

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
                                           steady_time deadline) {
  boost::system::error_code not_an_address;
  const auto literal = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) co_return endpoints{tcp::endpoint(literal, port)};

  auto looked = std::make_shared<name_lookup>();
  std::function<void()> work = [looked, lookup, host, port] { looked->found = lookup(host, port, looked->ec); };
  wait_end end = wait_end::late;
  try {
    auto looking = run_on_own_thread(std::move(work), deadline);
    end = co_await std::move(looking);
  } catch (const std::system_error& refused) {
    co_return error{errc::unreachable, "resolve " + host + ": no thread: " + refused.what()};
  }
  if (end == wait_end::done && !looked->ec && !looked->found.empty()) co_return std::move(looked->found);
  if (end == wait_end::done) {
    const std::string why = looked->ec ? looked->ec.message() : "no address";
    co_return error{errc::unreachable, "resolve " + host + ": " + why};
  }
  if (end == wait_end::cancelled) co_return error{errc::stopped, "stopped"};
  co_return error{errc::unreachable, "resolve " + host + ": no answer from the name service in time"};
}

}  // namespace oes
