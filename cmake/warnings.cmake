# Warnings for our own targets; never passed on to those who link qsm.
add_library(qsm_warnings INTERFACE)
target_compile_options(qsm_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror)
