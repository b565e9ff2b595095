#pragma once
// Under which guarantee progress.json was written.
namespace oes {

/// Decides what it is worth when Kafka holds nothing (guarantee.md §3).
enum class mirrored_delivery { exactly_once, at_least_once };

}  // namespace oes
