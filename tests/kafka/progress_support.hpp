#pragma once
// What the progress topic's tests do to a real broker: topics, and transactions that end well, badly or not at all.
#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "model/batch.hpp"
#include "progress/kafka_progress.hpp"

namespace oes::kafka_test {

inline std::string bootstrap() {
  const char* given = std::getenv("OES_TEST_BOOTSTRAP");
  if (given == nullptr || *given == '\0') {
    throw std::runtime_error("OES_TEST_BOOTSTRAP is not set: run this by `tests/support/kafka.py run -- …`");
  }
  return given;
}

inline void need(bool ok, const std::string& what) {
  if (!ok) throw std::runtime_error(what);
}

inline rd_kafka_t* open(rd_kafka_type_t type, const std::vector<std::pair<std::string, std::string>>& properties) {
  std::array<char, 512> text{};
  auto* conf = rd_kafka_conf_new();
  for (const auto& [key, value] : properties) {
    need(rd_kafka_conf_set(conf, key.c_str(), value.c_str(), text.data(), text.size()) == RD_KAFKA_CONF_OK,
         text.data());
  }
  auto* handle = rd_kafka_new(type, conf, text.data(), text.size());
  need(handle != nullptr, text.data());
  return handle;
}

/// A transactional producer on one topic's partition 0.
class producer {
 public:
  producer(const std::string& id, const std::string& topic)
      : handle_(open(
            RD_KAFKA_PRODUCER,
            {{"bootstrap.servers", bootstrap()}, {"transactional.id", id}, {"linger.ms", "0"}, {"log_level", "2"}})),
        topic_(rd_kafka_topic_new(handle_, topic.c_str(), nullptr)) {
    // By handle, made before init: by name a producer's first transaction waits for a second.
    check(rd_kafka_init_transactions(handle_, 20000), "init");
  }
  // Without purging, destroying waits for the records of a transaction that was left open.
  ~producer() {
    rd_kafka_purge(handle_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_topic_destroy(topic_);
    rd_kafka_destroy(handle_);
  }
  producer(const producer&) = delete;
  producer& operator=(const producer&) = delete;

  void begin() { check(rd_kafka_begin_transaction(handle_), "begin"); }
  void put(const progress_message& m) {
    const auto err = rd_kafka_producev(
        handle_, RD_KAFKA_V_RKT(topic_), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_KEY(m.key.data(), m.key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(m.value.empty() ? nullptr : m.value.data()), m.value.size()),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    need(err == RD_KAFKA_RESP_ERR_NO_ERROR, rd_kafka_err2str(err));
  }
  void flush() { need(rd_kafka_flush(handle_, 10000) == RD_KAFKA_RESP_ERR_NO_ERROR, "flush"); }
  void commit() { check(rd_kafka_commit_transaction(handle_, 20000), "commit"); }
  void abort() { check(rd_kafka_abort_transaction(handle_, 20000), "abort"); }

  void commit(const std::vector<progress_message>& records) {
    begin();
    for (const auto& r : records) put(r);
    commit();
  }

 private:
  static void check(rd_kafka_error_t* e, const std::string& what) {
    if (e == nullptr) return;
    const std::string text = what + ": " + rd_kafka_error_string(e);
    rd_kafka_error_destroy(e);
    throw std::runtime_error(text);
  }

  rd_kafka_t* handle_;
  rd_kafka_topic_t* topic_;
};

/// A new compacted topic of one partition, its name unlike any other's.
inline std::string make_topic() {
  static int count = 0;
  auto name = "openelectricity.progress.test" + std::to_string(::getpid()) + "-" + std::to_string(++count);
  auto* admin = open(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap()}});
  std::array<char, 512> text{};
  auto* wanted = rd_kafka_NewTopic_new(name.c_str(), 1, 1, text.data(), text.size());
  rd_kafka_NewTopic_set_config(wanted, "cleanup.policy", "compact");
  auto* queue = rd_kafka_queue_new(admin);
  rd_kafka_CreateTopics(admin, &wanted, 1, nullptr, queue);
  auto* event = rd_kafka_queue_poll(queue, 20000);
  const bool made = event != nullptr && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR;
  if (event != nullptr) rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  rd_kafka_NewTopic_destroy(wanted);
  rd_kafka_destroy(admin);
  need(made, "topic " + name + " could not be made");
  return name;
}

using loaded = result<std::optional<stored_progress>>;

/// A store with the threads that the daemon would give it.
class bench {
 public:
  explicit bench(progress_settings settings)
      : log_(quiet()), store_(make_kafka_progress_store(std::move(settings), kafka_.get_executor(), log_)) {}
  ~bench() {
    work_.reset();
    loop_thread_.join();
    kafka_.join();
  }
  bench(const bench&) = delete;
  bench& operator=(const bench&) = delete;

  std::future<loaded> start_load() {
    return boost::asio::co_spawn(loop_, load(),
                                 boost::asio::bind_cancellation_slot(stop_.slot(), boost::asio::use_future));
  }
  void stop() {
    boost::asio::post(loop_, [this] { stop_.emit(boost::asio::cancellation_type::terminal); });
  }

 private:
  static telemetry_settings quiet() {
    telemetry_settings s;
    s.log_level = "warn";
    return s;
  }
  boost::asio::awaitable<loaded> load() {
    auto found = co_await store_->load();
    if (!found) co_return found.error();
    co_return std::move(found->found);
  }

  logger log_;
  boost::asio::thread_pool kafka_{1};
  boost::asio::io_context loop_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  boost::asio::cancellation_signal stop_;
  std::unique_ptr<progress_store> store_;
  std::thread loop_thread_{[this] { loop_.run(); }};
};

inline progress_settings settings_for(const std::string& topic) {
  progress_settings s;
  s.bootstrap_servers = bootstrap();
  s.topic = topic;
  return s;
}

inline loaded load(const progress_settings& settings) {
  bench b(settings);
  return b.start_load().get();
}

}  // namespace oes::kafka_test
