#pragma once
// UTF-8 (RFC 3629), and the characters in it that a terminal or a reader is misled by. The one place that knows them.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace oes {

struct utf8_character {
  char32_t code = 0;
  std::size_t bytes = 0;  ///< 0: what stands at the front is no UTF-8 (overlong forms, surrogates, cut sequences too)
};

/// The first character of a text that is not empty.
utf8_character first_character(std::string_view text);
bool is_utf8(std::string_view text);

/// The same text with each byte that is not UTF-8 as U+FFFD, and all else as it is: for files, not for people.
std::string valid_utf8(std::string_view text);

/// C0 (with tab and line ends), DEL, C1 (U+0080–U+009F): what a terminal obeys instead of showing it.
bool is_control(char32_t code);
/// Direction marks, embeddings, overrides and isolates, line and paragraph separators, zero-width and other invisible
/// ones: what lets a text show as another.
bool is_deceptive(char32_t code);

/// What keeps a text from being typed or configured: `is not UTF-8`, `holds a control character (U+001B)`, `holds an
/// invisible or direction character (U+202E)`. nullopt: nothing.
std::optional<std::string> fault_of_text(std::string_view text);
/// What keeps a text of the API from being a label: as above, but invisible characters are its own affair (they are
/// shown as escapes).
std::optional<std::string> fault_of_label(std::string_view text);

/// A to Z as a to z, and all else as it is: for names that are ASCII.
std::string ascii_lower(std::string_view text);

/// For people: control and deceptive characters as \n, \t, \r or \u009b, what is no UTF-8 as U+FFFD, all other text as
/// it is. `longest` bytes at most, not cut inside a character; what was cut off shows as `...`.
std::string printable(std::string_view text, std::size_t longest = std::string::npos);
/// The same with runs of blanks and control characters as one space, none at the ends.
std::string one_line(std::string_view text, std::size_t longest = std::string::npos);

}  // namespace oes
