#include "app/begin_quarantined.hpp"

#include <utility>

namespace oes {

namespace asio = boost::asio;

asio::awaitable<void> run_quarantined(quarantine apart, poll_loop polling, const poll_context& by) {
  by.report.set_apart(polling.group(), apart.why, by.clock.now() + apart.pause);
  const bool closed = co_await by.tap.wait_for(by.clock.real(apart.pause));
  if (closed) co_return;
  by.report.tried_again(polling.group());
  co_await polling.run();
}

asio::awaitable<void> keep_facilities_quarantined(quarantine apart, facility_keeper keeper, const poll_context& by,
                                                  reader& read, writer& write) {
  error why{errc::not_yet, apart.why};
  keeper.directory.note_failure(why);
  tell_list_failed(keeper, by.report, why);
  const bool closed = co_await by.tap.wait_for(by.clock.real(apart.pause));
  if (closed) co_return;
  co_await keep_facilities(std::move(keeper), by, read, write);
}

work_watch watched_by(ends_before& ends) {
  return {[&ends](std::string_view who, const std::vector<work_in_hand>& work) { ends.begins(who, work); },
          [&ends](const work_in_hand& work) { ends.succeeded(work); }};
}

}  // namespace oes
