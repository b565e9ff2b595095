#pragma once
// ADAPTER of source: the OpenElectricity REST API over HTTP/1.1 and TLS.
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "fetch/fetch_settings.hpp"
#include "fetch/source.hpp"
#include "async/clock.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// How error bodies, /me and the list of facilities are read: decode/ knows the API's JSON, app/ hands the functions
/// over.
struct body_readers {
  std::string (*error_text)(std::string_view body);
  result<account> (*read_account)(std::string_view body);
  result<facility_list> (*read_facilities)(std::string body);
};

/// `known_good`: this key has had a success before, as remembered across restarts by its hash; a 401 then means a
/// limit, not a bad key. `on_good` is called at the first success.
struct key_memory {
  bool known_good = false;
  std::function<void()> on_good;
};

/// Throws failure (bad_config) when base_url, api_key or ca_file is unusable. Requests run on the executor of the
/// coroutine that awaits them, which must be `loop`: one thread, at most four connections.
std::unique_ptr<source> make_rest_source(const fetch_settings& settings, body_readers readers, key_memory key,
                                         const boost::asio::any_io_executor& loop, time_source clock, logger& log);

}  // namespace oes
