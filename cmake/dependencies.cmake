# What comes from elsewhere. The system's own copy comes first; a download only where QSM_DOWNLOADS=ON asks for it.
# One call of qsm_dependency per package. One that the .ipp files include is linked to qsm_qsm (BUILD_INTERFACE: its
# users need nothing) and to qsm_headers (whose users compile the .ipp files themselves), and named in
# cmake/qsmConfig.cmake.in.
option(QSM_DOWNLOADS "Download what find_package does not find" OFF)
include(FetchContent)

# qsm_dependency(Boost 1.74 Boost::headers libboost-dev https://... commit [include])
# With the name of a folder, its headers are all that is used of a download; without, the package builds the target.
macro(qsm_dependency package version target debian repository commit)
  if(NOT TARGET ${target})
    find_package(${package} ${version} QUIET)
  endif()
  if(NOT TARGET ${target} AND QSM_DOWNLOADS)
    message(STATUS "${package} ${version} not found: downloading ${repository}")
    string(TOLOWER ${package} package_name)
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # options of the package, set before the call
    # A folder that is not there keeps CMake from configuring anything of the package. (SYSTEM may not follow GIT_TAG.)
    set(package_project "")
    if(NOT "${ARGN}" STREQUAL "")
      set(package_project not-there)
    endif()
    FetchContent_Declare(${package} GIT_REPOSITORY ${repository} GIT_TAG ${commit}
                         SOURCE_SUBDIR "${package_project}" SYSTEM)
    FetchContent_MakeAvailable(${package})
    if(package_project)
      add_library(${target} INTERFACE IMPORTED GLOBAL)
      target_include_directories(${target} SYSTEM INTERFACE ${${package_name}_SOURCE_DIR}/${ARGN})
    endif()
  elseif(NOT TARGET ${target})
    message(FATAL_ERROR "qsm needs ${package} ${version} or newer: install it (Debian: ${debian}, vcpkg: see "
                        "vcpkg.json), name its place in CMAKE_PREFIX_PATH, or configure with -DQSM_DOWNLOADS=ON")
  endif()
endmacro()
