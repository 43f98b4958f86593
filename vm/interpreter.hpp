// SPDX-License-Identifier: MIT
#pragma once

#include "vm/frame.hpp"
#include "vm/tracer.hpp"

namespace cairn::vm {

/// Runs a frame from `f.pc` one instruction after another, each checked and charged by itself, until it ends or
/// wants a call (`f.exit`; after the call it goes on at `f.pc`). The definition of what every instruction does:
/// the fast interpreter is tested against it, traces come from it, and it finds exact failures.
///
/// @param tracer  told of each instruction; may be null
void run_plain(Frame& f, Tracer* tracer);

/// Runs a frame from `f.resume` through its decoded code until it ends, wants a call, or cannot pay for or fit a
/// stretch (`f.exit`; then `f.pc` is where the plain interpreter takes over).
void run_fast(Frame& f);

}  // namespace cairn::vm
