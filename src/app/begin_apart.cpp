#include "app/begin_apart.hpp"

#include <utility>

namespace oes {

namespace asio = boost::asio;

asio::awaitable<void> run_group_apart(set_apart apart, request_group group, group_state state, corridor& c) {
  c.report.set_apart(group, apart.why, c.clock.now() + apart.pause);
  const bool closed = co_await c.tap.wait_for(c.clock.real(apart.pause));
  if (closed) co_return;
  c.report.tried_again(group);
  co_await run_group(std::move(group), std::move(state), c);
}

asio::awaitable<void> keep_facilities_apart(set_apart apart, facility_keeper keeper, corridor& c) {
  error why{errc::not_yet, apart.why, {}, 0};
  keeper.directory.note_failure(why);
  c.report.list_failed(keeper.settings.topic, why);
  const bool closed = co_await c.tap.wait_for(c.clock.real(apart.pause));
  if (closed) co_return;
  co_await keep_facilities(std::move(keeper), c);
}

work_watch watched_by(ends_before& ends) {
  return {[&ends](std::string_view who, const std::vector<work_in_hand>& work) { ends.begins(who, work); },
          [&ends](const work_in_hand& work) { ends.succeeded(work); }};
}

}  // namespace oes
