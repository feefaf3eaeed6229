// Package diagram draws flow charts: a column of steps, and beside each what leads away from it. It
// knows nothing of what they mean. Lay a Chart out once with Draw; the Picture is written as SVG and
// as PNG, the same for the same Chart.
package diagram
