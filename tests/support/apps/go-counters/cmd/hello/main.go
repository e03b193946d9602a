// Prints a greeting; it is not the server.
package main

func main() {
	println("hello")
}
