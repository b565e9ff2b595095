#include "operate/control_client.hpp"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "async/race.hpp"
#include "async/run_loop.hpp"
#include "async/timer.hpp"
#include "operate/control_socket.hpp"
#include "operate/line_limits.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
using local = asio::local::stream_protocol;

error late(std::chrono::seconds patience) {
  return error{errc::timed_out, "a daemon runs, but did not answer within " + std::to_string(patience.count()) +
                                    " s; it may still do the job: `progress show` tells"};
}

asio::awaitable<result<std::string>> read_line(local::socket& from, std::string& text, std::chrono::seconds patience) {
  auto buffer = asio::dynamic_buffer(text, longest_line);
  auto reading = asio::async_read_until(from, buffer, '\n', asio::as_tuple(asio::use_awaitable));
  auto waiting = pause_for(patience);
  auto racing = race(std::move(reading), std::move(waiting));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return late(patience);
  const auto [failed, size] = std::get<0>(first);
  if (failed)
    co_return error{errc::timed_out, "the daemon ended before it answered; `progress show` tells what was done"};
  auto line = text.substr(0, size - 1);
  text.erase(0, size);
  co_return line;
}

asio::awaitable<result<job_answer>> talk(local::endpoint at, std::string folder, std::string line,
                                         std::chrono::seconds patience,
                                         const std::function<void(const job_progress&)>& news) {
  const auto executor = co_await asio::this_coro::executor;
  local::socket socket(executor);
  auto [refused] = co_await socket.async_connect(at, asio::as_tuple(asio::use_awaitable));
  const bool nobody = refused == asio::error::connection_refused || refused == asio::error::not_found ||
                      refused == boost::system::errc::no_such_file_or_directory;
  if (nobody) co_return error{errc::network_error, "no daemon runs on this progress_path, " + folder};
  if (refused) co_return error{errc::io_error, "the control socket cannot be used: " + refused.message()};
  auto content = asio::buffer(line);
  auto writing = asio::async_write(socket, content, asio::as_tuple(asio::use_awaitable));
  auto waiting = pause_for(patience);
  auto racing = race(std::move(writing), std::move(waiting));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return late(patience);
  std::string text;
  while (true) {
    auto said = co_await read_line(socket, text, patience);
    if (!said) co_return said.error();
    const auto told = progress_from_line(*said);
    if (!told) co_return told.error();
    if (!*told) co_return answer_from_line(*said);
    if (news) news(**told);
  }
}

}  // namespace

result<job_answer> ask_writer(const std::string& folder, const job& asked, std::chrono::seconds patience,
                              const std::function<void(const job_progress&)>& news) {
  const auto at = control_socket::in(folder);
  if (!at) return error{errc::network_error, at.error().context};
  asio::io_context loop(1);
  return run_to_end(loop, "the talk with the daemon",
                    talk(local::endpoint(at->address()), folder, to_line(asked) + "\n", patience, news));
}

void remove_dead_socket(const std::string& folder) {
  const auto at = control_socket::in(folder);
  if (at) ::unlink(at->address().c_str());
}

}  // namespace oes
