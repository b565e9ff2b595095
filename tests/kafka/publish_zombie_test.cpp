// A leader whose process is stopped, loses its lease, and wakes: it must not publish, whatever it does first.
#include <doctest/doctest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "publish_bed.hpp"

using namespace oes;
using namespace oes::kafka_test;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr int exit_fenced = 75;
constexpr int exit_other = 1;

/// This executable again, running only the "child" case below.
class leader_process {
 public:
  leader_process(const std::string& deployment, const std::string& topic, seconds idle_retirement) {
    setenv("OES_CHILD_DEPLOYMENT", deployment.c_str(), 1);
    setenv("OES_CHILD_TOPIC", topic.c_str(), 1);
    setenv("OES_CHILD_IDLE", std::to_string(idle_retirement.count()).c_str(), 1);
    std::string self = "/proc/self/exe";
    std::string filter = "--test-case=child: *";
    std::string unskip = "--no-skip";
    std::string quiet = "--out=/dev/null";
    std::array<char*, 5> arguments{self.data(), filter.data(), unskip.data(), quiet.data(), nullptr};
    REQUIRE(posix_spawn(&pid_, self.c_str(), nullptr, nullptr, arguments.data(), environ) == 0);
  }
  ~leader_process() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  leader_process(const leader_process&) = delete;
  leader_process& operator=(const leader_process&) = delete;

  void signal(int number) const { REQUIRE(kill(pid_, number) == 0); }
  /// Its exit code, or -1 where it is still there after the deadline.
  int wait_for_exit(seconds deadline) {
    const auto end = steady_clock::now() + deadline;
    int status = 0;
    while (steady_clock::now() < end) {
      if (waitpid(pid_, &status, WNOHANG) == pid_) {
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      }
      std::this_thread::sleep_for(milliseconds(20));
    }
    return -1;
  }

 private:
  pid_t pid_ = 0;
};

void wait_for_records(const std::string& topic, std::size_t count) {
  const auto end = steady_clock::now() + seconds(20);
  while (read_topic(topic).size() < count && steady_clock::now() < end) std::this_thread::sleep_for(milliseconds(50));
}

}  // namespace

TEST_CASE("child: leads and publishes one record after the other until it may not" * doctest::skip()) {
  auto settings = settings_for(required_env("OES_CHILD_DEPLOYMENT"));
  settings.producer_idle_retirement = seconds(std::stoi(required_env("OES_CHILD_IDLE")));
  const auto topic = required_env("OES_CHILD_TOPIC");
  instance child(settings, "child");
  if (!child.lead()) _exit(exit_other);
  for (int i = 1; i < 600; ++i) {
    const auto receipt = child.publish(records_of(i, {topic}, 1));
    if (!receipt) _exit(receipt.error().code == errc::fenced ? exit_fenced : exit_other);
    child.run_for(milliseconds(100));
  }
  _exit(0);
}

TEST_CASE("a leader stopped for longer than its session wakes up fenced and publishes nothing") {
  // With an idle limit of 0 it would make itself a new producer before each transaction, and so fence the new leader
  // and repeat records, if it did not ask the group first.
  for (const auto idle : {seconds(3600), seconds(0)}) {
    const auto settings = settings_for(fresh_name("zombie"));
    const auto data = fresh_name("data");
    make_topics(settings, {data});
    leader_process sleeper(settings.deployment, data, idle);
    wait_for_records(data, 2);
    sleeper.signal(SIGSTOP);

    instance successor(settings, "successor");
    const auto began = steady_clock::now();
    REQUIRE(successor.lead().has_value());
    CHECK(steady_clock::now() - began < seconds(9));
    const auto before = read_topic(data).size();
    REQUIRE(successor.publish(records_of(1000, {data}, 1)).has_value());

    sleeper.signal(SIGCONT);
    CHECK(sleeper.wait_for_exit(seconds(20)) == exit_fenced);
    REQUIRE(successor.publish(records_of(1001, {data}, 1)).has_value());
    CHECK(read_topic(data).size() == before + 2);
    successor.resign();
  }
}

TEST_CASE("after kill -9 a successor leads as soon as the session has run out") {
  const auto settings = settings_for(fresh_name("killed"));
  const auto data = fresh_name("data");
  make_topics(settings, {data});
  leader_process victim(settings.deployment, data, seconds(3600));
  wait_for_records(data, 2);
  victim.signal(SIGKILL);
  instance successor(settings, "successor");
  const auto began = steady_clock::now();
  REQUIRE(successor.lead().has_value());
  CHECK(steady_clock::now() - began < seconds(9));
  CHECK(successor.publish(records_of(1000, {data}, 1)).has_value());
  successor.resign();
}
