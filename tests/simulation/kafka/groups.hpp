#pragma once
// The group coordinator, with cooperative-sticky members of one topic of one partition: whoever holds it keeps it for
// as long as it is heard from.
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace oes::simulation {

/// How a join ended.
struct group_place {
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  int generation = 0;
  bool holds = false;
};

class group_coordinator {
 public:
  struct surroundings {
    std::function<void(std::chrono::milliseconds, std::function<void()>)> after;
    std::function<void(const std::string&)> tell;
  };
  explicit group_coordinator(surroundings around) : around_(std::move(around)) {}

  /// `id` empty: a new member. Its id comes at once, its place when every member has joined.
  std::string join(const std::string& group, std::string id, const std::string& client, const std::string& topic,
                   std::chrono::milliseconds session, std::function<void(const group_place&)> placed);
  rd_kafka_resp_err_t heartbeat(const std::string& group, const std::string& id, int generation);
  /// What an offset commit is checked against.
  [[nodiscard]] rd_kafka_resp_err_t knows(const std::string& group, const std::string& id, int generation) const;
  void leave(const std::string& group, const std::string& id);

  struct shown_member {
    std::string client;
    std::string topic;
    bool holds = false;
  };
  [[nodiscard]] std::vector<shown_member> members_of(const std::string& group) const;

 private:
  struct member {
    std::string client;
    std::string topic;
    std::chrono::milliseconds session{};
    std::uint64_t heard = 0;  ///< counts signs of life
    std::function<void(const group_place&)> joining;
  };
  struct entry {
    int generation = 0;
    bool balancing = false;
    std::map<std::string, member> members;  ///< in the order in which they came
    std::string holder;
  };
  void hear(const std::string& group, const std::string& id);
  void drop(const std::string& group, const std::string& id, const std::string& why);
  void balance(const std::string& group);
  void settle(const std::string& group);

  surroundings around_;
  std::map<std::string, entry> groups_;
  std::uint64_t next_member_ = 100'000;
};

}  // namespace oes::simulation
