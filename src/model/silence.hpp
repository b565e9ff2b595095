#pragma once
// Holes that come back as regularly as the data between them: half-hourly points among five-minute labels, a unit that
// runs every other day. Nobody expects them to be filled, so they are no gaps. Pure.
#include "model/month_cells.hpp"

namespace oes {

/// Holes without data (reason "no_data") of one length, with as much data between each two of them, become silent once
/// six of them or more follow one another over a day or longer, and with them a hole beside these that the month's
/// bounds, or the newest label, cut short. What comes late is published all the same. Anything else stays a gap.
void find_rhythms(month_cells& month);

}  // namespace oes
