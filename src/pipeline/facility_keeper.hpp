#pragma once
// Keeps the list of facilities: reads it on its own cadence, hands it to the groups of facility series, and publishes
// what has changed, in the same transactions and exactly once like everything else.
#include <boost/asio/awaitable.hpp>

#include "facilities/facility_list_settings.hpp"
#include "model/ledger.hpp"
#include "pipeline/poll_context.hpp"
#include "pipeline/writer.hpp"
#include "reader/reader.hpp"

namespace oes {

/// Codes that a stream's configuration names.
struct wanted_facilities {
  std::string stream;
  network net = network::nem;
  std::vector<std::string> codes;
};
/// A line for each stream that names what the list does not have: only now can it be known.
std::vector<std::string> unknown_facilities(const std::vector<wanted_facilities>& wanted, const facility_list& list);

struct facility_keeper {
  facility_directory& directory;
  facility_list_settings settings;
  ledger_image published;  ///< as committed
  std::vector<wanted_facilities> wanted = {};
};

/// credit → fetch → is it to be believed → the directory → what changed → commit. A list that is young enough is not
/// fetched again, but held against what is committed. Errors as of a cycle, and told: nothing is published then, and
/// the directory keeps its older list.
boost::asio::awaitable<result<void>> keep_facilities_once(facility_keeper& keeper, const poll_context& by, reader& read,
                                                          writer& write);

/// A list that is published has a row of its own, which says so; one for facility series alone is a trouble beside
/// them.
void tell_list_failed(const facility_keeper& keeper, reporter& report, const error& why);

/// Again and again, until the tap closes.
boost::asio::awaitable<void> keep_facilities(facility_keeper keeper, const poll_context& by, reader& read,
                                             writer& write);

}  // namespace oes
