#pragma once
// A proxy on 127.0.0.1 between a Kafka client and one broker that understands the frames' ApiKeys: it can hold a
// request on a connection that is dead to the client and let it arrive later, lose an answer, delay one, or go silent.
// The broker has a listener of its own for it (OES_TEST_PROXY_TARGET) and advertises the proxy's port for that
// listener.
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace oes::kafka_test {

namespace api_key {
constexpr std::int16_t produce = 0;
constexpr std::int16_t sync_group = 14;
constexpr std::int16_t init_producer_id = 22;
constexpr std::int16_t add_partitions_to_txn = 24;
constexpr std::int16_t end_txn = 26;
}  // namespace api_key

enum class proxy_action {
  hold,            ///< cut the client off, keep the request until release()
  lose_answer,     ///< forward the request, cut the client off before the answer
  drop,            ///< cut the client off, the broker never sees the request
  delay_answer,    ///< the answer, and what follows on that connection, comes `delay` later
  release_before,  ///< release what is held, wait for its answers, then forward
};

struct proxy_rule {
  std::int16_t key = 0;
  proxy_action what = proxy_action::hold;
  int skip = 0;   ///< so many requests pass first
  int times = 1;  ///< then so many are treated; afterwards the rule is spent
  std::chrono::milliseconds delay{0};
};

/// An EndTxn as the client sent it (versions 0–2: `committed` is the body's last byte).
struct seen_end_txn {
  bool committed = false;
};

class apikey_proxy {
 public:
  apikey_proxy(std::uint16_t listen_port, std::uint16_t target_port);
  ~apikey_proxy();
  apikey_proxy(const apikey_proxy&) = delete;
  apikey_proxy& operator=(const apikey_proxy&) = delete;

  void add(proxy_rule rule);
  void clear_rules();
  /// Held requests go to the broker now.
  void release();
  /// Turns every held EndTxn(commit) into EndTxn(abort).
  void turn_held_into_aborts();
  /// While silent nothing passes in either direction and connections stay open: a half-open network.
  void silence(bool on);
  /// Cuts every connection.
  void cut_all();

  [[nodiscard]] int held() const;
  [[nodiscard]] int requests(std::int16_t key) const;
  [[nodiscard]] std::vector<seen_end_txn> end_txns() const;
  /// Whole answers (without length and correlation id) to released requests, in order.
  [[nodiscard]] std::vector<std::string> answers_to_released() const;
  /// Waits until so many answers to released requests are there.
  [[nodiscard]] bool wait_for_answers(std::size_t count, std::chrono::milliseconds timeout) const;

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

/// Error code of an InitProducerId, AddPartitionsToTxn v0–2 or EndTxn answer: a 16-bit number behind the throttle time.
int error_code_of(const std::string& answer);

}  // namespace oes::kafka_test
