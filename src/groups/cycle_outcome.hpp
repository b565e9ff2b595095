#pragma once
// How a cycle of a request group ended, and what its failure means. Pure.
#include <cstddef>
#include <vector>

#include "model/error.hpp"
#include "schedule/turns.hpp"

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

/// It waits for that hour: neither is it a deep re-read alone that is refused, nor may it be for a plan not known yet.
bool is_stopped_by_api(const cycle_outcome& outcome);

/// Without a credit, with a key that is refused or an API that is away nobody asks: that is told once for all.
bool is_told_elsewhere(const error& why);

/// Each try is a request that the API takes and cannot answer.
bool costs_a_credit(errc code);

}  // namespace oes
