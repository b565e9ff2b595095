#pragma once
// What the tests of the publisher stand on: a publisher with its two threads, a reader, topics, records.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "publish/kafka_publisher.hpp"
#include "publish/topics.hpp"

namespace oes::kafka_test {

/// The variable, or a clear failure: these tests are never skipped.
std::string required_env(const char* name);
std::string bootstrap();
/// A name no other test of this or an earlier run has used.
std::string fresh_name(const std::string& stem);

struct read_record {
  std::string key;
  std::string value;
  std::int64_t offset = 0;
  std::string schema;  ///< header; empty: none
};
enum class isolation { committed, uncommitted };
/// All partitions of a topic from the beginning to the end, in partition order; fails after 20 s.
std::vector<read_record> read_topic(const std::string& topic, isolation how = isolation::committed);
std::vector<std::string> keys_of(const std::vector<read_record>& records);

publish_settings settings_for(const std::string& deployment);
/// Progress topic and one data topic as the daemon makes them.
void make_topics(const publish_settings& settings, const std::vector<std::string>& data_topics, int partitions = 1);

/// One transaction of `count` records with keys <sequence>-0 … for each topic.
transaction records_of(std::int64_t sequence, const std::vector<std::string>& topics, int count);

/// A daemon's publishing half: its loop is run by the test, its blocking thread is its own.
class instance {
 public:
  explicit instance(publish_settings settings, const std::string& name = "one");
  ~instance();
  instance(const instance&) = delete;
  instance& operator=(const instance&) = delete;

  /// Runs the loop until the coroutine is done; throws after `deadline`.
  template <class Value>
  Value run(boost::asio::awaitable<Value> work, std::chrono::seconds deadline = std::chrono::seconds(40)) {
    const auto value = begin(std::move(work));
    run_until([&] { return value->has_value(); }, deadline);
    return std::move(**value);
  }
  /// Begins without waiting: the value is there when run_until() or run_for() has brought it.
  template <class Value>
  std::shared_ptr<std::optional<Value>> begin(boost::asio::awaitable<Value> work) {
    auto value = std::make_shared<std::optional<Value>>();
    auto failed = [](const std::exception_ptr& e) {
      if (e) std::rethrow_exception(e);
    };
    boost::asio::co_spawn(loop_, keep(std::move(work), value), failed);
    return value;
  }
  void run_for(std::chrono::milliseconds span);
  template <class Ready>
  void run_until(const Ready& ready, std::chrono::seconds deadline) {
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (!ready()) {
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error("deadline passed");
      run_for(std::chrono::milliseconds(5));
    }
  }

  result<void> lead() { return run(to_->lead()); }
  /// Under the right of now, whatever that is; `publish_under` takes the one that the transaction names.
  result<commit_receipt> publish(transaction txn) {
    for (int attempt = 0;; ++attempt) {
      txn.under = to_->current_authority();
      auto receipt = publish_under(txn);
      const bool new_producer = !receipt && receipt.error().code == errc::not_begun;
      if (!new_producer || attempt == 3) return receipt;
    }
  }
  result<commit_receipt> publish_under(const transaction& txn) {
    return run(to_->publish(txn), std::chrono::seconds(90));
  }
  void resign();
  [[nodiscard]] bool has_lost() const { return lost_; }
  void watch_lost();
  publisher& port() { return *to_; }

 private:
  template <class Value>
  static boost::asio::awaitable<void> keep(boost::asio::awaitable<Value> work,
                                           std::shared_ptr<std::optional<Value>> into) {
    Value value = co_await std::move(work);
    into->emplace(std::move(value));
  }

  boost::asio::io_context loop_{1};
  boost::asio::thread_pool blocking_{1};
  std::unique_ptr<logger> log_;
  std::unique_ptr<publisher> to_;
  bool lost_ = false;
};

}  // namespace oes::kafka_test
