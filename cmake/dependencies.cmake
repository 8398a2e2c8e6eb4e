# What the library needs from elsewhere: headers only, for the .ipp files. The system's own copy comes first; a download
# only where QSM_DOWNLOADS=ON asks for it. One call of qsm_dependency per package; then link the target to qsm_qsm
# (BUILD_INTERFACE: its users need nothing) and to qsm_headers (whose users compile the .ipp files themselves), and name
# the package in cmake/qsmConfig.cmake.in.
option(QSM_DOWNLOADS "Download what find_package does not find" OFF)
include(FetchContent)

# qsm_dependency(Boost 1.74 Boost::headers libboost-dev include https://... commit)
macro(qsm_dependency package version target debian folder repository commit)
  if(NOT TARGET ${target})
    find_package(${package} ${version} QUIET)
    if(NOT TARGET ${target} AND QSM_DOWNLOADS)
      message(STATUS "${package} ${version} not found: downloading ${repository}")
      string(TOLOWER ${package} package_name)
      # SOURCE_SUBDIR names a folder without a CMakeLists.txt, so that nothing of the package is built.
      FetchContent_Declare(${package} GIT_REPOSITORY ${repository} GIT_TAG ${commit} SOURCE_SUBDIR nothing_to_build)
      FetchContent_MakeAvailable(${package})
      add_library(${target} INTERFACE IMPORTED GLOBAL)
      target_include_directories(${target} SYSTEM INTERFACE ${${package_name}_SOURCE_DIR}/${folder})
    elseif(NOT TARGET ${target})
      message(FATAL_ERROR "qsm needs the headers of ${package} ${version} or newer: install them (Debian: "
                          "${debian}, vcpkg: see vcpkg.json), name their place in CMAKE_PREFIX_PATH, or configure "
                          "with -DQSM_DOWNLOADS=ON")
    endif()
  endif()
endmacro()
