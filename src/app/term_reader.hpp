#pragma once
// The one reader of a term's opening of the groups; and of a command that has to ask something before its term begins.
#include "app/term_context.hpp"
#include "async/event.hpp"
#include "pipeline/poll_context.hpp"
#include "reader/reader.hpp"

namespace oes {

/// `eased`: the reader's; nullptr where nobody waits for that.
reader make_reader(term_context& context, event& tap, event* eased);

/// What those who poll in that opening go by.
poll_context make_poll_context(term_context& context, event& tap);

}  // namespace oes
