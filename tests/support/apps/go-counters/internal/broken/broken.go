// Package broken has a test that does not compile.
package broken
