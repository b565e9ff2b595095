#pragma once
// THE CORRIDOR: the only place that names every stage between the API and Kafka, in the order in which a record walks.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "async/clock.hpp"
#include "async/event.hpp"
#include "async/failure.hpp"
#include "async/last_words.hpp"
#include "commit/committer.hpp"
#include "facilities/facility_directory.hpp"
#include "fetch/source.hpp"
#include "groups/group_state.hpp"
#include "groups/open_group.hpp"
#include "groups/work_watch.hpp"
#include "report/outcome.hpp"
#include "report/reporter.hpp"
#include "schedule/rationing.hpp"

namespace oes {

/// What a group's coroutine works with; borrowed, outlives every group.
struct corridor {
  boost::asio::any_io_executor loop;
  source& from;
  committer& to;
  rationing& budget;
  const time_source& clock;
  reporter& report;
  schedule_settings schedule;
  const plan_limits& limits;  ///< as the plan is known to be: learnt anew while the groups run
  chunk_limits chunk;
  event& tap;                       ///< set: begin nothing new (stop, or leadership lost)
  std::function<double()> uniform;  ///< random numbers in [0, 1)
  /// Keeps a sample of an answer that stayed unusable (guarantee.md §5).
  std::function<void(const std::string& why, std::string_view body)> keep_sample;
  facility_directory* facilities = nullptr;  ///< set where there are facility series
  failure_handler on_failure = [](std::string_view who, const std::exception_ptr& thrown) { end_process(who, thrown); };
  work_watch work = {};    ///< told what is at work
  event* eased = nullptr;  ///< set and cleared when more may be asked than was known (rationing::when_eased)
};

/// One walk: plan → fetch → decode → select → build → commit.
boost::asio::awaitable<cycle_outcome> run_cycle(const request_group& group, group_state& state, corridor& c,
                                                turn whose);

/// Cycles at their triggers until the tap closes.
boost::asio::awaitable<void> run_group(request_group group, group_state state, corridor& c);

}  // namespace oes
