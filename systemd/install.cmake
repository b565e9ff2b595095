# Unit and configuration; run by `cmake --install`, which alone knows the prefix. Of /usr and /usr/local the configuration
# is in /etc, of every other prefix under it. A configuration that is there already is somebody's own and stays.
set(prefix "${CMAKE_INSTALL_PREFIX}")
if(prefix MATCHES "^/usr(/local)?/?$")
  set(etc "/etc/openelectricity-stream")
else()
  set(etc "${prefix}/etc/openelectricity-stream")
endif()

set(unit "${prefix}/lib/systemd/system/openelectricity-stream.service")
file(READ "${CMAKE_CURRENT_LIST_DIR}/openelectricity-stream.service" text)
string(REPLACE "/etc/openelectricity-stream" "${etc}" text "${text}")
string(REPLACE "/usr/bin/" "${prefix}/bin/" text "${text}")
message(STATUS "Installing: $ENV{DESTDIR}${unit}")
file(WRITE "$ENV{DESTDIR}${unit}" "${text}")

set(config "${CMAKE_CURRENT_LIST_DIR}/../config")
if(NOT EXISTS "$ENV{DESTDIR}${etc}/openelectricity-stream.yaml")
  file(INSTALL "${config}/openelectricity-stream.yaml" DESTINATION "${etc}")
endif()
file(INSTALL "${config}/openelectricity-stream.schema.json" DESTINATION "${etc}")
