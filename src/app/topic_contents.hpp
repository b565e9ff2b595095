#pragma once
// In which format topics were written before this process writes to them, and whether it must be known. Loop only.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "app/newest_records.hpp"
#include "app/topic_formats.hpp"

namespace oes {

using formats_by_topic = std::map<std::string, topic_format>;

class topic_contents {
 public:
  explicit topic_contents(const configuration& config, const std::vector<request_group>& groups)
      : config_(config), groups_(groups) {}

  /// Before groups start: what the configuration wants now. `same`: whether it wants a topic as it did before; what was
  /// found in the others is looked at again. `members`: of progress.
  void begin(const formats_by_topic& wanted, const std::map<member_key, member_progress>& members,
             const std::function<bool(const std::string&)>& same);
  /// Looks at those that must be known and are not. Errors: stopped.
  boost::asio::awaitable<result<void>> look_at_all(formats_by_topic must_be_known);
  /// Looks at one, unless it was told before and not forgotten since. Errors: stopped.
  boost::asio::awaitable<result<void>> look_at(std::string topic);
  /// It is about to be written to: who asks again looks again.
  void forget(const std::string& topic) { seen_.erase(topic); }
  /// So may all be, by others.
  void forget_all() { seen_.clear(); }

  /// A deployment that has never known Avro looks only where it has not published itself: there another one may write.
  [[nodiscard]] bool must_be_known(const std::string& topic) const {
    return knows_avro_ || !wrote_there_.contains(topic);
  }
  /// Our newest records in it, by schema; nullopt: it may not be read, and may be written all the same. Errors:
  /// refused, the topic is of the other format, or it must be read to know; kafka_unavailable.
  [[nodiscard]] result<std::optional<written_records>> written_in(const std::string& topic,
                                                                  const topic_format& wanted) const;
  /// Whether a configuration that is to be taken over would mix formats in one of these topics. Errors: refused, it
  /// would; kafka_unavailable, it cannot be told now.
  boost::asio::awaitable<result<void>> would_fit(const configuration& config, const std::vector<request_group>& groups,
                                                 formats_by_topic others) const;

 private:
  boost::asio::awaitable<result<void>> look(own_series_by_topic topics);

  const configuration& config_;
  const std::vector<request_group>& groups_;
  newest_by_topic seen_;
  std::set<std::string> wrote_there_;  ///< topics to which streams of today have published in today's format
  bool knows_avro_ = false;
};

}  // namespace oes
