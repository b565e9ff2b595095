#include "app/edit_plan.hpp"

#include "app/exit_code.hpp"
#include "groups/open_group.hpp"
#include "operate/export_document.hpp"
#include "operate/trust.hpp"

namespace oes {
namespace {

result<progress_edit> plan_import(const job& asked, const whole_progress& before) {
  const auto imported = read_export(asked.document);
  if (!imported) return imported.error();
  return import_progress(before, {imported->snapshot.state, imported->ledger},
                         asked.replace ? existing_progress::replace : existing_progress::refuse);
}

result<progress_edit> plan_over(const job& asked, const whole_progress& before, const member_map& configured,
                                utc_time now) {
  switch (asked.kind) {
    case job_kind::reset:
      return reset_members(before, {asked.stream, asked.metric}, configured);
    case job_kind::seek:
      return seek_members(before, {asked.stream, asked.metric}, asked.to, now);
    case job_kind::rename:
      return rename_stream(before, asked.stream, asked.to, configured);
    case job_kind::import_progress:
      return plan_import(asked, before);
    case job_kind::reload:
      return progress_edit{before, before, {}, false};
    case job_kind::status:
    case job_kind::show:
    case job_kind::trust:
    case job_kind::adopt:
    case job_kind::backfill:  // not a change to progress alone: backfill_job
      break;
  }
  return error{errc::refused,
               "the daemon leads, so Kafka and its progress.json agree: there is nothing to decide between them"};
}

result<progress_edit> with_new_members(result<progress_edit> plan, const member_map& configured) {
  if (plan) add_new_members(*plan, configured);
  return plan;
}

// What Kafka holds, and what the rest of the job starts from: not the same where the file becomes the first progress.
result<progress_edit> plan_over_agreement(const job& asked, const both_sides& found, const member_map& configured,
                                          utc_time now) {
  auto decision = reconcile(found.sides);
  if (!decision) return decision.error();
  auto plan = plan_over(asked, {decision->start_from.state, found.ledger}, configured, now);
  if (!plan) return plan;
  if (decision->write_members) plan->before.state.members.clear();
  if (!decision->note.empty()) plan->says.insert(plan->says.begin(), decision->note);
  return plan;
}

result<progress_edit> plan_import_alone(const job& asked, const both_sides& found) {
  const auto& sides = found.sides;
  auto before = kafka_beside_file(sides, found.ledger);
  // A file that knows more than Kafka is progress too: it is not to be lost unasked.
  if (!sides.kafka && sides.file.snapshot) before.state.members = sides.file.snapshot->state.members;
  auto plan = plan_import(asked, before);
  if (plan && !sides.kafka) plan->before.state.members.clear();
  return plan;
}

}  // namespace

void leave_out_renamed(progress_edit& plan, const std::vector<request_group>& groups) {
  auto standing = plan.after.state;
  std::erase_if(standing.members, [&](const auto& one) { return !plan.before.state.members.contains(one.first); });
  for (const auto& [key, why] : renamed_members(groups, standing)) plan.after.state.members.erase(key);
}

member_map configured_members(const std::vector<request_group>& groups, utc_time now,
                              std::optional<std::chrono::days> history) {
  const member_map nothing_known;
  const ledger_book no_ledger;
  auto fresh = new_members(groups, {nothing_known, no_ledger, now, history, std::nullopt});
  return {fresh.begin(), fresh.end()};
}

result<progress_edit> plan_edit(const job& asked, const whole_progress& held, const member_map& configured,
                                utc_time now) {
  return with_new_members(plan_over(asked, held, configured, now), configured);
}

result<progress_edit> plan_alone(const job& asked, const both_sides& found, const member_map& configured,
                                 utc_time now) {
  switch (asked.kind) {
    case job_kind::trust:
      return with_new_members(
          trust_side(found.sides, found.ledger, asked.side == "file" ? trusted_side::file : trusted_side::kafka),
          configured);
    case job_kind::adopt:
      return with_new_members(adopt_cluster(found.sides, found.ledger), configured);
    case job_kind::import_progress:
      return with_new_members(plan_import_alone(asked, found), configured);
    case job_kind::status:
    case job_kind::show:
    case job_kind::reset:
    case job_kind::seek:
    case job_kind::rename:
    case job_kind::backfill:
    case job_kind::reload:
      break;
  }
  return with_new_members(plan_over_agreement(asked, found, configured, now), configured);
}

namespace {

// What contradicted before does not contradict the change: other instances' memories and files yield to it.
history_after history_of(job_kind kind) {
  switch (kind) {
    case job_kind::trust:
    case job_kind::adopt:
    case job_kind::import_progress:
      return history_after::broken;
    case job_kind::reset:
    case job_kind::seek:
    case job_kind::rename:
    case job_kind::status:
    case job_kind::show:
    case job_kind::backfill:
    case job_kind::reload:
      break;
  }
  return history_after::goes_on;
}

}  // namespace

operator_reason reason_of(const job& asked, utc_time now) {
  return {asked.reason, asked.who, asked.host, asked.command, now, history_of(asked.kind)};
}

progress_commit commit_of(const job& asked, progress_edit plan, utc_time now) {
  return {std::move(plan.after), std::move(plan.before.ledger), reason_of(asked, now)};
}

job_answer describe_plan(const result<progress_edit>& plan) {
  if (!plan) return {exit_config, plan.error().context};
  return {exit_ok, "", plan->must_confirm, plan->says, {}};
}

job_answer done_at(std::int64_t sequence) { return {exit_ok, "done, at sequence " + std::to_string(sequence)}; }

}  // namespace oes
