#pragma once
// A request group whose members' topics Kafka refuses, all or some of them: who is set apart, and how they come back.
#include "groups/group_state.hpp"
#include "pipeline/writer.hpp"

namespace oes {

/// When one of them is due to be tried again; the end of time: none is.
run_time next_rehearsal(const request_group& group, const committer& to);

/// Tries those that are due: with Kafka, before a credit is spent on them. true: one has come back.
boost::asio::awaitable<bool> rehearse(const request_group& group, group_state& state, writer& write);

/// Kafka has refused what was delivered. Nothing of it is committed, nor in the ledgers.
void set_apart(const request_group& group, group_state& state, writer& write, const error& why);

}  // namespace oes
