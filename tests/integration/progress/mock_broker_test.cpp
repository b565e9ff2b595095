// The demo's broker: librdkafka's mock, which knows no read_committed and may be restarted empty.
#include <doctest/doctest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>

#include "integration/progress/temp_folder.hpp"
#include "progress/kafka_progress.hpp"
#include "progress/progress_changes.hpp"
#include "progress/progress_codec.hpp"
#include "progress/progress_file.hpp"
#include "support/run_on_loop.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

constexpr auto topic = "openelectricity.progress.demo";

class handmade_broker {
 public:
  handmade_broker() {
    std::array<char, 512> text{};
    auto* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", text.data(), text.size());
    rd_kafka_conf_set(conf, "log_level", "2", text.data(), text.size());
    rd_kafka_conf_set(conf, "linger.ms", "0", text.data(), text.size());
    handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text.data(), text.size());
    REQUIRE_MESSAGE(handle_ != nullptr, std::string(text.data()));
    rd_kafka_mock_topic_create(rd_kafka_handle_mock_cluster(handle_), topic, 1, 1);
  }
  ~handmade_broker() { rd_kafka_destroy(handle_); }
  handmade_broker(const handmade_broker&) = delete;
  handmade_broker& operator=(const handmade_broker&) = delete;

  [[nodiscard]] std::string address() const {
    return rd_kafka_mock_cluster_bootstraps(rd_kafka_handle_mock_cluster(handle_));
  }
  void put(const progress_message& m) {
    const auto err = rd_kafka_producev(handle_, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(0),
                                       RD_KAFKA_V_KEY(m.key.data(), m.key.size()),
                                       RD_KAFKA_V_VALUE(const_cast<char*>(m.value.data()), m.value.size()),
                                       RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    REQUIRE(err == RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  void flush() { REQUIRE(rd_kafka_flush(handle_, 10000) == RD_KAFKA_RESP_ERR_NO_ERROR); }

 private:
  rd_kafka_t* handle_;
};

}  // namespace

TEST_CASE("at_least_once on the mock broker: progress is read back and mirrored as such") {
  handmade_broker broker;
  const temp_folder folder;
  progress_settings settings;
  settings.bootstrap_servers = broker.address();
  settings.topic = topic;
  settings.folder = folder.path();
  settings.level = isolation_level::read_uncommitted;
  settings.delivery = mirrored_delivery::at_least_once;
  boost::asio::thread_pool blocking(1);
  telemetry_settings quiet;
  quiet.log_level = "warn";
  logger log(quiet);
  const auto store = make_kafka_progress_store(settings, blocking.get_executor(), log);
  const auto load = [&] {
    boost::asio::io_context loop;
    auto answer = boost::asio::co_spawn(loop, store->load(), boost::asio::use_future);
    loop.run_for(std::chrono::seconds(10));
    REQUIRE(answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
    auto found = answer.get();
    REQUIRE_MESSAGE(found.has_value(), found.error().context);
    return found->found ? std::optional(found->found->snapshot) : std::nullopt;
  };
  CHECK(!load());

  const auto state = samples::state();
  broker.put(encode_claim(state.claim_owner, "host", state.generation, state.sequence, state.last_version));
  for (const auto& m : encode_changes({}, state)) broker.put(m);
  broker.flush();
  const auto found = load();
  REQUIRE(found);
  CHECK(found->state == state);
  CHECK(found->place.offset == 4);

  boost::asio::io_context writing(1);
  REQUIRE(test::run_on_loop(writing, store->mirror(*found)).has_value());
  const auto file = read_progress_file(folder.path());
  REQUIRE(file.has_value());
  CHECK(file->snapshot == found);
  CHECK(file->delivery == mirrored_delivery::at_least_once);
}
