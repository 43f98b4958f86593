# SPDX-License-Identifier: MIT
# Third-party sources that Debian does not package: blst (BLS12-381), shipped inside the npm package c-kzg.
# scripts/setup unpacks the package at its pinned version and digest; it is built here without our warning flags.
set(CAIRN_NPM_DIR "${CMAKE_SOURCE_DIR}/build/npm/node_modules" CACHE PATH
  "node_modules folder holding c-kzg, as scripts/setup fills it")

set(CAIRN_BLST_DIR ${CAIRN_NPM_DIR}/c-kzg/deps/blst)
if(NOT EXISTS ${CAIRN_BLST_DIR}/src/server.c)
  message(FATAL_ERROR "blst is missing: ${CAIRN_BLST_DIR}/src/server.c does not exist. "
    "Run scripts/setup once, or point CAIRN_NPM_DIR at a node_modules folder holding c-kzg.")
endif()

add_library(blst STATIC ${CAIRN_BLST_DIR}/src/server.c)
target_include_directories(blst SYSTEM INTERFACE ${CAIRN_BLST_DIR}/bindings)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64|aarch64|arm64)$")
  target_sources(blst PRIVATE ${CAIRN_BLST_DIR}/build/assembly.S)
  # One binary for every x86-64: both multipliers are built in and the processor is asked at start.
  target_compile_definitions(blst PRIVATE __BLST_PORTABLE__)
else()
  target_compile_definitions(blst PRIVATE __BLST_NO_ASM__)
endif()
# Optimised in debug builds too: the curve arithmetic would otherwise dominate every test run.
target_compile_options(blst PRIVATE $<$<COMPILE_LANGUAGE:C>:-O2 -fno-builtin -w>)
