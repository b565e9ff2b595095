# Debian packages, by `cpack` in the folder of a build (deploy/package.sh does all of it): the daemon, the simulator
# apart, and the debug symbols of both. Version and commit come from version.cmake by way of package_version.cmake.
set(debian ${CMAKE_SOURCE_DIR}/packaging/debian)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME openelectricity-stream)
set(CPACK_PACKAGE_CONTACT "openelectricity-stream maintainers <maintainers@openelectricity-stream.example>")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_OES_GENERATED ${CMAKE_BINARY_DIR}/generated)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_SOURCE_DIR}/cmake/package_at_cpack.cmake)
set(CPACK_COMPONENTS_ALL daemon)
if(OES_SIMULATOR)
  list(APPEND CPACK_COMPONENTS_ALL simulator)
endif()
# Of /etc and /usr both: a staging folder takes the place of the root, not of the prefix.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_DEBUGINFO_PACKAGE ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_DAEMON_PACKAGE_NAME openelectricity-stream)
set(CPACK_DEBIAN_DAEMON_PACKAGE_SECTION net)
# The user is made by systemd-sysusers, which a container has without systemd.
set(CPACK_DEBIAN_DAEMON_PACKAGE_DEPENDS "ca-certificates, systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_DAEMON_DESCRIPTION
    "stream Australian electricity data into Kafka, exactly once
A daemon that reads generation, prices, demand and emissions from the
OpenElectricity API and publishes them to Kafka: one record for each series,
interval and metric, every correction of the API included, each exactly once.")
set(CPACK_DEBIAN_DAEMON_PACKAGE_CONTROL_EXTRA ${debian}/preinst;${debian}/postinst;${debian}/prerm;${debian}/postrm;${debian}/conffiles)

set(CPACK_DEBIAN_SIMULATOR_PACKAGE_NAME openelectricity-simulator)
set(CPACK_DEBIAN_SIMULATOR_PACKAGE_SECTION net)
set(CPACK_DEBIAN_SIMULATOR_DESCRIPTION
    "simulator of the OpenElectricity API
Answers as the OpenElectricity API does, with invented data and a clock of its
own: to try openelectricity-stream without a key, and to test it.")

# Of a package alone, not of `cmake --install`.
function(of_package component)
  install(${ARGN} COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()
set(doc share/doc/openelectricity-stream)
of_package(daemon FILES ${debian}/copyright DESTINATION ${doc})
of_package(daemon FILES ${CMAKE_SOURCE_DIR}/CHANGELOG.md ${CMAKE_SOURCE_DIR}/README.md DESTINATION ${doc})
file(GLOB handbook CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/*.md)
of_package(daemon FILES ${handbook} DESTINATION ${doc}/docs)
# Where the handbook's links lead: alerts and the scrape configuration, the dashboard, the manifests.
set(deploy ${CMAKE_SOURCE_DIR}/deploy)
of_package(daemon FILES ${deploy}/prometheus/rules.yaml ${deploy}/prometheus/prometheus.yml DESTINATION ${doc}/deploy/prometheus)
of_package(daemon DIRECTORY ${deploy}/grafana/dashboards DESTINATION ${doc}/deploy/grafana)
of_package(daemon DIRECTORY ${deploy}/kubernetes DESTINATION ${doc}/deploy)
of_package(
  daemon DIRECTORY DESTINATION /etc/openelectricity-stream/secrets
  DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE)
of_package(daemon FILES ${debian}/lintian-overrides DESTINATION share/lintian/overrides RENAME openelectricity-stream)
of_package(daemon FILES ${CMAKE_BINARY_DIR}/generated/changelog.gz DESTINATION ${doc})
if(OES_SIMULATOR)
  of_package(simulator FILES ${debian}/copyright DESTINATION share/doc/openelectricity-simulator)
  of_package(simulator FILES ${CMAKE_BINARY_DIR}/generated/changelog.gz DESTINATION share/doc/openelectricity-simulator)
endif()

include(CPack)
