#pragma once
// What everybody publishes with: the committer, and how much of an answer one transaction may hold.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>

#include "async/clock.hpp"
#include "async/failure.hpp"
#include "commit/committer.hpp"
#include "report/reporter.hpp"

namespace oes {

/// Which topics may be written, as far as their format and its schema tell. Where nothing is set, all may.
struct topic_schemas_port {
  /// nullopt: it may be written.
  std::function<std::optional<error>(const std::string& topic)> why_not;
  /// Of a topic of Avro that may be written: what the registry calls its schema.
  std::function<std::int32_t(const std::string& topic)> id_of;
  /// Asks whether it may. Errors: why it may not; stopped.
  std::function<boost::asio::awaitable<result<void>>(std::string topic)> admit;
};

/// Borrows everything; one per opening of the groups, of which a term has several; shared by all who publish.
struct writer {
  boost::asio::any_io_executor loop;
  oes::committer& committer;
  chunk_limits transaction;
  const time_source& clock;
  reporter& report;
  failure_handler on_failure;
  topic_schemas_port schemas = {};

  /// What keeps a topic from being written, in its format, with its schema.
  [[nodiscard]] std::optional<error> not_admitted(const std::string& topic) const {
    return schemas.why_not ? schemas.why_not(topic) : std::nullopt;
  }
};

}  // namespace oes
