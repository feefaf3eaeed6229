// Package pdf prints documents: blocks of text, tables and images go in, a tagged PDF/A-2a file
// comes out. A caller builds a Document and gives it to an Engine.
package pdf
