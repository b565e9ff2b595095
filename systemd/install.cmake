# Units, their user and the configuration; run by `cmake --install` and by cpack, which alone know the prefix. Of /usr and
# /usr/local the configuration is in /etc, of every other prefix under it. A configuration that is there already is
# somebody's own and stays.
set(prefix "${CMAKE_INSTALL_PREFIX}")
if(prefix MATCHES "^/usr(/local)?/?$")
  set(etc "/etc/openelectricity-stream")
else()
  set(etc "${prefix}/etc/openelectricity-stream")
endif()
set(units "${prefix}/lib/systemd/system")

function(write_placed file text)
  string(REPLACE "/etc/openelectricity-stream" "${etc}" text "${text}")
  string(REPLACE "/usr/bin/" "${prefix}/bin/" text "${text}")
  string(REPLACE "/usr/share/" "${prefix}/share/" text "${text}")
  message(STATUS "Installing: $ENV{DESTDIR}${file}")
  file(WRITE "$ENV{DESTDIR}${file}" "${text}")
endfunction()

file(READ "${CMAKE_CURRENT_LIST_DIR}/openelectricity-stream.service" one)
write_placed("${units}/openelectricity-stream.service" "${one}")

# The same for several beside each other: openelectricity-stream@NAME.service with NAME.yaml, NAME.environment and a state
# of its own. Each replacement must find its place.
set(several "${one}")
foreach(
  pair
  "Description=OpenElectricity API to Kafka|Description=OpenElectricity API to Kafka (%i)"
  "/openelectricity-stream.yaml|/%i.yaml"
  "EnvironmentFile=-/etc/openelectricity-stream/environment|EnvironmentFile=-/etc/openelectricity-stream/environment\nEnvironmentFile=-/etc/openelectricity-stream/%i.environment"
  "StateDirectory=openelectricity-stream|StateDirectory=openelectricity-stream@%i")
  string(REGEX MATCH "^[^|]*" from "${pair}")
  string(REGEX REPLACE "^[^|]*\\|" "" to "${pair}")
  string(FIND "${several}" "${from}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "openelectricity-stream.service has no '${from}' any more")
  endif()
  string(REPLACE "${from}" "${to}" several "${several}")
endforeach()
write_placed("${units}/openelectricity-stream@.service" "${several}")

file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/openelectricity-stream.sysusers" DESTINATION "${prefix}/lib/sysusers.d"
     RENAME openelectricity-stream.conf)

set(config "${CMAKE_CURRENT_LIST_DIR}/../config")
if(NOT EXISTS "$ENV{DESTDIR}${etc}/openelectricity-stream.yaml")
  file(READ "${config}/installed.yaml" first)
  write_placed("${etc}/openelectricity-stream.yaml" "${first}")
endif()
file(INSTALL "${config}/openelectricity-stream.schema.json" DESTINATION "${etc}")
