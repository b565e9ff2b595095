// The control socket itself: a server on a loop of its own, the client as commands use it.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>

#include "operate/control_client.hpp"
#include "operate/control_server.hpp"

using namespace oes;
namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

telemetry_settings quiet() {
  telemetry_settings settings;
  settings.log_level = "error";
  return settings;
}

asio::awaitable<job_answer> echo(job asked, std::shared_ptr<job_wire> /*wire*/) {
  job_answer answer{0, asked.stream + "/" + asked.metric, false, {}, asked.document};
  co_return answer;
}

class folder {
 public:
  explicit folder(const std::string& below = "") {
    std::string pattern = (fs::temp_directory_path() / "oes-jobs-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    root_ = pattern;
    path_ = below.empty() ? root_ : root_ / below;
    fs::create_directories(path_);
  }
  ~folder() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] fs::path socket() const { return path_ / "control.sock"; }

 private:
  fs::path root_;
  fs::path path_;
};

class running_server {
 public:
  explicit running_server(const folder& in, job_handler handle = echo)
      : stop_(loop_, asio::steady_timer::time_point::max()) {
    auto work = serve(in.path(), std::move(handle));
    asio::co_spawn(loop_, std::move(work), asio::detached);
    thread_ = std::thread([this] { loop_.run(); });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (ask_writer(in.path(), {}, std::chrono::seconds(5)).has_error() &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
  }
  ~running_server() {
    asio::post(loop_, [this] { stop_.cancel(); });
    thread_.join();
  }
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;

 private:
  asio::awaitable<void> serve(std::string path, job_handler handle) {
    using namespace asio::experimental::awaitable_operators;
    auto serving = serve_jobs(std::move(path), std::move(handle), log_);
    auto stopped = stop_.async_wait(asio::as_tuple(asio::use_awaitable));
    auto first = co_await (std::move(serving) || std::move(stopped));
    static_cast<void>(first);
  }

  logger log_{quiet()};
  asio::io_context loop_{1};
  asio::steady_timer stop_;
  std::thread thread_;
};

job for_stream(std::string name) {
  job asked;
  asked.stream = std::move(name);
  asked.metric = "power";
  return asked;
}

constexpr auto patience = std::chrono::seconds(10);

}  // namespace

TEST_CASE("a job is answered; the socket is for its owner alone and goes with the daemon") {
  folder here;
  {
    running_server server(here);
    const auto answer = ask_writer(here.path(), for_stream("nem"), patience);
    REQUIRE_MESSAGE(answer.has_value(), answer.error().context);
    CHECK(answer->text == "nem/power");
    struct stat found {};
    REQUIRE(::stat(here.socket().c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0600U);
  }
  CHECK_FALSE(fs::exists(here.socket()));
}

TEST_CASE("a path that is longer than a socket's name may be works like any other") {
  folder here(std::string(90, 'a') + "/" + std::string(90, 'b'));
  running_server server(here);
  CHECK(fs::exists(here.socket()));
  CHECK(ask_writer(here.path(), for_stream("wem"), patience).value().text == "wem/power");
}

TEST_CASE("a document of some megabytes passes both ways") {
  folder here;
  running_server server(here);
  job asked = for_stream("nem");
  asked.document = std::string(8UL * 1024 * 1024, 'x');
  CHECK(ask_writer(here.path(), asked, patience).value().document == asked.document);
}

TEST_CASE("no socket, or a dead daemon's, means that nobody is there; the next daemon takes its place") {
  folder here;
  CHECK(ask_writer(here.path(), {}, patience).error().code == errc::network_error);
  const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  here.socket().string().copy(at.sun_path, sizeof(at.sun_path) - 1);
  REQUIRE(::bind(left, reinterpret_cast<sockaddr*>(&at), sizeof(at)) == 0);
  ::close(left);
  REQUIRE(fs::exists(here.socket()));
  CHECK(ask_writer(here.path(), {}, patience).error().code == errc::network_error);
  running_server server(here);
  CHECK(ask_writer(here.path(), for_stream("nem"), patience).has_value());
}

TEST_CASE("a daemon that ends leaves the socket of another that has taken its place") {
  folder here;
  auto first = std::make_unique<running_server>(here);
  fs::remove(here.socket());
  const running_server second(here);
  first.reset();
  CHECK(ask_writer(here.path(), for_stream("nem"), patience).has_value());
}

TEST_CASE("a daemon that does not answer in time is there, though") {
  folder here;
  const auto never = [](job asked, std::shared_ptr<job_wire> /*wire*/) -> asio::awaitable<job_answer> {
    if (!asked.stream.empty()) {
      asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
      auto [ended] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
      static_cast<void>(ended);
    }
    co_return job_answer{};
  };
  running_server server(here, never);
  CHECK(ask_writer(here.path(), for_stream("nem"), std::chrono::seconds(1)).error().code == errc::timed_out);
}

TEST_CASE("a job that takes its time tells how far it is before it answers") {
  folder here;
  running_server server(here, [](job asked, std::shared_ptr<job_wire> wire) -> asio::awaitable<job_answer> {
    const auto loop = co_await asio::this_coro::executor;
    for (int chunk = 0; asked.kind == job_kind::backfill && chunk < 3; ++chunk) {
      job_progress news;
      news.done = chunk;
      news.of = 3;
      news.waits_for = "a \"reason\"";
      wire->tell(news);
      asio::steady_timer pause(loop, std::chrono::milliseconds(20));
      co_await pause.async_wait(asio::use_awaitable);
    }
    co_return job_answer{0, "done", false, {}, {}};
  });
  job asked = for_stream("nem");
  asked.kind = job_kind::backfill;
  asked.from = "2026-01-01";
  asked.refresh = true;
  std::vector<job_progress> told;
  const auto answer = ask_writer(here.path(), asked, patience, [&](const job_progress& news) { told.push_back(news); });
  REQUIRE_MESSAGE(answer.has_value(), answer.error().context);
  CHECK(answer->text == "done");
  REQUIRE(!told.empty());
  CHECK(told.back().of == 3);
  CHECK(told.back().waits_for == "a \"reason\"");
}

TEST_CASE("a job learns that whoever asked for it has gone") {
  folder here;
  std::atomic<bool> alone = false;
  running_server server(here, [&](job asked, std::shared_ptr<job_wire> wire) -> asio::awaitable<job_answer> {
    const auto loop = co_await asio::this_coro::executor;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (asked.kind == job_kind::backfill && wire->has_listener() && std::chrono::steady_clock::now() < deadline) {
      asio::steady_timer pause(loop, std::chrono::milliseconds(5));
      co_await pause.async_wait(asio::use_awaitable);
    }
    if (asked.kind == job_kind::backfill) alone = !wire->has_listener();
    co_return job_answer{};
  });
  job asked = for_stream("nem");
  asked.kind = job_kind::backfill;
  CHECK(ask_writer(here.path(), asked, std::chrono::seconds(1)).error().code == errc::timed_out);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!alone && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK(alone);
}
