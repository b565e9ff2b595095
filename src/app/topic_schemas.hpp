#pragma once
// Which topics may be written, as far as formats and schemas tell: a topic has one format (topic_contents), and of Avro
// the registry's id is known (schema_ids). Told to the groups by a port (pipeline/writer.hpp). Loop only.
#include <boost/asio/awaitable.hpp>
#include <map>
#include <set>
#include <string>

#include "app/schema_ids.hpp"
#include "app/topic_contents.hpp"
#include "app/topic_formats.hpp"
#include "async/event.hpp"
#include "commit/committer.hpp"
#include "pipeline/writer.hpp"

namespace oes {

class topic_schemas {
 public:
  explicit topic_schemas(const schema_surroundings& around)
      : around_(around), contents_(around.config, around.groups), ids_(around) {}

  /// Another one may have written meanwhile, and the registry may have been emptied or swapped: all is asked for again.
  void begin_term();
  /// Before groups start: what the configuration wants now. Topics that were admitted stay so unless their format or
  /// the registry is another one. `members`: of progress.
  void begin(const std::map<member_key, member_progress>& members);
  /// Each topic is admitted, or set apart with the reason. Ends early when the tap closes.
  boost::asio::awaitable<void> admit_all(committer& to, event& tap);
  /// The next begin() makes a new client: a file that its settings name has another content.
  void renew() { ids_.renew(); }
  /// Whether a configuration that is to be taken over would mix formats in a topic. Errors: refused, it would;
  /// kafka_unavailable, it cannot be told now.
  boost::asio::awaitable<result<void>> would_fit(const configuration& config, const std::vector<request_group>& groups);
  /// Whether what the registry said still holds, again and again until the tap closes: it may have been away, or may
  /// have been emptied.
  boost::asio::awaitable<void> watch(committer& to, event& tap);
  [[nodiscard]] topic_schemas_port port();

 private:
  boost::asio::awaitable<void> admit_each(committer& to);
  boost::asio::awaitable<result<void>> admit(std::string topic);
  boost::asio::awaitable<result<void>> ask_about(std::string topic, topic_format wanted);
  boost::asio::awaitable<result<void>> confirm(std::string topic);
  [[nodiscard]] bool must_be_known(const std::string& topic, const topic_format& wanted) const;
  [[nodiscard]] bool is_confirmed(const std::string& topic) const;
  void set_apart(committer& to, const std::string& topic, const error& why);

  schema_surroundings around_;
  topic_contents contents_;
  schema_ids ids_;
  formats_by_topic wanted_;
  std::map<std::string, schema_ids::known_id> admitted_;
  std::map<std::string, error> held_;  ///< topics that may not be written, JSON ones too, and why
  std::set<std::string> asking_;       ///< topics about which a question is under way
  std::set<std::string> apart_;        ///< topics that were set apart for what was found here
};

}  // namespace oes
