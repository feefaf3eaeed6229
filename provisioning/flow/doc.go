// Package flow tells the way of a request as steps, each with who does it and what follows: annex
// F-007 of procedure PE-DS-DGTI-011. Of computes it from the organisation's rules by the same moves
// that requests and lines make, so that it says what the software does. Words and drawing are others'.
package flow
