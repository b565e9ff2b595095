# Read by cpack when it begins: the version of what was built, and the changelog that Debian asks for.
set(generated ${CPACK_OES_GENERATED})
include(${generated}/package_version.cmake)
set(CPACK_DEBIAN_PACKAGE_VERSION ${OES_PACKAGE_VERSION})
set(CPACK_PACKAGE_VERSION ${OES_PACKAGE_VERSION})
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # SOURCE_DATE_EPOCH where it is set
file(WRITE ${generated}/changelog
     "openelectricity-stream (${OES_PACKAGE_VERSION}) unstable; urgency=medium\n
  * CHANGELOG.md in this folder tells what changed.\n
 -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
execute_process(COMMAND gzip -9nf ${generated}/changelog COMMAND_ERROR_IS_FATAL ANY)
