// A token command that takes longer than its client's owner lives.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>

#include "async/clock.hpp"
#include "kafka/consumer.hpp"
#include "kafka/new_client.hpp"

using namespace oes;

namespace {

/// Two named pipes, by which the command says that it runs and is told to fail.
class failing_command {
 public:
  failing_command() {
    REQUIRE(::mkdtemp(folder_.data()) != nullptr);
    REQUIRE(::mkfifo(runs().c_str(), 0600) == 0);
    REQUIRE(::mkfifo(fails().c_str(), 0600) == 0);
  }
  ~failing_command() { std::filesystem::remove_all(folder_); }
  failing_command(const failing_command&) = delete;
  failing_command& operator=(const failing_command&) = delete;

  [[nodiscard]] std::string text() const { return "echo > " + runs() + "; read word < " + fails() + "; exit 1"; }
  void wait_until_it_runs() const { std::ifstream(runs()).get(); }
  void let_it_fail() const { std::ofstream(fails()) << "now\n"; }

 private:
  [[nodiscard]] std::string runs() const { return folder_ + "/runs"; }
  [[nodiscard]] std::string fails() const { return folder_ + "/fails"; }
  std::string folder_ = (std::filesystem::temp_directory_path() / "oes-token-XXXXXX").string();
};

/// What is written to stderr while it lives.
class captured_stderr {
 public:
  captured_stderr() : file_(std::tmpfile()), before_(::dup(STDERR_FILENO)) { ::dup2(::fileno(file_), STDERR_FILENO); }
  ~captured_stderr() {
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    std::fclose(file_);
  }
  captured_stderr(const captured_stderr&) = delete;
  captured_stderr& operator=(const captured_stderr&) = delete;

  [[nodiscard]] std::string text() const {
    std::string out;
    std::array<char, 4096> piece{};
    ssize_t size = 0;
    off_t at = 0;
    while ((size = ::pread(::fileno(file_), piece.data(), piece.size(), at)) > 0) {
      out.append(piece.data(), static_cast<std::size_t>(size));
      at += size;
    }
    return out;
  }

 private:
  std::FILE* file_;
  int before_;
};

std::unique_ptr<kafka_consumer> consumer_by(const failing_command& command, logger& log) {
  connection_settings settings;
  settings.bootstrap_servers = "127.0.0.1:1";
  settings.properties = {{"security.protocol", "sasl_plaintext"},
                         {"sasl.mechanisms", "OAUTHBEARER"},
                         {token_command_property, command.text()}};
  auto made = kafka_consumer::open(settings, isolation_level::read_committed, log);
  REQUIRE(made.has_value());
  return std::move(*made);
}

constexpr int long_enough_ms = 30'000;

}  // namespace

TEST_CASE("E2 a token command that fails while its client is in use is why Kafka does not answer") {
  const failing_command command;
  logger log(telemetry_settings{.log_level = "error"});
  const auto consumer = consumer_by(command, log);
  command.wait_until_it_runs();
  command.let_it_fail();
  const auto deadline = steady_now() + std::chrono::milliseconds(long_enough_ms);
  while (consumer->heard_lately().empty() && steady_now() < deadline) std::this_thread::yield();
  CHECK(consumer->heard_lately().find("kafka.token_command: it ends with code 1") != std::string::npos);
}

TEST_CASE("E2 a token command that fails after its client's owner is gone tells nobody") {
  const captured_stderr seen;
  const failing_command command;
  auto log = std::make_unique<logger>(telemetry_settings{.log_level = "debug"});
  auto consumer = consumer_by(command, *log);
  command.wait_until_it_runs();
  consumer.reset();
  command.let_it_fail();
  CHECK(rd_kafka_wait_destroyed(long_enough_ms) == 0);
  log.reset();  // what it was told is written
  CHECK(seen.text().find("token_command") == std::string::npos);
}
