#pragma once
// A deployment's whole progress as one document: out of one cluster, into another. Pure.
// Its `sha256` is that of the document without it in canonical form: `jq -cSj 'del(.sha256)' FILE | sha256sum`.
#include <string>
#include <string_view>

#include "model/error.hpp"
#include "model/ledger.hpp"

namespace oes {

inline constexpr int export_format = 2;

std::string write_export(const stored_progress& stored, utc_time now);
/// damaged: not an export, or its hash does not fit. refused: written by a newer release.
result<stored_progress> read_export(std::string_view text);

}  // namespace oes
