#pragma once
// How a cycle of a request group ended, and therefore when the next one comes. Pure.
#include <chrono>
#include <string>
#include <vector>

#include "model/error.hpp"
#include "schedule/backoff.hpp"
#include "schedule/schedule_settings.hpp"
#include "schedule/turns.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

enum class cycle_end {
  idle,         ///< nothing can be there yet; no request was made
  published,    ///< progress moved
  more,         ///< more is waiting: go on at once
  nothing_yet,  ///< the API has nothing new (404, or only labels not yet to be taken)
  failed,       ///< `why` says what; nothing moved
  fenced,       ///< this process leads no more: the term is over
  stopped,      ///< a deliberate stop
};

/// What one member published in a cycle.
struct member_published {
  std::size_t member = 0;  ///< index into request_group::members
  std::size_t records = 0;
  std::size_t revised = 0;  ///< of these: published before, with another value
};

/// What one member did not publish of an answer.
struct member_compared {
  std::size_t member = 0;
  std::size_t unchanged = 0;  ///< published before, with this value
  std::size_t nulls = 0;      ///< null, and never published
};

struct cycle_outcome {
  cycle_end end = cycle_end::idle;
  error why{};  ///< only with `failed`
  std::vector<member_published> published = {};
  std::vector<member_compared> compared = {};  ///< of who has rows in the answer, whatever followed
  bool live_goes_on = false;                   ///< only a deep re-read failed: live polls do not wait for it
  bool waits_for_plan = false;          ///< refused, perhaps since the key's plan is less than it may be: not known yet
  bool shrinks = false;                 ///< the next request may do, for it asks for less
  bool gave_up = false;                 ///< only with `more`: an interval could not be read and was passed over
  turn of = turn::live;                 ///< whose cycle it was
  bool others_wait = false;             ///< there are members of the other turn
  std::vector<std::size_t> asked = {};  ///< who took part (indices); empty: nothing was asked for
};

/// A step of the cycle failed, or was stopped.
cycle_outcome ended_without(error why);

/// Only a change of the budget, of what is known of the key's plan, or of the API as a whole, makes the next request a
/// better one: told of it, the group asks at once.
bool wants_the_budget(const cycle_outcome& outcome);

/// The API does not take this request as it is: asked again hourly, and sooner only where that may be for a plan that
/// is not known yet.
bool is_probed_hourly(errc code);

/// Without a credit, with a key that is refused or an API that is away nobody asks: that is told once for all.
bool is_told_elsewhere(const error& why);

/// Each try is a request that the API takes and cannot answer.
bool costs_a_credit(errc code);

/// What a group remembers between cycles to decide when the next one comes.
struct retry_state {
  retry_state(const schedule_settings& settings, double scatter_share);
  /// The API has given an answer that can be used.
  void answered();
  backoff retry;
  bool gave_up = false;  ///< since it last did, an interval was passed over
  double scatter;        ///< the group's fixed share of the trigger jitter, in [0, 1)
};

/// How long a group waits when all is well.
struct poll_pauses {
  std::chrono::microseconds live{0};     ///< until its next poll at the live edge is due
  std::chrono::microseconds granted{0};  ///< between two polls, by its share of the day's credits
};

/// How long the group waits: `usual.live`, or what a failure asks for. Only a usable answer ends a backoff: neither a
/// cycle without a request nor an interval that was given up tells that trouble is over. `uniform` in [0, 1) is a
/// random number for the backoff's jitter.
std::chrono::microseconds next_pause(const cycle_outcome& outcome, retry_state& memory, poll_pauses usual,
                                     const schedule_settings& settings, double uniform);

/// The word for the status page.
stream_state state_after(const cycle_outcome& outcome);

}  // namespace oes
