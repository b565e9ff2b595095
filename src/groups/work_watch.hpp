#pragma once
// Who is told what the coroutines of a term are at work on, and that it succeeded: what a dying process leaves
// behind, and what sets a stream apart, comes from there (app/ends_before).
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "groups/request_group.hpp"
#include "model/request.hpp"
#include "model/work_in_hand.hpp"

namespace oes {

/// Names of coroutines, as their task group knows them.
inline constexpr std::string_view committer_coroutine = "committer";
inline constexpr std::string_view background_coroutine = "background work";
inline constexpr std::string_view list_coroutine = "list of facilities";

struct work_watch {
  /// The coroutine of that name works on this from now on; several things where a transaction holds several.
  std::function<void(std::string_view who, const std::vector<work_in_hand>& work)> begins =
      [](std::string_view, const std::vector<work_in_hand>&) {};
  std::function<void(const work_in_hand& work)> succeeded = [](const work_in_hand&) {};
};

/// A group's coroutine: what no two of them share.
std::string coroutine_of(const request_group& group);
work_in_hand work_of(const request_group& group, const time_range& window, work_place place = work_place::live);
/// Of a request; `end`: of a window without one.
work_in_hand work_of(const request_group& group, const time_window& window, network_time end,
                     work_place place = work_place::live);
work_in_hand work_of_facilities();

}  // namespace oes
