#pragma once
// Which topics may be written, as far as formats and schemas tell: a topic has one format, and of Avro the registry's
// id is known. Told to the groups by a port (pipeline/writer.hpp). Loop only.
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "app/newest_records.hpp"
#include "app/topic_formats.hpp"
#include "async/event.hpp"
#include "commit/committer.hpp"
#include "pipeline/writer.hpp"
#include "registry/registry_client.hpp"
#include "registry/schema_memory.hpp"

namespace oes {

struct parts;

class topic_schemas {
 public:
  explicit topic_schemas(parts& all) : all_(all) {}

  /// Before groups start: what the configuration wants now. Topics that were admitted stay so unless their format or
  /// the registry is another one. `members`: of progress.
  void begin(const std::map<member_key, member_progress>& members);
  /// Each topic is admitted, or set apart with the reason. Ends early when the tap closes.
  boost::asio::awaitable<void> admit_all(committer& to, event& tap);
  /// The next begin() makes a new client: a file that its settings name has another content.
  void renew() { client_.reset(); }
  /// Whether a configuration that is to be taken over would mix formats in a topic. Errors: refused, it would;
  /// kafka_unavailable, it cannot be told now.
  boost::asio::awaitable<result<void>> would_fit(const configuration& config, const std::vector<request_group>& groups);
  /// Whether what the registry said still holds, again and again until the tap closes: it may have been away, or may
  /// have been emptied.
  boost::asio::awaitable<void> watch(committer& to, event& tap);
  [[nodiscard]] topic_schemas_port port();

 private:
  struct admitted {
    std::int32_t id = 0;
    bool confirmed = false;  ///< by the registry; else remembered from before
  };

  boost::asio::awaitable<void> admit_each(committer& to);
  boost::asio::awaitable<result<void>> admit(std::string topic);
  boost::asio::awaitable<result<void>> ask_about(const std::string& topic, const topic_format& wanted);
  boost::asio::awaitable<result<void>> look_at(own_series_by_topic topics);
  [[nodiscard]] result<std::set<std::int32_t>> schemas_in(const std::string& topic, const topic_format& wanted) const;
  boost::asio::awaitable<result<void>> check_schema(const std::string& topic, const topic_format& wanted,
                                                    const std::set<std::int32_t>& written_with);
  boost::asio::awaitable<result<void>> check_written(registry_client& client, const std::string& topic,
                                                     const topic_format& wanted,
                                                     const std::set<std::int32_t>& written_with);
  boost::asio::awaitable<result<void>> confirm(std::string topic);
  boost::asio::awaitable<void> read_memory();
  result<void> go_on_without(const std::string& topic, const std::string& schema, const error& away);
  void remember(const std::string& topic, std::int32_t id, const std::string& schema);
  [[nodiscard]] bool must_look(const std::string& topic, const topic_format& wanted) const;
  void set_apart(committer& to, const std::string& topic, const error& why);

  parts& all_;
  registry_settings asked_;                  ///< what client_ was made of
  std::shared_ptr<registry_client> client_;  ///< shared with questions under way, which a reload may outlive
  std::map<std::string, topic_format> wanted_;
  std::map<std::string, admitted> admitted_;
  std::map<std::string, error> held_;  ///< topics that may not be written, JSON ones too, and why
  newest_by_topic seen_;               ///< of this process: what the topics held before it wrote to them
  std::set<std::string> asking_;       ///< topics about which a question is under way
  std::set<std::string> apart_;        ///< topics that were set apart for what was found here
  std::set<std::string> wrote_there_;  ///< topics to which streams of today have published in today's format
  std::optional<error> away_;          ///< the registry's silence, for the rest of a round
  bool knows_avro_ = false;
  std::optional<schema_memory> memory_;
};

}  // namespace oes
