#!/bin/sh
# Tells perceiver-reduce by 1 that a module still has what is looked for.
if grep -q perceiver.process "$1"; then exit 1; fi
