package postgres

import (
	"errors"
	"net"
	"syscall"
)

// isAlive is false if the server hung up while the connection was idle; it costs no round trip.
//
// A server has nothing to say between two questions. If there is something to read, it is the
// end, or else so rare (a changed setting) that a new connection is as good.
func isAlive(conn net.Conn) bool {
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn()
	}
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	var peeked error
	// Not raw.Read: pgx may have left a read pending in the background, for which that would wait.
	err = raw.Control(func(fd uintptr) {
		_, _, peeked = syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK)
	})
	return err == nil && errors.Is(peeked, syscall.EAGAIN)
}
