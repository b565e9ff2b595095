# What the program prints of itself, into files to be installed: cmake -D PROGRAM=… -D OUT=… -P printed.cmake
file(MAKE_DIRECTORY ${OUT}/bash ${OUT}/zsh ${OUT}/fish)
function(printed file)
  execute_process(COMMAND ${PROGRAM} ${ARGN} OUTPUT_FILE ${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
printed(${OUT}/openelectricity-stream.1 man)
printed(${OUT}/bash/openelectricity-stream completion bash)
printed(${OUT}/zsh/_openelectricity-stream completion zsh)
printed(${OUT}/fish/openelectricity-stream.fish completion fish)
# -n: neither name nor time, so that the same page is the same file.
execute_process(COMMAND gzip -9nf ${OUT}/openelectricity-stream.1 COMMAND_ERROR_IS_FATAL ANY)
