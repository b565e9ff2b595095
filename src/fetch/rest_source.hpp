#pragma once
// ADAPTER of source: the OpenElectricity REST API over HTTP/1.1 and TLS.
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "async/clock.hpp"
#include "fetch/fetch_settings.hpp"
#include "fetch/source.hpp"
#include "model/api_key.hpp"
#include "model/redactor.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// How error bodies, /me and the list of facilities are read: decode/ knows the API's JSON, app/ hands the functions
/// over.
struct body_readers {
  std::string (*error_text)(std::string_view body);
  result<account> (*read_account)(std::string_view body);
  /// In slices: a list may be long.
  boost::asio::awaitable<result<facility_list>> (*read_facilities)(std::string body);
};

/// `known_good`: the key has had a success before, as remembered across restarts by its hash; a 401 then means a limit,
/// not a bad key. `on_good` is called at the first success of a key.
struct key_memory {
  bool known_good = false;
  std::function<void()> on_good;
};

/// What a source works with; borrowed, outlives it.
struct source_surroundings {
  api_key& key;
  time_source& clock;  ///< learns the API's time from each answer
  logger& log;
  const redactor& secrets;  ///< knows every key there was, also one that took the place of another under way
};

/// Throws failure (bad_config) when base_url, the key or ca_file is unusable. Requests run on the executor of the
/// coroutine that awaits them: one thread, at most four connections. A key that is refused is looked up again where it
/// came from, and the request is asked once more where that gave another.
std::unique_ptr<source> make_rest_source(const fetch_settings& settings, body_readers readers, key_memory memory,
                                         source_surroundings around);

}  // namespace oes
