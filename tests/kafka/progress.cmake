# The progress topic on a real broker: OES_TEST_BOOTSTRAP names it.
add_executable(kafka_progress ${CMAKE_CURRENT_LIST_DIR}/progress_load_test.cpp)
target_link_libraries(kafka_progress PRIVATE oes_test_main oes_progress)
