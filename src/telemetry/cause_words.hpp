#pragma once
// What a cause says, without what it names: a host, a topic or an id may hold any word by which causes are told. Pure.
#include <string>
#include <string_view>

namespace oes {

/// The words of `why` in lower case, without the punctuation around them, each with a blank behind it. Left out are
/// what stands in quotes, what is put together like a name (`k-1:9092/2`, `my.schema.v1`, a URL), and what follows a
/// word that a name follows (`topic t`, `resolve host`).
std::string cause_words(std::string_view why);

/// The first broker that `why` names, as `host:port`; empty: none.
std::string_view named_broker(std::string_view why);

}  // namespace oes
