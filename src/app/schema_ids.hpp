#pragma once
// Under which ids the registry knows our schemas: asked, or remembered where it is away. Loop only.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/newest_records.hpp"
#include "app/topic_formats.hpp"
#include "async/clock.hpp"
#include "files/disk_worker.hpp"
#include "registry/registry_client.hpp"
#include "registry/schema_memory.hpp"
#include "report/reporter.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// What the schemas of topics are looked after with. The configuration is the running one: a reload replaces its
/// content.
struct schema_surroundings {
  const configuration& config;
  const std::vector<request_group>& groups;
  const time_source& clock;
  logger& log;
  reporter& report;
  disk_worker& memory;  ///< writes schemas.json
};

class schema_ids {
 public:
  struct known_id {
    std::int32_t id = 0;
    bool confirmed = false;  ///< the registry has our schema under it; else remembered, or given and not looked up yet
  };

  explicit schema_ids(const schema_surroundings& around) : around_(around) {}

  /// The registry that the configuration names now; whether it is another one than before.
  bool begin();
  /// The next begin() makes a new client: a file that its settings name has another content.
  void renew() { stale_ = true; }
  /// Another number: another client, or another registry, since then. What was asked before does not count any more.
  [[nodiscard]] int generation() const { return generation_; }
  static error other_registry() { return {errc::not_yet, "the configuration of the schema registry was changed"}; }
  /// A registry that was silent is asked again from now on; until then it is asked once, and not about each topic.
  void ask_again() { away_.reset(); }

  /// Reads schemas.json, once. What cannot be read in time is told, and not used.
  boost::asio::awaitable<void> read_memory();
  [[nodiscard]] bool remembers(const std::string& topic) const { return memory_ && memory_->contains(topic); }

  /// The id of today's schema for a topic that holds `written`, which must be readable by what the registry has under
  /// their ids; nullopt: what it holds may not be seen, and what is remembered must be there. Registered where it may
  /// be. Errors: refused, not_yet (the registry was changed meanwhile), stopped, and what kept the registry from
  /// answering.
  boost::asio::awaitable<result<known_id>> id_for(std::string topic, record_kind kind,
                                                  std::optional<written_records> written);
  /// Whether the registry still has our schema under this id; nullopt: it does not answer, or is another one by now.
  /// Errors: refused.
  boost::asio::awaitable<std::optional<result<void>>> confirm(std::string topic, std::int32_t id, record_kind kind);

 private:
  using client = std::shared_ptr<registry_client>;

  boost::asio::awaitable<result<void>> check_written(client asked, std::string topic, record_kind kind,
                                                     written_records written, std::optional<std::int32_t> found);
  boost::asio::awaitable<result<void>> check_given(client asked, std::string topic, std::int32_t id, record_kind kind);
  boost::asio::awaitable<result<std::int32_t>> add(client asked, std::string topic, record_kind kind);
  result<known_id> remembered(const std::string& topic, record_kind kind, const written_records& written,
                              const error& away);
  [[nodiscard]] const remembered_schema* memory_of(const std::string& topic) const;
  void remember(const std::string& topic, std::int32_t id, record_kind kind);

  schema_surroundings around_;
  int generation_ = 0;
  bool stale_ = false;
  registry_settings settings_;  ///< what client_ was made of
  client client_;               ///< shared with questions under way, which a reload may outlive
  std::optional<error> away_;   ///< the registry's silence, for the rest of a round
  std::optional<schema_memory> memory_;
};

}  // namespace oes
