# What makes a fault in memory harder to use: flags of every optimised build of ours, looked for in the executable by
# tests/integration/build. A packager's own flags come first: what they set is not set again.
if(OES_HARDENING AND NOT OES_SANITIZE)
  # Not by CMake's property: libraries and executables share one precompiled header, so they need the same flag.
  target_compile_options(oes_options INTERFACE -fPIE)
  target_link_options(oes_options INTERFACE -pie)
  set(optimised $<NOT:$<CONFIG:Debug>>)
  target_compile_options(oes_options INTERFACE -fstack-protector-strong)
  target_compile_definitions(oes_options INTERFACE _GLIBCXX_ASSERTIONS)
  if(NOT CMAKE_CXX_FLAGS MATCHES "_FORTIFY_SOURCE")
    target_compile_definitions(oes_options INTERFACE $<${optimised}:_FORTIFY_SOURCE=2>)
  endif()
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(oes_options INTERFACE -fcf-protection)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    target_compile_options(oes_options INTERFACE -mbranch-protection=standard)
  endif()
  target_link_options(oes_options INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()
