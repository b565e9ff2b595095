#pragma once
// A job on progress with no daemon running.
#include "app/exit_code.hpp"
#include "commands/plan_consent.hpp"
#include "config/configuration.hpp"
#include "operate/job.hpp"

namespace oes {

/// The plan is shown and confirmed before this process leads or any topic is made, and made again once it leads: where
/// it has become another one, it is confirmed again.
exit_code operate_alone(configuration config, job asked, const confirmation& confirm);

}  // namespace oes
