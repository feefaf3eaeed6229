//go:build race

package main

// raceMemory is how many times as much memory a program may take with the race detector: 5 to 10
// (go.dev/doc/articles/race_detector, "Runtime Overhead"). What it takes without is held by the run
// without.
const raceMemory = 10
