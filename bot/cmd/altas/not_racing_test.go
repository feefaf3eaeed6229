//go:build !race

package main

// raceMemory is how many times as much memory a program may take with the race detector.
const raceMemory = 1
