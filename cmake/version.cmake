# Version and commit from here into whatever tells them, written anew at each build and touched only when they have changed:
#   cmake -D VERSION=… -D COMMIT=… -D SOURCE=… -D OUT=… -P version.cmake
# OUT/version.cpp is compiled; OUT/package_version.cmake is read by cpack.
# COMMIT: as a packager gives it (OES_COMMIT); else what git says of the checkout, or `git archive` left in archive.txt;
# else "unknown".
function(git out)
  execute_process(COMMAND git -C ${SOURCE} ${ARGN} OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(${out} "${said}" PARENT_SCOPE)
endfunction()

# Hash, time and names of the commit.
git(told log -1 "--format=%H %ct %D")
set(dirty "")
if(told)
  git(changes status --porcelain --untracked-files=no)
  if(changes)
    set(dirty -dirty)
  endif()
else()
  file(READ ${SOURCE}/cmake/archive.txt told)
endif()

# The package's version: of a release (tagged v1.2.3) or of an unknown commit the number alone. CMakeLists.txt names the
# release that comes next: what leads to it has the commit's time behind a `~`, so that a later commit's package counts as
# newer, and the release's as newer than all of them.
set(package ${VERSION})
if(NOT COMMIT AND told MATCHES "^([0-9a-f]+) ([0-9]+)(.*)$")
  string(SUBSTRING "${CMAKE_MATCH_1}" 0 12 COMMIT)
  set(names "${CMAKE_MATCH_3}")
  set(ENV{SOURCE_DATE_EPOCH} ${CMAKE_MATCH_2})
  string(TIMESTAMP time "%Y%m%d%H%M%S" UTC)
  string(APPEND COMMIT "${dirty}")
  if(dirty OR NOT names MATCHES "tag: v${VERSION}(,|$)")
    string(REPLACE "-" "." suffix "${COMMIT}")
    set(package ${VERSION}~git${time}.${suffix})
  endif()
endif()
if(NOT COMMIT)
  set(COMMIT unknown)
endif()

function(write_changed file text)
  set(before "")
  if(EXISTS ${file})
    file(READ ${file} before)
  endif()
  if(NOT text STREQUAL before)
    file(WRITE ${file} "${text}")
  endif()
endfunction()

write_changed(
  ${OUT}/version.cpp
  "#include \"model/version.hpp\"\n
namespace oes {\n
std::string_view version() { return \"${VERSION}\"; }
std::string_view commit() { return \"${COMMIT}\"; }\n
}  // namespace oes\n")
write_changed(${OUT}/package_version.cmake "set(OES_PACKAGE_VERSION ${package})\n")
