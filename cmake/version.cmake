# Version and commit in one source file, written anew at each build and touched only when they have changed:
#   cmake -D VERSION=… -D COMMIT=… -D SOURCE=… -D OUT=… -P version.cmake
# COMMIT: as a packager gives it (OES_COMMIT); else what git says of the checkout, else "unknown".
if(NOT COMMIT)
  execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
                  OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT COMMIT)
  set(COMMIT unknown)
endif()
set(text "#include \"model/version.hpp\"\n
namespace oes {\n
std::string_view version() { return \"${VERSION}\"; }
std::string_view commit() { return \"${COMMIT}\"; }\n
}  // namespace oes\n")
set(before "")
if(EXISTS ${OUT})
  file(READ ${OUT} before)
endif()
if(NOT text STREQUAL before)
  file(WRITE ${OUT} "${text}")
endif()
