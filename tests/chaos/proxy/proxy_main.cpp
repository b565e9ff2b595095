// openelectricity-chaos-proxy LISTEN:TARGET[,LISTEN:TARGET…]: one ApiKey-aware proxy for all brokers of the harness.
// Orders come on stdin (orders.hpp), events go to stdout; the end of stdin ends it.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <exception>
#include <iostream>
#include <istream>
#include <sstream>

#include "chaos/proxy/links.hpp"

namespace {

namespace asio = boost::asio;

void tell(const std::string& line) { std::cout << line << std::endl; }

asio::awaitable<void> take_orders(asio::io_context& io, oes::chaos::proxy& to) {
  asio::posix::stream_descriptor input(io, ::dup(0));
  asio::streambuf buffer;
  for (;;) {
    boost::system::error_code ended;
    co_await asio::async_read_until(input, buffer, '\n', asio::redirect_error(asio::use_awaitable, ended));
    if (ended) break;
    std::istream lines(&buffer);
    std::string line;
    std::getline(lines, line);
    tell((to.obey(line) ? "ok " : "bad ") + line);
  }
  io.stop();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: openelectricity-chaos-proxy LISTEN:TARGET[,LISTEN:TARGET…]\n";
    return 2;
  }
  asio::io_context io(1);
  oes::chaos::proxy everything(io, tell);
  std::istringstream pairs(argv[1]);
  int node = 0;
  int broken = 0;
  for (std::string pair; std::getline(pairs, pair, ',');) {
    const auto colon = pair.find(':');
    const auto port = static_cast<std::uint16_t>(std::stoi(pair.substr(0, colon)));
    const auto target = static_cast<std::uint16_t>(std::stoi(pair.substr(colon + 1)));
    asio::co_spawn(io, everything.listen(++node, port, target), [&](const std::exception_ptr& thrown) {
      broken = thrown ? 1 : broken;
      io.stop();
    });
  }
  asio::co_spawn(io, take_orders(io, everything), asio::detached);
  asio::post(io, [] { tell("ready"); });  // after the listeners, which begin first
  io.run();
  return broken;
}
