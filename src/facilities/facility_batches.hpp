#pragma once
// Facility series travel in batches: the API takes at most 30 facility codes in one request (api.md §1). Which codes,
// how they are split, and how long a window may be so that the answers stay of a size. Pure.
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "model/facility.hpp"
#include "model/request.hpp"

namespace oes {

using batch_list = std::vector<std::vector<std::string>>;

[[nodiscard]] inline bool asked_in_batches(const group_identity& id) { return id.from == endpoint::facility; }

/// Whether the identity's network and filters let the unit through.
[[nodiscard]] bool wants_unit(const group_identity& id, const facility_unit& unit);

/// The facilities to ask for a window that begins at `from`, in their order, at most 30 in each batch. Left out are
/// those all of whose units had retired before; a code that the configuration names and the list does not is asked.
batch_list batches_of(const group_identity& id, const facility_list& list, network_time from);

/// The longest window whose answers stay below `most_bytes`, each as it is transferred and all as they are kept; at
/// least one interval.
std::chrono::seconds window_for_batches(const group_identity& id, std::size_t metrics, const facility_list& list,
                                        network_time from, std::size_t most_bytes);

}  // namespace oes
