#include "operate/control_server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <vector>

#include "async/race.hpp"
#include "async/timer.hpp"
#include "operate/control_socket.hpp"
#include "operate/line_limits.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
using local = asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::size_t most_sessions = 4;
constexpr auto request_deadline = std::chrono::seconds(20);
constexpr auto answer_deadline = std::chrono::seconds(20);
constexpr auto silence = std::chrono::seconds(10);
constexpr auto pause_after_failed_accept = std::chrono::milliseconds(100);

// Another daemon may have put its socket in the place of ours, after the folder was moved or emptied.
bool is_same_file(const struct stat& ours, const std::string& address) {
  struct stat there {};
  return ::stat(address.c_str(), &there) == 0 && there.st_dev == ours.st_dev && there.st_ino == ours.st_ino;
}

error cannot_listen(const std::string& folder, const std::string& why) {
  return {errc::io_error, "cannot make the control socket in " + folder + ": " + why};
}

result<local::acceptor> listen(const asio::any_io_executor& executor, const std::string& folder,
                               const control_socket& at) {
  ::unlink(at.address().c_str());
  error_code failed;
  local::acceptor acceptor(executor);
  acceptor.open(local(), failed);
  if (!failed) acceptor.bind(local::endpoint(at.address()), failed);
  if (failed) return cannot_listen(folder, failed.message());
  // Before listen(): until then nobody can connect, whatever the umask made of it.
  if (::chmod(at.address().c_str(), 0600) != 0) {
    return cannot_listen(folder, std::system_category().message(errno));
  }
  acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return cannot_listen(folder, failed.message());
  return acceptor;
}

asio::awaitable<std::string> read_line(local::socket& from) {
  std::string text;
  auto buffer = asio::dynamic_buffer(text, longest_line);
  auto reading = asio::async_read_until(from, buffer, '\n', asio::as_tuple(asio::use_awaitable));
  auto late = pause_for(request_deadline);
  auto racing = race(std::move(reading), std::move(late));
  auto first = co_await std::move(racing);
  const bool read = first.index() == 0 && !std::get<0>(std::get<0>(first));
  co_return read ? text.substr(0, text.find('\n')) : std::string();
}

asio::awaitable<bool> write_line(local::socket& to, std::string line) {
  line += '\n';
  auto content = asio::buffer(line);
  auto writing = asio::async_write(to, content, asio::as_tuple(asio::use_awaitable));
  auto late = pause_for(answer_deadline);
  auto racing = race(std::move(writing), std::move(late));
  auto first = co_await std::move(racing);
  co_return first.index() == 0 && !std::get<0>(std::get<0>(first));
}

asio::awaitable<void> do_job(const job_handler& handle, job asked, std::shared_ptr<job_wire> wire, job_answer& answer) {
  auto lent = wire;
  auto work = handle(std::move(asked), std::move(lent));
  auto done = co_await std::move(work);
  answer = std::move(done);
  wire->finish();
}

asio::awaitable<void> send_news(local::socket& to, job_wire& wire) {
  while (true) {
    auto news = co_await wire.next(silence);
    if (!news) co_return;
    auto line = to_line(*news);
    const bool sent = co_await write_line(to, std::move(line));
    if (!sent) wire.hang_up();
  }
}

// Nothing more is expected from there: what comes is the end of the connection.
asio::awaitable<void> watch_peer(local::socket& from, job_wire& wire) {
  char unexpected = 0;
  auto place = asio::buffer(&unexpected, 1);
  auto closing = from.async_read_some(place, asio::as_tuple(asio::use_awaitable));
  auto ending = wire.over();
  auto racing = race(std::move(closing), std::move(ending));
  auto first = co_await std::move(racing);
  if (first.index() == 0) wire.hang_up();
}

asio::awaitable<void> serve_session(local::socket peer, const job_handler& handle) {
  auto line = co_await read_line(peer);
  if (line.empty()) co_return;
  auto asked = job_from_line(line);
  job_answer answer;
  if (asked) {
    const auto wire = std::make_shared<job_wire>(peer.get_executor());
    auto lent = wire;
    auto doing = do_job(handle, std::move(*asked), std::move(lent), answer);
    auto sending = send_news(peer, *wire);
    auto watching = watch_peer(peer, *wire);
    std::vector<asio::awaitable<void>> parts;
    parts.push_back(std::move(doing));
    parts.push_back(std::move(sending));
    parts.push_back(std::move(watching));
    auto talking = when_all(std::move(parts));
    co_await std::move(talking);
  } else {
    answer.exit = 1;
    answer.text = asked.error().context;
  }
  auto reply = to_line(answer);
  const bool told = co_await write_line(peer, std::move(reply));
  static_cast<void>(told);  // whoever has gone away has nothing to be told
}

// References live in serve_jobs' frame, which awaits the crew.
asio::awaitable<void> serve_sessions(local::acceptor& acceptor, const job_handler& handle) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto stop = co_await asio::this_coro::cancellation_state;
  while (stop.cancelled() == asio::cancellation_type::none) {
    auto [failed, peer] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (stop.cancelled() != asio::cancellation_type::none) co_return;
    if (failed) {
      const bool passed = co_await pause_for(pause_after_failed_accept);
      static_cast<void>(passed);
      continue;
    }
    auto session = serve_session(std::move(peer), handle);
    co_await std::move(session);
  }
}

}  // namespace

asio::awaitable<result<void>> serve_jobs(std::string folder, job_handler handle, logger& log,
                                         std::function<void()> listening) {
  const auto executor = co_await asio::this_coro::executor;
  auto at = control_socket::in(folder);
  if (!at) co_return at.error();
  auto made = listen(executor, folder, *at);
  if (!made) co_return made.error();
  auto& acceptor = *made;
  struct stat ours {};
  const bool known = ::stat(at->address().c_str(), &ours) == 0;
  if (listening) listening();
  log.debug("serving jobs", {{"socket", at->address()}});
  std::vector<asio::awaitable<void>> crew;
  for (std::size_t i = 0; i < most_sessions; ++i) crew.push_back(serve_sessions(acceptor, handle));
  auto serving = when_all(std::move(crew));
  co_await std::move(serving);
  if (known && is_same_file(ours, at->address())) ::unlink(at->address().c_str());
  co_return result<void>();
}

}  // namespace oes
